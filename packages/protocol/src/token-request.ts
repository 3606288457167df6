import type { Dialect } from "./dialect.ts";
import { type ErrorReason, OAuthError } from "./error.ts";
import { type Parameters, single } from "./parameters.ts";
import { isCodeVerifier } from "./pkce.ts";
import { parseResources } from "./resource.ts";
import { formatScope, parseScope } from "./scope.ts";

/** What a token request asks for; who asks is read by `parseClientAuthentication`. */
export type TokenRequest =
  | AuthorizationCodeRequest
  | RefreshTokenRequest
  | ClientCredentialsRequest
  | DeviceCodeRequest;

/** RFC 6749, 4.1.3. */
export interface AuthorizationCodeRequest {
  readonly grantType: "authorization_code";
  readonly code: string;
  readonly redirectUri?: string | undefined;
  readonly codeVerifier?: string | undefined;
  readonly resources?: readonly string[] | undefined;
}

/** RFC 6749, 6. */
export interface RefreshTokenRequest {
  readonly grantType: "refresh_token";
  readonly refreshToken: string;
  /** What this access token shall be narrowed to; `undefined` asks for all. */
  readonly scopes?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
}

/** RFC 6749, 4.4.2. */
export interface ClientCredentialsRequest {
  readonly grantType: "client_credentials";
  readonly scopes?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
}

/** RFC 8628, 3.4. */
export interface DeviceCodeRequest {
  readonly grantType: "device_code";
  readonly deviceCode: string;
  /** Those of the request, sent again where the dialect wants it; never read. */
  readonly scopes?: readonly string[] | undefined;
  readonly resources?: readonly string[] | undefined;
}

/** Throws `invalid_request`, `unsupported_grant_type`, `invalid_scope` or `invalid_target`. Unknown names are ignored. */
export function parseTokenRequest(parameters: Parameters, dialect: Dialect): TokenRequest {
  for (const name of knownNames) single(parameters, name);
  const grantType = required(parameters, "grant_type", "grant_type_missing");
  const parse = Object.hasOwn(parsers, grantType) ? parsers[grantType] : undefined;
  if (parse === undefined) throw new OAuthError("unsupported_grant_type", { reason: "grant_type_unsupported" });
  const request = parse(parameters, dialect);
  const resources = parseResources(parameters);
  return resources.length === 0 ? request : { ...request, resources };
}

/** The fields of a token request, without client authentication. Give them to `formatParameters`. */
export function formatTokenRequest(
  request: TokenRequest,
  dialect: Dialect,
): Readonly<Record<string, string | readonly string[]>> {
  const fields: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(formatFields(request, dialect))) {
    if (value !== undefined) fields[name] = value;
  }
  if (request.resources !== undefined && request.resources.length > 0) fields["resource"] = request.resources;
  return fields;
}

export const deviceCodeGrantType = "urn:ietf:params:oauth:grant-type:device_code";

/** No parameter may come twice (RFC 6749, 3.2); `resource` may. */
const knownNames: readonly string[] = [
  "grant_type",
  "client_id",
  "client_secret",
  "code",
  "redirect_uri",
  "code_verifier",
  "refresh_token",
  "scope",
  "device_code",
];

const parsers: Readonly<Record<string, (parameters: Parameters, dialect: Dialect) => TokenRequest>> = {
  authorization_code: parseAuthorizationCode,
  refresh_token: parseRefreshToken,
  client_credentials: (parameters, dialect) => ({
    grantType: "client_credentials",
    ...parseOptionalScope(parameters, dialect),
  }),
  [deviceCodeGrantType]: (parameters) => ({
    grantType: "device_code",
    deviceCode: required(parameters, "device_code", "device_code_missing"),
  }),
};

function parseAuthorizationCode(parameters: Parameters, dialect: Dialect): AuthorizationCodeRequest {
  const code = required(parameters, "code", "code_missing");
  const redirectUri = parameters.get("redirect_uri");
  if (redirectUri === undefined && dialect.redirectUri.requiredAtToken) {
    throw missing("redirect_uri", "redirect_uri_missing");
  }
  const codeVerifier = parameters.get("code_verifier");
  if (codeVerifier !== undefined && !isCodeVerifier(codeVerifier)) {
    throw new OAuthError("invalid_request", {
      reason: "code_verifier_malformed",
      description: "A code_verifier has 43 to 128 visible ASCII characters",
    });
  }
  const request: { -readonly [Member in keyof AuthorizationCodeRequest]: AuthorizationCodeRequest[Member] } = {
    grantType: "authorization_code",
    code,
  };
  if (redirectUri !== undefined) request.redirectUri = redirectUri;
  if (codeVerifier !== undefined) request.codeVerifier = codeVerifier;
  return request;
}

function parseRefreshToken(parameters: Parameters, dialect: Dialect): RefreshTokenRequest {
  const refreshToken = required(parameters, "refresh_token", "refresh_token_missing");
  const scope = dialect.scope.narrowsAtRefresh ? parseOptionalScope(parameters, dialect) : {};
  return { grantType: "refresh_token", refreshToken, ...scope };
}

function parseOptionalScope(parameters: Parameters, dialect: Dialect): { scopes?: readonly string[] } {
  const text = parameters.get("scope");
  return text === undefined ? {} : { scopes: parseScope(text, dialect) };
}

type Fields = Readonly<Record<string, string | undefined>>;

function formatFields(request: TokenRequest, dialect: Dialect): Fields {
  if (request.grantType === "authorization_code") {
    return {
      grant_type: "authorization_code",
      code: request.code,
      redirect_uri: request.redirectUri,
      code_verifier: request.codeVerifier,
      ...dialect.tokenRequest.besideCode,
    };
  }
  if (request.grantType === "device_code") return formatDeviceCode(request, dialect);
  const scope = formatOptionalScope(request.scopes, dialect);
  if (request.grantType === "client_credentials") return { grant_type: "client_credentials", scope };
  return {
    grant_type: "refresh_token",
    refresh_token: request.refreshToken,
    scope: dialect.scope.narrowsAtRefresh ? scope : undefined,
  };
}

function formatDeviceCode({ deviceCode, scopes }: DeviceCodeRequest, dialect: Dialect): Fields {
  return {
    grant_type: deviceCodeGrantType,
    device_code: deviceCode,
    ...(dialect.device.scopeAtToken && { [dialect.scope.deviceParameter]: formatOptionalScope(scopes, dialect) }),
  };
}

function formatOptionalScope(scopes: readonly string[] | undefined, dialect: Dialect): string | undefined {
  return scopes === undefined || scopes.length === 0 ? undefined : formatScope(scopes, dialect);
}

function required(parameters: Parameters, name: string, reason: ErrorReason): string {
  const value = parameters.get(name);
  if (value === undefined) throw missing(name, reason);
  return value;
}

function missing(name: string, reason: ErrorReason): OAuthError {
  return new OAuthError("invalid_request", { reason, description: `The parameter ${name} is missing` });
}
