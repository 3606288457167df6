import type { Platform, PlatformSettings } from "./platform.ts";

/** What follows from the issuer's URL; asked on every request, so worked out once. */
export interface Site {
  readonly origin: string;
  /** The issuer's path, without a slash at its end: "" at the root. */
  readonly basePath: string;
  readonly isSecure: boolean;
  /**
   * `__Host-` keeps sibling hosts from setting our cookies. Over http on loopback plain names: HTTP clients return no
   * Secure cookie there; with the port in them, since cookies do not keep two servers on one host apart.
   */
  cookieName(use: string): string;
}

export function siteOf({ settings }: Pick<Platform, "settings">): Site {
  let site = known.get(settings);
  if (site === undefined) {
    site = readSite(settings.issuer);
    known.set(settings, site);
  }
  return site;
}

const known = new WeakMap<PlatformSettings, Site>();

function readSite(issuer: string): Site {
  const { origin, pathname, protocol, port } = new URL(issuer);
  const isSecure = protocol === "https:";
  const ending = port && `-${port}`;
  return {
    origin,
    basePath: pathname === "/" ? "" : pathname,
    isSecure,
    cookieName: (use) => (isSecure ? `__Host-codegrant-${use}` : `codegrant-${use}${ending}`),
  };
}
