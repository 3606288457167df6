import { type Dialect, helix, kraken, rfc6749, twitch } from "@codegrant/protocol";
import { passwordEndpoint, signOutEndpoint } from "./endpoints/account.ts";
import { authorizeEndpoint } from "./endpoints/authorize.ts";
import { connectionsEndpoint } from "./endpoints/connections.ts";
import { scopesEndpoint } from "./endpoints/documents.ts";
import { healthEndpoint } from "./endpoints/health.ts";
import { homeEndpoint } from "./endpoints/home.ts";
import { helixUsersEndpoint, krakenUserEndpoint } from "./endpoints/resource.ts";
import { revokeEndpoint } from "./endpoints/revoke.ts";
import { stylesheetEndpoint } from "./endpoints/stylesheet.ts";
import { tokenEndpoint } from "./endpoints/token.ts";
import { krakenRootEndpoint, validateEndpoint } from "./endpoints/validate.ts";
import type { Endpoint } from "./message.ts";
import { stylesheetPath } from "./pages/index.ts";
import type { Platform } from "./platform.ts";

/** Where a dialect's endpoints stand. What they do is the same code; how they speak is the dialect. */
export interface Mount {
  readonly path: string;
  readonly dialect: Dialect;
  readonly endpoint: DialectEndpoint;
}

export type DialectEndpoint = (platform: Platform, dialect: Dialect) => Endpoint;

/**
 * The sets of addresses a server can have. One that speaks Twitch speaks RFC 6749 too, at `/oauth/…`, since strict
 * clients cannot read Twitch.
 */
export const mounts: Readonly<Record<MountsName, readonly Mount[]>> = {
  twitch: [
    ...mountsOf("/oauth2", twitch, { validate: validateEndpoint }),
    // Where the mock modes of Twitch's own clients look.
    ...mountsOf("/auth", twitch, { validate: validateEndpoint }),
    ...mountsOf("/kraken/oauth2", kraken),
    { path: "/kraken", dialect: kraken, endpoint: krakenRootEndpoint },
    { path: "/kraken/user", dialect: kraken, endpoint: krakenUserEndpoint },
    { path: "/helix/users", dialect: helix, endpoint: helixUsersEndpoint },
    ...mountsOf("/oauth", rfc6749),
  ],
  rfc6749: mountsOf("/oauth2", rfc6749),
};

export type MountsName = "twitch" | "rfc6749";

/** Every address of a server, compared exactly: no case folding, no slash added or taken away. */
export function createRoutes(platform: Platform, mounted: readonly Mount[]): ReadonlyMap<string, Endpoint> {
  return new Map<string, Endpoint>([
    ["/", homeEndpoint(platform)],
    ["/settings/connections", connectionsEndpoint(platform)],
    ["/account/password", passwordEndpoint(platform)],
    ["/sign-out", signOutEndpoint(platform)],
    ["/docs/scopes", scopesEndpoint(platform)],
    ["/healthz", healthEndpoint(platform)],
    [stylesheetPath, stylesheetEndpoint()],
    ...mounted.map(({ path, dialect, endpoint }) => [path, endpoint(platform, dialect)] as const),
  ]);
}

function mountsOf(
  prefix: string,
  dialect: Dialect,
  more: Readonly<Record<string, DialectEndpoint>> = {},
): readonly Mount[] {
  const endpoints = { authorize: authorizeEndpoint, token: tokenEndpoint, revoke: revokeEndpoint, ...more };
  return Object.entries(endpoints).map(([name, endpoint]) => ({ path: `${prefix}/${name}`, dialect, endpoint }));
}
