import type { Dialect } from "../dialect.ts";
import { helix } from "./helix.ts";
import { kraken } from "./kraken.ts";
import { rfc6749 } from "./rfc6749.ts";
import { twitch } from "./twitch.ts";

/** Every dialect there is. */
export const dialects: readonly Dialect[] = [rfc6749, twitch, kraken, helix];

export { helix, kraken, rfc6749, twitch };
