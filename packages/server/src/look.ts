import { createLook, type Look } from "./pages/look.ts";
import type { PlatformSettings } from "./platform.ts";

/** What the settings say of the pages' look; asked on every request, so made once. */
export function lookOf(settings: PlatformSettings): Look {
  let look = known.get(settings);
  if (look === undefined) {
    look = createLook(settings.look ?? {});
    known.set(settings, look);
  }
  return look;
}

const known = new WeakMap<PlatformSettings, Look>();
