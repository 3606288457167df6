import type { Provider } from "../provider.ts";
import { apple } from "./apple.ts";
import { atlassian } from "./atlassian.ts";
import { bitbucket } from "./bitbucket.ts";
import { discord } from "./discord.ts";
import { dropbox } from "./dropbox.ts";
import { facebook, facebookProvider } from "./facebook.ts";
import { github } from "./github.ts";
import { gitlab, gitlabProvider } from "./gitlab.ts";
import { google } from "./google.ts";
import { hubspot } from "./hubspot.ts";
import { linear } from "./linear.ts";
import { linkedin } from "./linkedin.ts";
import { microsoft, microsoftProvider } from "./microsoft.ts";
import { notion } from "./notion.ts";
import { reddit } from "./reddit.ts";
import { salesforce, salesforceProvider } from "./salesforce.ts";
import { shopifyProvider } from "./shopify.ts";
import { slack } from "./slack.ts";
import { spotify } from "./spotify.ts";
import { strava } from "./strava.ts";
import { stripe } from "./stripe.ts";
import { tiktok } from "./tiktok.ts";
import { twitch } from "./twitch.ts";
import { x } from "./x.ts";
import { youtube } from "./youtube.ts";
import { zoom } from "./zoom.ts";

/** Every provider there is by name. Whoever names one imports that one: this list holds them all. */
export const providers: readonly Provider[] = [
  twitch,
  github,
  google,
  youtube,
  discord,
  spotify,
  microsoft,
  slack,
  apple,
  facebook,
  linkedin,
  x,
  reddit,
  dropbox,
  notion,
  zoom,
  strava,
  salesforce,
  hubspot,
  tiktok,
  gitlab,
  bitbucket,
  atlassian,
  stripe,
  linear,
];

/** Providers with a place of their own per customer: a host, a tenant, a shop, a version. */
const placed: Readonly<Record<string, (place: string) => Provider>> = {
  facebook: facebookProvider,
  gitlab: (host) => gitlabProvider(`https://${host}`),
  microsoft: microsoftProvider,
  salesforce: salesforceProvider,
  shopify: shopifyProvider,
};

/** The names that take a place: `gitlab@gitlab.example.org`, `microsoft@TENANT`, `shopify@my-shop`. */
export const placedProviders: readonly string[] = Object.keys(placed);

/**
 * The provider of this name, in any case, or of a name with its place, such as `shopify@my-shop`; `undefined` if there
 * is none. Throws `TypeError` if the place is none of that provider's.
 */
export function findProvider(name: string): Provider | undefined {
  const [word = "", place] = name.toLowerCase().split("@", 2);
  if (place === undefined) return providers.find((provider) => provider.name === word);
  return Object.hasOwn(placed, word) ? placed[word]?.(place) : undefined;
}
