import { type Dialect, kraken, rfc6749, twitch } from "@codegrant/protocol";
import type { IdentitySource, Provider } from "../provider.ts";

export type CodegrantDialect = "rfc6749" | "twitch" | "kraken";

export interface CodegrantProviderOptions {
  /** For people; "Codegrant" if the platform has no name of its own. */
  readonly title?: string | undefined;
  /** Where the endpoints are mounted, if a host of the server has put them elsewhere. */
  readonly path?: string | undefined;
  /** For a platform of one's own in a container network. */
  readonly insecureHttp?: boolean | undefined;
}

/**
 * A Codegrant server as a provider, in one of the dialects it speaks. Throws `TypeError` if the address is none.
 *
 * @example
 * const provider = codegrantProvider("http://localhost:8080", "twitch");
 */
export function codegrantProvider(
  baseUrl: string,
  dialect: CodegrantDialect,
  options: CodegrantProviderOptions = {},
): Provider {
  if (!URL.canParse(baseUrl)) throw new TypeError("The server's address is not a URL, such as http://localhost:8080.");
  const mount = mounts[dialect];
  // The issuer has no slash at its end, and is compared byte for byte.
  const issuer = baseUrl.replace(/\/$/, "");
  const at = issuer + (options.path ?? mount.path);
  return {
    // A code or token is good only in the dialect it was given in, so each has connections of its own.
    name: `codegrant-${dialect}`,
    title: options.title ?? "Codegrant",
    dialect: mount.dialect,
    endpoints: {
      authorize: `${at}/authorize`,
      token: `${at}/token`,
      device: `${at}/device`,
      revoke: `${at}/revoke`,
      validate: mount.canValidate ? `${at}/validate` : undefined,
      userinfo: mount.userinfoPath === undefined ? undefined : issuer + mount.userinfoPath,
      introspect: mount.canIntrospect ? `${at}/introspect` : undefined,
    },
    pkce: mount.pkce,
    issuer,
    issuerInCallback: mount.dialect.authorize.issuerInResponse,
    clientAuthentication: mount.clientAuthentication,
    codeNeedsSecret: false,
    revokeTakesSecret: mount.revokeTakesSecret,
    // A refresh token ends the grant with everything of it.
    revocation: { sends: ["refresh_token"] },
    refresh: { rotates: "always", onReuse: "ends_grant", graceSeconds: 90 * 86_400, idleLifetimeSeconds: 90 * 86_400 },
    publicRefresh: { graceSeconds: 86_400, idleLifetimeSeconds: mount.publicIdleLifetimeSeconds },
    identity: mount.identity,
    api: { baseUrl: issuer, headers: mount.apiHeaders },
    insecureHttp: options.insecureHttp,
    sources: ["https://www.rfc-editor.org/rfc/rfc6749"],
    verifiedOn: "2026-11",
  };
}

interface Mount {
  readonly dialect: Dialect;
  readonly path: string;
  readonly canValidate: boolean;
  readonly canIntrospect: boolean;
  readonly userinfoPath?: string;
  readonly pkce: Provider["pkce"];
  readonly clientAuthentication: Provider["clientAuthentication"];
  readonly revokeTakesSecret: boolean;
  readonly publicIdleLifetimeSeconds: number;
  readonly identity: readonly IdentitySource[];
  readonly apiHeaders?: Readonly<Record<string, string>>;
}

const twitchMount: Mount = {
  dialect: twitch,
  path: "/oauth2",
  canValidate: true,
  canIntrospect: false,
  pkce: "ok",
  clientAuthentication: "post",
  revokeTakesSecret: false,
  publicIdleLifetimeSeconds: 30 * 86_400,
  identity: [{ from: "validate", id: ["user_id"], login: ["login"] }],
  apiHeaders: { "client-id": "{clientId}" },
};

const mounts: Readonly<Record<CodegrantDialect, Mount>> = {
  twitch: twitchMount,
  kraken: {
    ...twitchMount,
    dialect: kraken,
    path: "/kraken/oauth2",
    canValidate: false,
    userinfoPath: "/kraken",
    identity: [{ from: "userinfo", id: ["token", "user_id"], login: ["token", "user_name"] }],
  },
  rfc6749: {
    dialect: rfc6749,
    path: "/oauth",
    canValidate: false,
    canIntrospect: true,
    pkce: "required",
    clientAuthentication: "basic",
    revokeTakesSecret: true,
    publicIdleLifetimeSeconds: 90 * 86_400,
    identity: [{ from: "introspect", id: ["sub"], login: ["username"] }],
  },
};
