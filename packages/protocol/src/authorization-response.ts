import type { Dialect } from "./dialect.ts";
import { OAuthError } from "./error.ts";
import { findForeignCode, findMessageByText } from "./error-response.ts";
import { formatParameters, type Parameters, single } from "./parameters.ts";
import { formatScope, parseScopeMember } from "./scope.ts";

/** The user approved (RFC 6749, 4.1.2). */
export interface AuthorizationApproval {
  readonly code: string;
  /** What was granted, where the dialect says it beside the code. */
  readonly scopes?: readonly string[] | undefined;
  readonly state?: string | undefined;
  /** RFC 9207. */
  readonly issuer?: string | undefined;
}

/** The user declined, or the request was no good (RFC 6749, 4.1.2.1). */
export interface AuthorizationRefusal {
  readonly error: OAuthError;
  readonly state?: string | undefined;
  readonly issuer?: string | undefined;
}

export type AuthorizationResponse =
  | ({ readonly kind: "code" } & AuthorizationApproval)
  | ({ readonly kind: "error" } & AuthorizationRefusal);

/** The query of the redirect that carries the code, without `?`. Give it to `appendToRedirectUri`. */
export function formatAuthorizationResponse(response: AuthorizationApproval, dialect: Dialect): string {
  const { scopeInResponse, issuerInResponse } = dialect.authorize;
  return formatParameters({
    code: response.code,
    scope: scopeInResponse && response.scopes !== undefined ? formatScope(response.scopes, dialect) : undefined,
    state: response.state,
    iss: issuerInResponse ? response.issuer : undefined,
  });
}

/** The query of the redirect that carries an error, without `?`. Never holds `detail`. */
export function formatAuthorizationError(refusal: AuthorizationRefusal, dialect: Dialect): string {
  const { error } = refusal;
  return formatParameters({
    error: error.code,
    error_description: error.description === "" ? undefined : error.description,
    error_uri: error.uri,
    state: refusal.state,
    iss: dialect.authorize.issuerInResponse ? refusal.issuer : undefined,
  });
}

/**
 * Reads a callback. Throws `invalid_request` if a name is repeated, if code and error come together, or neither.
 * Whether state and issuer are the expected ones is for the caller to check, before anything else is believed.
 */
export function parseAuthorizationResponse(parameters: Parameters, dialect: Dialect): AuthorizationResponse {
  for (const name of responseNames) single(parameters, name);
  const code = parameters.get("code");
  const error = parameters.get("error");
  const rest = { ...optional("state", parameters.get("state")), ...optional("issuer", parameters.get("iss")) };
  if (code !== undefined && error !== undefined) throw invalid("The answer has both a code and an error");
  if (code !== undefined) return { kind: "code", code, ...findScopes(parameters), ...rest };
  if (error === undefined) throw invalid("The answer has neither a code nor an error");
  const description = parameters.get("error_description");
  const { reason } = findMessageByText(description, dialect.error.messages) ?? findForeignCode(error, dialect) ?? {};
  const uri = parameters.get("error_uri");
  return { kind: "error", error: new OAuthError(error, { reason, description, uri }), ...rest };
}

const responseNames = ["code", "scope", "state", "iss", "error", "error_description", "error_uri"] as const;

/** Read wherever a server sends it: some let the user untick scopes and say so only here. */
function findScopes(parameters: Parameters): { scopes?: readonly string[] } {
  if (!parameters.has("scope")) return {};
  return optional("scopes", parseScopeMember(parameters.get("scope") ?? ""));
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]?: Value });
}

function invalid(description: string): OAuthError {
  return new OAuthError("invalid_request", { reason: "parameter_malformed", description });
}
