import { FlowError, parseServerMetadata, type ServerMetadata } from "@codegrant/protocol";
import { advise } from "./advice.ts";
import { defineProvider, type ProviderColumns } from "./define-provider.ts";
import type { Endpoints, IdentitySource, Provider } from "./provider.ts";
import { type CallOptions, read, send } from "./transport.ts";

export interface DiscoveryOptions extends CallOptions {
  /** For a platform of one's own in a container network: http beyond this machine. */
  readonly insecureHttp?: boolean | undefined;
  /** What you know better than its metadata, such as `pkce` for a server that does not tell. */
  readonly columns?: Partial<Omit<Provider, "issuer" | "endpoints">> | undefined;
}

/**
 * Any server that publishes what it is: RFC 8414, else OpenID Connect Discovery. The document must name the issuer
 * that was asked for, byte for byte. Where it offers `offline_access`, each login asks for it, and at an OpenID provider
 * with `prompt=consent`, without which it may be ignored (OpenID Connect Core, 11); `columns` may say otherwise:
 * `offlineScopes: []`, `prompt: []`. Sends nothing but two GETs, and follows no redirect. Throws a `ConnectionError`:
 * `ERR_NO_METADATA`, `ERR_ISSUER_MISMATCH`, `ERR_PKCE_UNSUPPORTED`; `TypeError` if the issuer is no such address.
 *
 * @example
 * const provider = await discoverProvider("https://id.example.org");
 */
export async function discoverProvider(issuer: string, options: DiscoveryOptions = {}): Promise<Provider> {
  const { insecureHttp, columns = {} } = options;
  const url = parseIssuer(issuer, insecureHttp === true);
  const provider = { name: url.host, title: columns.title ?? url.host };
  try {
    const metadata = await findMetadata(issuer, url, options);
    if (columns.pkce === undefined) checkChallengeMethods(metadata);
    return defineProvider({ ...provider, ...columnsOf(metadata), insecureHttp, ...columns });
  } catch (error) {
    throw advise(error, { provider, rows: discoveryRows });
  }
}

export const discoveryRows = {
  ERR_PKCE_UNSUPPORTED: {
    actor: "developer",
    retryable: false,
    hint: 'No secret was sent. If {provider} has PKCE and does not tell, or you accept that it has none, say so in `columns`: `pkce: "ok"`, or `pkce: "ignored"`.',
  },
  ERR_NO_METADATA: {
    actor: "developer",
    retryable: false,
    hint: "Check the issuer's address, byte for byte. If {provider} publishes nothing, give its endpoints to `defineProvider`.",
  },
} as const;

/** An issuer has no query and no fragment (RFC 8414, 2), and its text is compared, so it is never re-written. */
function parseIssuer(issuer: string, insecureHttp: boolean): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url === undefined || /[?#]/.test(issuer) || url.username !== "" || url.password !== "") {
    throw new TypeError("The issuer must be an address without a query, such as https://id.example.org.");
  }
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && (isLoopback || insecureHttp))) {
    throw new TypeError("The issuer must be an https address (http on this machine only).");
  }
  return url;
}

/** A page that is no document, as many servers answer anything with one, is none; another issuer's is the end. */
async function findMetadata(issuer: string, url: URL, options: CallOptions): Promise<ServerMetadata> {
  for (const address of metadataAddresses(issuer, url)) {
    try {
      const answer = await send(address, { headers: { accept: "application/json" } }, options);
      return read(answer, (one) => parseServerMetadata(one, issuer));
    } catch (error) {
      const isNone = error instanceof FlowError && error.code === "ERR_RESPONSE_SHAPE";
      if (!isNone || (error.status !== undefined && error.status >= 500)) throw error;
    }
  }
  throw new FlowError("ERR_NO_METADATA", `${issuer} publishes no metadata document.`);
}

/** Before the path, then after it (RFC 8414, 3.1 and 5; OpenID Connect Discovery, 4). */
function metadataAddresses(issuer: string, { origin, pathname }: URL): readonly string[] {
  const path = pathname.replace(/\/$/, "");
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
  ];
}

/** Whether a challenge protects anything is known only from here (RFC 9700, 2.1.1), so nothing is guessed. */
function checkChallengeMethods({ codeChallengeMethodsSupported }: ServerMetadata): void {
  if (codeChallengeMethodsSupported?.includes("S256") === true) return;
  throw new FlowError("ERR_PKCE_UNSUPPORTED", "The metadata does not offer PKCE with S256.");
}

function columnsOf(metadata: ServerMetadata): Omit<ProviderColumns, "name"> {
  return {
    issuer: metadata.issuer,
    endpoints: endpointsOf(metadata),
    pkce: "ok",
    issuerInCallback: metadata.authorizationResponseIssParameterSupported === true,
    clientAuthentication: authenticationOf(metadata),
    identity: identitySourcesOf(metadata),
    ...offlineAccessOf(metadata),
    api: { baseUrl: new URL(metadata.issuer).origin },
  };
}

function endpointsOf(metadata: ServerMetadata): Endpoints {
  const { authorizationEndpoint: authorize, tokenEndpoint: token } = metadata;
  if (authorize === undefined || token === undefined) {
    throw new FlowError("ERR_NO_METADATA", "The metadata names no authorization or no token endpoint.");
  }
  return {
    authorize,
    token,
    device: metadata.deviceAuthorizationEndpoint,
    revoke: metadata.revocationEndpoint,
    userinfo: metadata.userinfoEndpoint,
    introspect: metadata.introspectionEndpoint,
    jwks: metadata.jwksUri,
  };
}

/** Basic where nothing is said (RFC 8414, 2). */
function authenticationOf({ tokenEndpointAuthMethodsSupported: methods }: ServerMetadata): "basic" | "post" {
  const takesPostOnly = methods?.includes("client_secret_post") === true && !methods.includes("client_secret_basic");
  return takesPostOnly ? "post" : "basic";
}

/**
 * Where it is offered it is what a refresh token takes, and an OpenID provider ignores it without `prompt=consent`
 * unless it has conditions of its own, which no metadata tells (OpenID Connect Core, 11).
 */
function offlineAccessOf({ scopesSupported = [] }: ServerMetadata): Pick<ProviderColumns, "offlineScopes" | "prompt"> {
  const offlineScopes = scopesSupported.filter((scope) => scope === "offline_access");
  const mustShowPage = offlineScopes.length > 0 && scopesSupported.includes("openid");
  return { offlineScopes, prompt: mustShowPage ? ["consent"] : undefined };
}

function identitySourcesOf({ userinfoEndpoint, introspectionEndpoint }: ServerMetadata): readonly IdentitySource[] {
  const ofOpenId = { id: ["sub"], login: ["preferred_username"] };
  return [
    { from: "id_token", ...ofOpenId },
    ...(userinfoEndpoint === undefined ? [] : [{ from: "userinfo", ...ofOpenId, needsScope: ["openid"] } as const]),
    ...(introspectionEndpoint === undefined ? [] : [{ from: "introspect", id: ["sub"], login: ["username"] } as const]),
  ];
}
