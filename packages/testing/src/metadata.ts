import type { Provider } from "@codegrant/client";
import { formatServerMetadata } from "@codegrant/protocol";

/** Where its keys are, whose provider record names no place for them. */
export const usualKeysPath = "/.well-known/jwks.json";

/** Where the provider's metadata document is looked for (RFC 8414, 3.1; OpenID Connect Discovery, 4.1). */
export function metadataPathsOf({ issuer }: Provider): readonly string[] {
  if (issuer === undefined) return [];
  const path = new URL(issuer).pathname.replace(/\/$/, "");
  return [`/.well-known/oauth-authorization-server${path}`, `${path}/.well-known/openid-configuration`];
}

export function metadataAnswer(provider: Provider): Response {
  const { endpoints, issuer = "", clientAuthentication, pkce, issuerInCallback } = provider;
  const { authorize, token, device, revoke, userinfo, introspect } = endpoints;
  const { jwks }: { readonly jwks?: string | undefined; readonly token: string } = endpoints;
  const body = formatServerMetadata({
    issuer,
    authorizationEndpoint: authorize,
    tokenEndpoint: token,
    ...(device !== undefined && { deviceAuthorizationEndpoint: device }),
    ...(revoke !== undefined && { revocationEndpoint: revoke }),
    ...(userinfo !== undefined && { userinfoEndpoint: userinfo }),
    ...(introspect !== undefined && { introspectionEndpoint: introspect }),
    jwksUri: jwks ?? new URL(usualKeysPath, issuer).href,
    responseTypesSupported: ["code"],
    grantTypesSupported: ["authorization_code", "refresh_token"],
    tokenEndpointAuthMethodsSupported: [`client_secret_${clientAuthentication}`, "none"],
    ...(pkce === "required" || pkce === "ok" ? { codeChallengeMethodsSupported: ["S256"] } : {}),
    authorizationResponseIssParameterSupported: issuerInCallback,
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}
