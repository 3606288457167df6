import { checkRedirectUriRegistration } from "@codegrant/protocol";
import type { Application, ApplicationSettings } from "../records.ts";
import type { ScopeCatalogue } from "../scope-catalogue.ts";
import { findDisplayTextProblem, looksAlike } from "./display-text.ts";
import { type InputProblem, problemOf } from "./input-error.ts";

export const maximumApplicationsPerOwner = 100;
export const maximumRedirectUris = 10;
const maximumListed = 100;

/** The name is shown where a user decides, so it may not pass for the platform itself (RFC 6819, 5.2.4.2). */
export function checkApplicationName(name: string, platformName: string): InputProblem | undefined {
  const problem = findDisplayTextProblem(name, { subject: "The name", minimum: 3, maximum: 100 });
  if (problem !== undefined) return { field: "name", problem };
  if (!looksAlike(name, platformName)) return undefined;
  return { field: "name", problem: `"${platformName}" is the name of this platform; choose another name.` };
}

/** Each URI is stored byte for byte as it was typed, so each is refused or taken whole. */
export function checkRedirectUris(
  uris: readonly string[],
  application: Pick<Application, "settings">,
): InputProblem | undefined {
  return problemOf("redirectUris", findRedirectUrisProblem(uris, application.settings.resourceServer === true));
}

function findRedirectUrisProblem(uris: readonly string[], sendsNobody: boolean): string | undefined {
  // A resource server asks about tokens and sends no user anywhere.
  if (uris.length === 0)
    return sendsNobody ? undefined : "Give at least one redirect URI, such as https://app.example/callback.";
  if (uris.length > maximumRedirectUris) return `At most ${maximumRedirectUris} redirect URIs can be registered.`;
  for (const uri of uris) {
    const problem = checkRedirectUriRegistration(uri);
    if (problem !== undefined) return problem.sentence;
  }
  return new Set(uris).size === uris.length ? undefined : "A redirect URI is listed twice; list it once.";
}

type Checked = Pick<Application, "type" | "redirectUris">;

/** The first rule that the settings break, as a problem of the field named like the setting. */
export function checkSettings(
  settings: ApplicationSettings,
  application: Checked,
  scopes: ScopeCatalogue,
): InputProblem | undefined {
  const broken = settingRules.find(({ breaks }) => breaks(settings, application, scopes));
  return broken && { field: broken.setting, problem: broken.sentence };
}

interface SettingRule {
  readonly setting: keyof ApplicationSettings;
  readonly breaks: (settings: ApplicationSettings, application: Checked, scopes: ScopeCatalogue) => boolean;
  readonly sentence: string;
}

const settingRules: readonly SettingRule[] = [
  {
    setting: "pkce",
    breaks: ({ pkce }, { type }) => pkce === "optional" && type === "public",
    sentence: "A public application always needs PKCE: without a secret nothing else proves who exchanges the code.",
  },
  {
    setting: "refreshRotation",
    breaks: ({ refreshRotation }, { type }) => refreshRotation === "off" && type === "public",
    sentence: "A public application's refresh tokens always rotate; only a confidential one may switch that off.",
  },
  {
    setting: "onReuse",
    breaks: ({ onReuse }, { type }) => onReuse === "refuse" && type === "public",
    sentence: "For a public application a reused refresh token always ends the grant.",
  },
  {
    setting: "trusted",
    breaks: ({ trusted }, { type, redirectUris }) =>
      trusted === true && (type === "public" || !redirectUris.every(leadsToAnHttpsHost)),
    sentence:
      "Only a confidential application with https redirect URIs beyond this machine can be trusted: its users are not asked.",
  },
  {
    setting: "resourceServer",
    breaks: ({ resourceServer }, { type }) => resourceServer === true && type === "public",
    sentence: "A resource server must be confidential, because it may ask about every application's tokens.",
  },
  {
    setting: "resources",
    breaks: ({ resources = [], resourceServer }) => resources.length > 0 && resourceServer !== true,
    sentence: "Only a resource server has resources.",
  },
  {
    setting: "resources",
    breaks: ({ resources = [] }) => resources.length > maximumListed || !resources.every(isResource),
    sentence: "A resource is an absolute URI without a fragment, such as https://api.example/.",
  },
  {
    setting: "origins",
    breaks: ({ origins = [] }, { type }) => origins.length > 0 && type !== "public",
    sentence: "Only a public application has browser origins; a confidential one would show its secret to the browser.",
  },
  {
    setting: "origins",
    breaks: ({ origins = [] }) => origins.length > maximumListed || !origins.every(isOrigin),
    sentence: "A browser origin is a scheme, a host and perhaps a port, such as https://app.example, and nothing else.",
  },
  {
    setting: "allowedScopes",
    breaks: ({ allowedScopes = [] }, _, scopes) => !allowedScopes.every((name) => scopes.find(name) !== undefined),
    sentence: "An allowed scope is not known here; `codegrant scopes list` shows those that are.",
  },
  {
    setting: "optionalScopes",
    breaks: ({ optionalScopes = [], allowedScopes }, _, scopes) =>
      !optionalScopes.every((name) => (allowedScopes?.includes(name) ?? true) && scopes.find(name) !== undefined),
    sentence: "An optional scope must be one that is known here and that the application may ask for.",
  },
  {
    setting: "category",
    breaks: ({ category }) =>
      category !== undefined &&
      findDisplayTextProblem(category, { subject: "The category", minimum: 1, maximum: 50 }) !== undefined,
    sentence: "A category is a plain name of at most 50 characters.",
  },
  {
    setting: "accessTokenLifetimeSeconds",
    breaks: ({ accessTokenLifetimeSeconds }) => !isWithin(accessTokenLifetimeSeconds, 60, 60 * 86_400),
    sentence: "An access token lives from 60 seconds to 60 days (5,184,000 seconds).",
  },
  {
    setting: "refreshTokenLifetimeSeconds",
    breaks: ({ refreshTokenLifetimeSeconds }) => !isWithin(refreshTokenLifetimeSeconds, 3_600, 730 * 86_400),
    sentence: "A refresh token lives from one hour (3,600 seconds) to two years (63,072,000 seconds).",
  },
];

function leadsToAnHttpsHost(uri: string): boolean {
  if (!uri.startsWith("https://") || !URL.canParse(uri)) return false;
  const { hostname } = new URL(uri);
  return !/(^|\.)localhost$/.test(hostname) && hostname !== "[::1]" && !/^127(\.\d{1,3}){3}$/.test(hostname);
}

function isWithin(seconds: number | undefined, least: number, most: number): boolean {
  return seconds === undefined || (Number.isInteger(seconds) && seconds >= least && seconds <= most);
}

const printable = /^[\x21-\x7e]{1,2000}$/;

/** RFC 8707, 2: "an absolute URI" that "MUST NOT include a fragment component". */
function isResource(resource: string): boolean {
  return printable.test(resource) && !resource.includes("#") && URL.canParse(resource);
}

/** Written exactly as a browser sends it, since it will be compared as text. */
function isOrigin(origin: string): boolean {
  if (!printable.test(origin) || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  const reachable = url.protocol === "https:" || (url.protocol === "http:" && loopbackHosts.has(url.hostname));
  return reachable && url.origin === origin;
}

const loopbackHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
