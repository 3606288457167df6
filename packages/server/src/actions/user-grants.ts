import type { Platform } from "../platform.ts";
import { recordEvent } from "./record-event.ts";

/**
 * Ends all that applications may do for a user, codes and tokens alike, at once and for good. For a platform that keeps
 * its own users: call it when one of them changes the password, is disabled or is deleted.
 *
 * @example
 * ```ts
 * await endUserGrants(platform, "member-42", "password");
 * ```
 */
export async function endUserGrants(
  platform: Platform,
  userId: string,
  why: "password" | "user" = "user",
): Promise<void> {
  await platform.store.endUserGrants(userId, { at: platform.now(), why });
  await recordEvent(platform, { event: "user.grantsEnded", userId, detail: why });
}
