import { type Dialect, kraken, rfc6749, twitch } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";

export type CodegrantDialect = "rfc6749" | "twitch" | "kraken";

export interface CodegrantProviderOptions {
  /** For people; "Codegrant" if the platform has no name of its own. */
  readonly title?: string | undefined;
  /** Where the endpoints are mounted, if not at the dialect's usual path. */
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
    name: "codegrant",
    title: options.title ?? "Codegrant",
    dialect: mount.dialect,
    endpoints: {
      authorize: `${at}/authorize`,
      token: `${at}/token`,
      revoke: `${at}/revoke`,
      validate: mount.canValidate ? `${at}/validate` : undefined,
    },
    pkce: mount.pkce,
    issuer,
    issuerInCallback: mount.dialect.authorize.issuerInResponse,
    clientAuthentication: mount.clientAuthentication,
    codeNeedsSecret: false,
    revokeTakesSecret: mount.revokeTakesSecret,
    insecureHttp: options.insecureHttp,
    sources: ["https://www.rfc-editor.org/rfc/rfc6749"],
    verifiedOn: "2026-11",
  };
}

interface Mount {
  readonly dialect: Dialect;
  readonly path: string;
  readonly canValidate: boolean;
  readonly pkce: Provider["pkce"];
  readonly clientAuthentication: Provider["clientAuthentication"];
  readonly revokeTakesSecret: boolean;
}

const twitchMount: Mount = {
  dialect: twitch,
  path: "/oauth2",
  canValidate: true,
  pkce: "ok",
  clientAuthentication: "post",
  revokeTakesSecret: false,
};

const mounts: Readonly<Record<CodegrantDialect, Mount>> = {
  twitch: twitchMount,
  kraken: { ...twitchMount, dialect: kraken, path: "/kraken/oauth2", canValidate: false },
  rfc6749: {
    dialect: rfc6749,
    path: "/oauth",
    canValidate: false,
    pkce: "required",
    clientAuthentication: "basic",
    revokeTakesSecret: true,
  },
};
