import type { PlatformSettings } from "./platform.ts";

const day = 86_400;

/** What every platform has to say for itself; the rest has a default. */
export type SettingsInput = Pick<PlatformSettings, "name" | "issuer" | "scopes"> & Partial<PlatformSettings>;

/**
 * Settings with their gaps filled. Throws a `TypeError` for an issuer that clients could not compare byte for byte.
 *
 * @example
 * ```ts
 * const settings = createSettings({
 *   name: "Photo club",
 *   issuer: "https://photos.example.com/connect",
 *   scopes: createScopeCatalogue([
 *     { name: "photos:read", description: "see your photos", sensitive: false, group: "Photos" },
 *   ]),
 * });
 * ```
 */
export function createSettings(input: SettingsInput): PlatformSettings {
  checkIssuer(input.issuer);
  return {
    passwordHelp: "Ask the person who runs this server for a link to set a new one.",
    sessionLifetimeSeconds: 30 * day,
    codeLifetimeSeconds: 60,
    refreshWindows: { retrySeconds: 30, lateSeconds: 90 * day, publicLateSeconds: day },
    ...input,
  };
}

function checkIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const normal = url && `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  if (url === undefined || !/^https?:$/.test(url.protocol) || issuer !== normal)
    throw new TypeError(`The issuer must be an address like ${normal ?? "https://id.example.com"}, not ${issuer}`);
}
