import type { Dialect } from "./dialect.ts";
import { OAuthError } from "./error.ts";
import { formatParameters, type Parameters, single } from "./parameters.ts";
import { parseCodeChallenge } from "./pkce.ts";
import { parseResources } from "./resource.ts";
import { formatScope, parseScope } from "./scope.ts";

export type Prompt = "none" | "login" | "consent" | "select_account";

/** What an application asks of the authorize endpoint (RFC 6749, 4.1.1). The response type is always `code`. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state?: string;
  /** S256, always. */
  readonly codeChallenge?: string;
  /** Empty where the dialect gives `prompt` no meaning. */
  readonly prompt: readonly Prompt[];
  /** Show the consent page though consent is remembered: `prompt=consent` or the dialect's own parameter. */
  readonly forceConsent: boolean;
  readonly resources: readonly string[];
  /** Parameters this package gives no meaning; whoever reads them must not trust them. */
  readonly extra: Readonly<Record<string, string>>;
}

/** What `formatAuthorizationRequest` needs at least. */
export interface AuthorizationRequestParts {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state?: string | undefined;
  readonly codeChallenge?: string | undefined;
  readonly prompt?: readonly Prompt[] | undefined;
  readonly forceConsent?: boolean | undefined;
  readonly resources?: readonly string[] | undefined;
  /** How the answer comes back, where it is not the query (OAuth 2.0 Form Post Response Mode). */
  readonly responseMode?: "form_post" | undefined;
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/**
 * Reads everything that is left once client and redirect URI are trusted: every error it throws may be sent to
 * the redirect URI (RFC 6749, 4.1.2.1). Unknown parameters are ignored, even if repeated.
 *
 * @example
 * const request = parseAuthorizationRequest(parseParameters(query), rfc6749);
 */
export function parseAuthorizationRequest(parameters: Parameters, dialect: Dialect): AuthorizationRequest {
  for (const name of knownNames) single(parameters, name);
  refuseRequestObjects(parameters);
  checkResponseType(parameters);
  const state = checkState(parameters);
  if (dialect.authorize.scopeKeyRequired && !parameters.has("scope")) {
    throw invalid("scope_missing", "Send the parameter scope too; it may be empty: scope=");
  }
  const scopes = parseScope(single(parameters, "scope") ?? "", dialect);
  const codeChallenge = parseCodeChallenge(parameters);
  const prompt = parsePrompt(parameters, dialect);
  const request: { -readonly [Member in keyof AuthorizationRequest]: AuthorizationRequest[Member] } = {
    clientId: required(parameters, dialect.clientIdName, "client_id_missing"),
    redirectUri: required(parameters, "redirect_uri", "redirect_uri_missing"),
    scopes,
    prompt,
    forceConsent: prompt.includes("consent") || isForced(parameters, dialect),
    resources: parseResources(parameters),
    extra: findExtra(parameters, dialect),
  };
  if (state !== undefined) request.state = state;
  if (codeChallenge !== undefined) request.codeChallenge = codeChallenge;
  return request;
}

/**
 * The query of an authorization request, without `?`, always in the same order.
 * Throws `TypeError` if `extra` repeats a name that has a field of its own.
 */
export function formatAuthorizationRequest(request: AuthorizationRequestParts, dialect: Dialect): string {
  const { authorize } = dialect;
  const scopeIsSent = request.scopes.length > 0 || authorize.scopeKeyRequired;
  const forced = request.forceConsent === true && authorize.forceConsentParameter !== undefined;
  return formatParameters({
    response_type: "code",
    [dialect.clientIdName]: request.clientId,
    redirect_uri: request.redirectUri,
    scope: scopeIsSent ? formatScope(request.scopes, dialect) : undefined,
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: request.codeChallenge === undefined ? undefined : "S256",
    response_mode: request.responseMode,
    prompt: formatPrompt(request, dialect),
    ...(forced ? { [authorize.forceConsentParameter]: "true" } : {}),
    resource: request.resources,
    ...checkExtra(request.extra ?? {}, dialect),
  });
}

/** The state to send back: `undefined` if absent, empty, repeated or over 4,096 characters. Never throws. */
export function stateOf(parameters: Parameters): string | undefined {
  const state = parameters.get("state");
  return state !== undefined && state.length <= maximumStateLength ? state : undefined;
}

const maximumStateLength = 4_096;

/** Names that mean something here; each may come once. `resource` may come eight times. */
const knownNames: readonly string[] = [
  "response_type",
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "code_challenge",
  "code_challenge_method",
  "prompt",
  "response_mode",
  "request",
  "request_uri",
];

/** JWTs and addresses to fetch: neither is read, and nothing is ever fetched (OpenID Connect Core, 6). */
function refuseRequestObjects(parameters: Parameters): void {
  if (parameters.get("request") !== undefined) {
    throw new OAuthError("request_not_supported", { reason: "request_object_unsupported" });
  }
  if (parameters.get("request_uri") !== undefined) {
    throw new OAuthError("request_uri_not_supported", { reason: "request_object_unsupported" });
  }
}

function checkResponseType(parameters: Parameters): void {
  const type = required(parameters, "response_type", "response_type_missing");
  if (type !== "code") throw new OAuthError("unsupported_response_type", { reason: "response_type_unsupported" });
  const mode = parameters.get("response_mode");
  if (mode !== undefined && mode !== "query") {
    throw invalid("response_mode_unsupported", "The only response_mode here is query");
  }
}

function checkState(parameters: Parameters): string | undefined {
  const state = parameters.get("state");
  if (state !== undefined && state.length > maximumStateLength) {
    throw invalid("state_too_long", "The state is longer than 4096 characters");
  }
  return state;
}

const prompts: readonly string[] = ["none", "login", "consent", "select_account"] satisfies readonly Prompt[];

function parsePrompt(parameters: Parameters, dialect: Dialect): readonly Prompt[] {
  const text = parameters.get("prompt");
  if (text === undefined || !dialect.authorize.promptIsRead) return [];
  const words = [...new Set(text.split(" "))];
  if (!words.every(isPrompt)) throw invalid("prompt_malformed", "The prompt has a value that is not known here");
  if (words.length > 1 && words.includes("none")) {
    throw invalid("prompt_malformed", "prompt=none cannot be combined with other values");
  }
  return words;
}

function isPrompt(word: string): word is Prompt {
  return prompts.includes(word);
}

function isForced(parameters: Parameters, dialect: Dialect): boolean {
  const name = dialect.authorize.forceConsentParameter;
  return name !== undefined && single(parameters, name) === "true";
}

function findExtra(parameters: Parameters, dialect: Dialect): Readonly<Record<string, string>> {
  const extra: [string, string][] = [];
  for (const name of parameters.names()) {
    const value = parameters.get(name);
    if (value !== undefined && !hasField(name, dialect)) extra.push([name, value]);
  }
  // fromEntries defines properties, so a parameter named __proto__ stays a plain name.
  return Object.fromEntries(extra);
}

function checkExtra(extra: Readonly<Record<string, string>>, dialect: Dialect): Readonly<Record<string, string>> {
  const taken = Object.keys(extra).find((name) => hasField(name, dialect));
  if (taken !== undefined) throw new TypeError(`The extra parameter ${taken} has a field of its own; use that`);
  return extra;
}

function hasField(name: string, dialect: Dialect): boolean {
  return (
    knownNames.includes(name) ||
    name === dialect.clientIdName ||
    name === "resource" ||
    name === dialect.authorize.forceConsentParameter
  );
}

function formatPrompt(request: AuthorizationRequestParts, { authorize }: Dialect): string | undefined {
  if (!authorize.promptIsRead) return undefined;
  const words = new Set(request.prompt);
  if (request.forceConsent === true && authorize.forceConsentParameter === undefined) words.add("consent");
  return words.size === 0 ? undefined : [...words].join(" ");
}

function required(
  parameters: Parameters,
  name: string,
  reason: "client_id_missing" | "redirect_uri_missing" | "response_type_missing",
): string {
  const value = single(parameters, name);
  if (value === undefined) throw invalid(reason, `The parameter ${name} is missing`);
  return value;
}

function invalid(reason: OAuthError["reason"], description: string): OAuthError {
  return new OAuthError("invalid_request", { reason, description });
}
