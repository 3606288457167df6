import type { Platform } from "../platform.ts";

/** What a developer points an application at. */
export interface ShownAddresses {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
}

/** The endpoints of the dialect that is mounted below a path; every set of mounts has one below `/oauth2`. */
export function addressesBelow({ settings }: Platform, path: string): ShownAddresses {
  return { authorizeUrl: `${settings.issuer}${path}/authorize`, tokenUrl: `${settings.issuer}${path}/token` };
}
