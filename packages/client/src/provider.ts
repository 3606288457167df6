import type { Dialect, Prompt } from "@codegrant/protocol";
import { revealed, type Secret } from "./secret.ts";

/**
 * A server that gives tokens, as data: where it listens, how it writes things down, and what it can do. No code asks
 * which provider it has, so another server is another record, and another oddity another column. A column that is
 * unset is not known, and nothing is done by it.
 */
export interface Provider {
  /** Short and lower-case: pending records, errors and stores are labelled with it. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Separators, names, error texts, the shape of the answers. */
  readonly dialect: Dialect;
  readonly endpoints: Endpoints;
  /**
   * With `required` and `ok` a flow without its verifier is refused. `ignored` and `harmful` are not sent, nor is one
   * where nobody has verified that it is taken.
   */
  readonly pkce: "required" | "ok" | "ignored" | "harmful" | "unverified";
  /** Byte for byte what the server calls itself (RFC 8414, 2). */
  readonly issuer?: string | undefined;
  /** Every callback names the issuer, so one that does not is refused (RFC 9207, 2.4). */
  readonly issuerInCallback: boolean;
  /** What `iss` of an ID token may be, where it is not the issuer; `{tid}` stands for that claim. */
  readonly idTokenIssuers?: readonly string[] | undefined;
  /** How a client with a secret proves it at the token endpoint. */
  readonly clientAuthentication: "basic" | "post";
  /** How a client without a secret names itself there: beside the fields, or by Basic with an empty password. */
  readonly publicAuthentication?: "none" | "basic" | undefined;
  /** The code grant is not for clients without a secret. */
  readonly codeNeedsSecret: boolean;
  /** Revoking takes the secret too (RFC 7009, 2.1). */
  readonly revokeTakesSecret: boolean;
  readonly revocation?: RevocationHabits | undefined;
  readonly refresh?: RefreshHabits | undefined;
  /** Where a client without a secret is treated otherwise. */
  readonly publicRefresh?: RefreshHabits | undefined;
  /** Sent with every authorization request. */
  readonly authorizeParameters?: Readonly<Record<string, string>> | undefined;
  /** How the answer comes to the redirect URI: by its query unless said otherwise, or posted as a form. */
  readonly responseMode?: "form_post" | undefined;
  /** What the endpoints read; `form` by default (RFC 6749, 4.1.3). */
  readonly requestBody?: "form" | "json" | undefined;
  /** `prompt` of every authorization request. */
  readonly prompt?: readonly Prompt[] | undefined;
  /** `prompt` when another account shall be chosen; by default the dialect's own way. */
  readonly forceConsentPrompt?: readonly Prompt[] | undefined;
  /** Asked for with every login: without them there is no refresh token. */
  readonly offlineScopes?: readonly string[] | undefined;
  /** Granted though the answer never names them. */
  readonly unnamedScopes?: readonly string[] | undefined;
  /** Scopes that an answer writes in another way than the request. */
  readonly scopeAliases?: Readonly<Record<string, string>> | undefined;
  /** Sessions are to be validated at their start and this often. */
  readonly validateEverySeconds?: number | undefined;
  /** Where an answer tells who approved; by the first whose scopes were granted. */
  readonly identity?: readonly IdentitySource[] | undefined;
  readonly api?: Api | undefined;
  /** What a program at a terminal registers if nothing speaks against it. */
  readonly defaultRedirectUri?: string | undefined;
  /** What a person sees there when no answer comes back, beside the usual causes. */
  readonly silentCauses?: readonly string[] | undefined;
  /** Sent with every request to the endpoints. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** `http` beyond this machine is refused without it. */
  readonly insecureHttp?: boolean | undefined;
  /** Where the facts come from, and when somebody last read them there (`2026-11`). */
  readonly sources: readonly string[];
  readonly verifiedOn: string;
}

export interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  /** RFC 8628, 3.1. */
  readonly device?: string | undefined;
  /** `{clientId}` is filled in. */
  readonly revoke?: string | undefined;
  /** Tells whose token it is and how long it lives. */
  readonly validate?: string | undefined;
  /** Tells who approved, to the holder of the token. */
  readonly userinfo?: string | undefined;
  /** RFC 7662; asked only by clients with a secret. */
  readonly introspect?: string | undefined;
  /** The keys that ID tokens are signed with (RFC 7517). */
  readonly jwks?: string | undefined;
}

