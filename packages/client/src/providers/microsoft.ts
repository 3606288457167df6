import { type Dialect, rfc6749 } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";

const dialect: Dialect = {
  ...rfc6749,
  name: "microsoft",
  authorize: { ...rfc6749.authorize, issuerInResponse: false },
  device: { ...rfc6749.device, authenticates: false },
  error: {
    ...rfc6749.error,
    codes: [
      { wire: "authorization_declined", code: "access_denied", reason: "user_denied" },
      { wire: "bad_verification_code", code: "invalid_grant", reason: "device_code_invalid" },
    ],
  },
};

/**
 * Microsoft Entra, for one tenant (its id) or for `common`, `organizations` or `consumers`. Throws `TypeError` for a
 * tenant that is no such word.
 *
 * @example
 * const provider = microsoftProvider("8eaef023-2b34-4da1-9baa-8bc8c9d6a490");
 */
export function microsoftProvider(tenant = "common"): Provider {
  if (!/^[A-Za-z0-9.-]{1,100}$/.test(tenant)) throw new TypeError("The tenant is an id, a domain, or common.");
  const at = `https://login.microsoftonline.com/${tenant}`;
  return {
    name: "microsoft",
    title: "Microsoft",
    dialect,
    endpoints: {
      authorize: `${at}/oauth2/v2.0/authorize`,
      token: `${at}/oauth2/v2.0/token`,
      device: `${at}/oauth2/v2.0/devicecode`,
      userinfo: "https://graph.microsoft.com/oidc/userinfo",
      jwks: `${at}/discovery/v2.0/keys`,
    },
    pkce: "ok",
    issuerInCallback: false,
    // The issuer names the tenant of whoever signed in, which nobody knows beforehand.
    idTokenIssuers: [`https://login.microsoftonline.com/${isTenantId(tenant) ? tenant : "{tid}"}/v2.0`],
    clientAuthentication: "post",
    codeNeedsSecret: false,
    revokeTakesSecret: false,
    refresh: {
      rotates: "always",
      onReuse: "answers",
      graceSeconds: Number.POSITIVE_INFINITY,
      idleLifetimeSeconds: 90 * 86_400,
    },
    offlineScopes: ["offline_access"],
    unnamedScopes: ["offline_access"],
    forceConsentPrompt: ["select_account"],
    identity: [
      { from: "id_token", id: ["sub"], login: ["preferred_username"] },
      { from: "userinfo", id: ["sub"], login: ["email"], needsScope: ["openid"] },
    ],
    api: { baseUrl: "https://graph.microsoft.com" },
    defaultRedirectUri: "http://localhost:3000",
    sources: [
      "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow",
      "https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-device-code",
      "https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens",
      "https://learn.microsoft.com/en-us/entra/identity-platform/reply-url",
    ],
    verifiedOn: "2026-11",
  };
}

/** Microsoft Entra for any account. */
export const microsoft: Provider = microsoftProvider();

function isTenantId(tenant: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant);
}
