import { type Dialect, formatServerMetadata } from "@codegrant/protocol";
import type { Endpoint } from "../message.ts";
import type { Platform } from "../platform.ts";
import { jsonMessage } from "./api.ts";
import { anyOrigin, preflightMessage } from "./cross-origin.ts";

/**
 * What the server says about itself (RFC 8414), for one dialect's endpoints below `prefix`. Made once: every value
 * comes from the settings, and nothing of a request can change it.
 */
export function metadataEndpoint(platform: Platform, dialect: Dialect, prefix: string): Endpoint {
  const { issuer, scopes } = platform.settings;
  const methods = dialect.tokenRequest.clientAuthentication.map((method) => `client_secret_${method}`);
  const body = formatServerMetadata({
    issuer,
    authorizationEndpoint: `${issuer}${prefix}/authorize`,
    tokenEndpoint: `${issuer}${prefix}/token`,
    revocationEndpoint: `${issuer}${prefix}/revoke`,
    introspectionEndpoint: `${issuer}${prefix}/introspect`,
    deviceAuthorizationEndpoint: `${issuer}${prefix}/device`,
    serviceDocumentation: `${issuer}/docs/authorization-code`,
    scopesSupported: [...scopes.all.map(({ name }) => name), "offline_access"],
    responseTypesSupported: ["code"],
    responseModesSupported: ["query"],
    grantTypesSupported: grantTypes,
    tokenEndpointAuthMethodsSupported: [...methods, "none"],
    revocationEndpointAuthMethodsSupported: [...methods, "none"],
    introspectionEndpointAuthMethodsSupported: methods,
    codeChallengeMethodsSupported: ["S256"],
    promptValuesSupported: ["none", "login", "consent", "select_account"],
    authorizationResponseIssParameterSupported: dialect.authorize.issuerInResponse,
  });
  // No other answer is open like this.
  const message = jsonMessage(body, 200, anyOrigin);
  return async (request) => (request.method === "OPTIONS" ? preflightMessage(request, anyOrigin) : message);
}

const grantTypes: readonly string[] = [
  "authorization_code",
  "refresh_token",
  "client_credentials",
  "urn:ietf:params:oauth:grant-type:device_code",
];