/** What is told apart from RFC 7009, which is the default of each column. */
export interface RevocationHabits {
  /** Where the token stands: in the form, in the header as at an API, or in a JSON body. */
  readonly tokenIn?: "form" | "header" | "json" | undefined;
  /** Its name in a form or in JSON; `token` by default. */
  readonly tokenName?: string | undefined;
  readonly method?: "POST" | "DELETE" | undefined;
  readonly successStatus?: number | undefined;
  /** What a token that is gone already is answered with. */
  readonly unknownStatus?: number | undefined;
  /** Which tokens a logout sends, in this order; by default the refresh token, or the access token if there is none. */
  readonly sends?: readonly ("access_token" | "refresh_token")[] | undefined;
}

/** What becomes of a refresh token. A refresh that asks for less is the dialect's `narrowsAtRefresh`. */
export interface RefreshHabits {
  /** Whether an answer brings a new refresh token. */
  readonly rotates?: "always" | "sometimes" | "never" | undefined;
  /** What a refresh token gets that was replaced before: an answer, a refusal, or the end of everything. */
  readonly onReuse?: "answers" | "refuses" | "ends_grant" | undefined;
  /** So long the same refresh token may be sent again when an answer was lost. 0: never. `Infinity`: it stays good. */
  readonly graceSeconds?: number | undefined;
  /** From the approval on; a refresh does not lengthen it. */
  readonly lifetimeSeconds?: number | undefined;
  /** Unused for so long, it ends. */
  readonly idleLifetimeSeconds?: number | undefined;
}

/** A place that tells who approved. Members are given as a path into the JSON. */
export interface IdentitySource {
  readonly from: "validate" | "userinfo" | "introspect" | "token_response" | "id_token";
  /** Stable for ever: accounts are kept by it. */
  readonly id: readonly string[];
  /** What people call the account. */
  readonly login?: readonly string[] | undefined;
  /** One of these must have been granted. */
  readonly needsScope?: readonly string[] | undefined;
}

export interface Api {
  /** What a path is relative to. */
  readonly baseUrl: string;
  /** Other origins that the token may be sent to. */
  readonly otherOrigins?: readonly string[] | undefined;
  /** `{clientId}` is filled in. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A header that holds the token alone, in place of `Authorization`. */
  readonly tokenHeader?: string | undefined;
}

/** The application as it is registered at the provider. Without a secret it is a public one. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret?: Secret | string | undefined;
}

/** How this client's refresh tokens live at the provider. */
export function refreshHabitsOf(provider: Provider, client: ClientCredentials): RefreshHabits {
  const isPublic = client.clientSecret === undefined;
  return { ...provider.refresh, ...(isPublic ? provider.publicRefresh : undefined) };
}

/** The headers of a request to the provider's API on the user's behalf. */
export function apiHeadersOf(
  provider: Provider,
  clientId: string,
  accessToken: Secret | string,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(provider.api?.headers ?? {})) {
    headers[name] = value.replaceAll("{clientId}", () => clientId);
  }
  const { tokenHeader } = provider.api ?? {};
  if (tokenHeader !== undefined) return { ...headers, [tokenHeader]: revealed(accessToken) };
  return {
    ...headers,
    authorization: `${provider.dialect.accessTokenSchemes[0] ?? "Bearer"} ${revealed(accessToken)}`,
  };
}

/** Throws `TypeError` for a record that would send secrets in the clear or could not check its callbacks. */
export function checkProvider(provider: Provider): void {
  if (checked.has(provider)) return;
  for (const [name, address] of Object.entries<string | undefined>({ ...provider.endpoints })) {
    if (address !== undefined) checkEndpoint(provider, name, address);
  }
  if (provider.issuerInCallback && provider.issuer === undefined) {
    throw new TypeError(`The provider ${provider.name} promises its issuer in callbacks, so it needs one to compare.`);
  }
  checked.add(provider);
}

/** A provider is data that nobody changes, and reading its addresses again cost a tenth of a flow. */
const checked = new WeakSet<Provider>();

/** Throws `TypeError`. A blank at either end comes from copying or from a file, and the provider only says "wrong". */
export function checkClient(client: ClientCredentials): void {
  checkPlain("clientId", client.clientId);
  if (client.clientSecret !== undefined) checkPlain("clientSecret", revealed(client.clientSecret));
}

function checkEndpoint(provider: Provider, name: string, address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && mayBeHttp(provider, url.hostname));
  if (!isSafe) {
    throw new TypeError(
      `The ${name} endpoint of ${provider.name} must be an https address (http on this machine only).`,
    );
  }
}

function mayBeHttp(provider: Provider, hostname: string): boolean {
  return provider.insecureHttp === true || ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}

function checkPlain(name: string, value: unknown): void {
  if (typeof value !== "string" || value === "") throw new TypeError(`${name} is missing.`);
  if (value.trim() !== value) throw new TypeError(`${name} begins or ends with a blank or a line break. Remove it.`);
}
