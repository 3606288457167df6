import { type Dialect, rfc6749 } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";

/** It answers with 200 whether it says yes or no, and with commas between scopes that were sent with blanks. */
const dialect: Dialect = {
  ...rfc6749,
  name: "github",
  authorize: { ...rfc6749.authorize, issuerInResponse: false },
  device: { ...rfc6749.device, authenticates: false },
  scope: { ...rfc6749.scope, narrowsAtRefresh: false },
  tokenResponse: { ...rfc6749.tokenResponse, tokenType: "bearer" },
  error: {
    ...rfc6749.error,
    mayHideInSuccess: true,
    codes: [
      { wire: "bad_verification_code", code: "invalid_grant", reason: "code_invalid" },
      { wire: "redirect_uri_mismatch", code: "invalid_grant", reason: "redirect_uri_mismatch" },
      { wire: "bad_refresh_token", code: "invalid_grant", reason: "refresh_token_invalid" },
      { wire: "incorrect_device_code", code: "invalid_grant", reason: "device_code_invalid" },
      { wire: "incorrect_client_credentials", code: "invalid_client", reason: "client_secret_wrong" },
      { wire: "device_flow_disabled", code: "unauthorized_client", reason: "grant_type_not_allowed" },
    ],
  },
};

/**
 * GitHub. An OAuth app's token lives until it is revoked or unused for a year, unless the app asks for tokens that
 * expire; a GitHub App's expires after eight hours and comes with a refresh token.
 */
export const github: Provider = {
  name: "github",
  title: "GitHub",
  dialect,
  endpoints: {
    authorize: "https://github.com/login/oauth/authorize",
    token: "https://github.com/login/oauth/access_token",
    device: "https://github.com/login/device/code",
    revoke: "https://api.github.com/applications/{clientId}/token",
    userinfo: "https://api.github.com/user",
  },
  pkce: "ok",
  issuer: "https://github.com/login/oauth",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  revocation: {
    method: "DELETE",
    tokenIn: "json",
    tokenName: "access_token",
    successStatus: 204,
    sends: ["access_token"],
  },
  refresh: { rotates: "always", onReuse: "refuses", idleLifetimeSeconds: 15_897_600 },
  forceConsentPrompt: ["select_account"],
  identity: [{ from: "userinfo", id: ["id"], login: ["login"] }],
  api: {
    baseUrl: "https://api.github.com",
    headers: { accept: "application/vnd.github+json", "user-agent": "codegrant" },
  },
  headers: { "user-agent": "codegrant" },
  defaultRedirectUri: "http://127.0.0.1:3000",
  sources: [
    "https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps",
    "https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors",
    "https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/refreshing-user-access-tokens",
    "https://docs.github.com/en/rest/apps/oauth-applications",
  ],
  verifiedOn: "2026-11",
};
