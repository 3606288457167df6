import type { Provider } from "../provider.ts";
import { discord } from "./discord.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { google } from "./google.ts";
import { microsoft } from "./microsoft.ts";
import { slack } from "./slack.ts";
import { spotify } from "./spotify.ts";
import { twitch } from "./twitch.ts";

/** Every provider there is by name. */
export const providers: readonly Provider[] = [twitch, github, google, discord, spotify, microsoft, slack, gitlab];

/** The provider of this name, in any case; `undefined` if there is none. */
export function findProvider(name: string): Provider | undefined {
  return providers.find((provider) => provider.name === name.toLowerCase());
}
