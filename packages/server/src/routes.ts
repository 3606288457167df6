import { type Dialect, helix, kraken, rfc6749, twitch } from "@codegrant/protocol";
import { basePathOf } from "./browser.ts";
import { passwordEndpoint, signOutEndpoint } from "./endpoints/account.ts";
import { applicationEndpoint } from "./endpoints/application.ts";
import { authorizeEndpoint } from "./endpoints/authorize.ts";
import { connectionsEndpoint } from "./endpoints/connections.ts";
import { crossOrigin } from "./endpoints/cross-origin.ts";
import { deviceEndpoint } from "./endpoints/device.ts";
import { devicePageEndpoint } from "./endpoints/device-page.ts";
import { scopesEndpoint } from "./endpoints/documents.ts";
import { healthEndpoint } from "./endpoints/health.ts";
import { homeEndpoint } from "./endpoints/home.ts";
import { type HowToMount, howToEndpoint } from "./endpoints/how-to.ts";
import { introspectEndpoint } from "./endpoints/introspect.ts";
import { metadataEndpoint } from "./endpoints/metadata.ts";
import { passwordChangeEndpoint } from "./endpoints/password-change.ts";
import { helixUsersEndpoint, krakenUserEndpoint } from "./endpoints/resource.ts";
import { revokeEndpoint } from "./endpoints/revoke.ts";
import { sessionsEndpoint } from "./endpoints/sessions.ts";
import { signUpEndpoint } from "./endpoints/sign-up.ts";
import { stylesheetEndpoint } from "./endpoints/stylesheet.ts";
import { tokenEndpoint } from "./endpoints/token.ts";
import { krakenRootEndpoint, validateEndpoint } from "./endpoints/validate.ts";
import { lookOf } from "./look.ts";
import type { Endpoint } from "./message.ts";
import type { Platform } from "./platform.ts";

/** Where a dialect's endpoints stand. What they do is the same code; how they speak is the dialect. */
export interface Mount {
  readonly path: string;
  readonly dialect: Dialect;
  readonly endpoint: DialectEndpoint;
}

export type DialectEndpoint = (platform: Platform, dialect: Dialect) => Endpoint;

/** RFC 8414, 3. */
const metadataPath = "/.well-known/oauth-authorization-server";

/**
 * The sets of addresses a server can have. One that speaks Twitch speaks RFC 6749 too, at `/oauth/…`, since strict
 * clients cannot read Twitch.
 */
export const mounts: Readonly<Record<MountsName, readonly Mount[]>> = {
  twitch: [
    ...mountsOf("/oauth2", twitch, { validate: validateEndpoint }),
    // Here, and below `/mock`, is where the mock modes of Twitch's own clients look.
    ...mountsOf("/auth", twitch, { validate: validateEndpoint }),
    ...mountsOf("/kraken/oauth2", kraken),
    { path: "/kraken", dialect: kraken, endpoint: krakenRootEndpoint },
    { path: "/kraken/user", dialect: kraken, endpoint: krakenUserEndpoint },
    { path: "/helix/users", dialect: helix, endpoint: helixUsersEndpoint },
    { path: "/mock/users", dialect: helix, endpoint: helixUsersEndpoint },
    ...describedMountsOf("/oauth", rfc6749),
  ],
  // At `/oauth/…` too: there RFC 6749 stands on every server, so that a client needs to know no more.
  rfc6749: [...describedMountsOf("/oauth2", rfc6749), ...mountsOf("/oauth", rfc6749)],
};

export type MountsName = "twitch" | "rfc6749";

/**
 * Every address of a server, compared exactly: no case folding, no slash added or taken away. All lie below the
 * issuer's path; the metadata document also where RFC 8414, 3.1 puts it for an issuer with a path.
 */
export function createRoutes(platform: Platform, mounted: readonly Mount[]): ReadonlyMap<string, Endpoint> {
  const basePath = basePathOf(platform);
  const below = routesBelow(platform, mounted);
  const routes = new Map([...below].map(([path, endpoint]) => [`${basePath}${path}`, endpoint]));
  const metadata = below.get(metadataPath);
  const home = below.get("/");
  if (home !== undefined && basePath !== "") routes.set(basePath, home);
  if (metadata !== undefined) routes.set(`${metadataPath}${basePath}`, metadata);
  return routes;
}

function routesBelow(platform: Platform, mounted: readonly Mount[]): ReadonlyMap<string, Endpoint> {
  const look = lookOf(platform.settings);
  const howTo = howToMountOf(mounted);
  const offers = {
    pkceSwitch: mounted.some(({ dialect }) => dialect.pkce.requiredForConfidential),
    tryNeedsPkce: howTo.dialect.pkce.requiredForConfidential,
  };
  return new Map<string, Endpoint>([
    ["/", homeEndpoint(platform)],
    ["/settings/connections", connectionsEndpoint(platform, offers)],
    ["/settings/application", applicationEndpoint(platform, offers)],
    ...(platform.accounts === undefined ? ownAccountRoutes(platform) : []),
    ["/device", devicePageEndpoint(platform)],
    ["/docs/authorization-code", howToEndpoint(platform, howTo)],
    ["/docs/scopes", scopesEndpoint(platform)],
    ["/healthz", healthEndpoint(platform)],
    [look.stylesheetPath, stylesheetEndpoint(look)],
    ...mounted.map(({ path, dialect, endpoint }) => [path, endpoint(platform, dialect)] as const),
  ]);
}

/** The how-to shows the endpoints below `/oauth2`, which every set of mounts has. */
function howToMountOf(mounted: readonly Mount[]): HowToMount {
  const path = "/oauth2";
  const dialect = mounted.find((mount) => mount.path === `${path}/authorize`)?.dialect ?? rfc6749;
  const has = (address: string): boolean =>
    mounted.some((mount) => mount.path === address && mount.dialect.family === dialect.family);
  return { path, dialect, canValidate: has(`${path}/validate`), hasMetadata: has(metadataPath) };
}

/** What only users of our own need: a host has its own pages for these. */
function ownAccountRoutes(platform: Platform): readonly (readonly [string, Endpoint])[] {
  return [
    ["/account/password", passwordEndpoint(platform)],
    ["/sign-out", signOutEndpoint(platform)],
    ["/settings/sessions", sessionsEndpoint(platform)],
    ["/settings/password", passwordChangeEndpoint(platform)],
    ...(platform.settings.signUp === undefined ? [] : [["/sign-up", signUpEndpoint(platform)] as const]),
  ];
}

function mountsOf(
  prefix: string,
  dialect: Dialect,
  more: Readonly<Record<string, DialectEndpoint>> = {},
): readonly Mount[] {
  const calls = { token: tokenEndpoint, revoke: revokeEndpoint, device: deviceEndpoint };
  const endpoints = {
    ...(dialect.browserOriginsMayCall ? mapValues(calls, callableByPages) : calls),
    authorize: authorizeEndpoint,
    introspect: introspectEndpoint,
    ...more,
  };
  return Object.entries(endpoints).map(([name, endpoint]) => ({ path: `${prefix}/${name}`, dialect, endpoint }));
}

/** The endpoints of RFC 6749 below a prefix, with the document that names them (RFC 8414). */
function describedMountsOf(prefix: string, dialect: Dialect): readonly Mount[] {
  const endpoint: DialectEndpoint = (platform) => metadataEndpoint(platform, dialect, prefix);
  return [...mountsOf(prefix, dialect), { path: metadataPath, dialect, endpoint }];
}

function callableByPages(endpoint: DialectEndpoint): DialectEndpoint {
  return (platform, dialect) => crossOrigin(platform, endpoint(platform, dialect));
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
