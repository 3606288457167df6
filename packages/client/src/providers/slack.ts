import { type Dialect, rfc6749 } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";

/** Everything is a 200 with `ok`, and a user's token lies inside `authed_user`. */
const dialect: Dialect = {
  ...rfc6749,
  name: "slack",
  authorize: { ...rfc6749.authorize, issuerInResponse: false, promptIsRead: false },
  scope: { ...rfc6749.scope, separator: ",", narrowsAtRefresh: false },
  tokenResponse: { ...rfc6749.tokenResponse, tokenType: "bot", nestedIn: "authed_user" },
  error: {
    ...rfc6749.error,
    mayHideInSuccess: true,
    codes: [
      { wire: "invalid_code", code: "invalid_grant", reason: "code_invalid" },
      { wire: "code_already_used", code: "invalid_grant", reason: "code_invalid" },
      { wire: "bad_redirect_uri", code: "invalid_grant", reason: "redirect_uri_mismatch" },
      { wire: "invalid_refresh_token", code: "invalid_grant", reason: "refresh_token_invalid" },
      { wire: "bad_client_secret", code: "invalid_client", reason: "client_secret_wrong" },
      { wire: "invalid_client_id", code: "invalid_client", reason: "client_unknown" },
      { wire: "invalid_grant_type", code: "unsupported_grant_type", reason: "grant_type_unsupported" },
      { wire: "invalid_auth", code: "invalid_token", reason: "access_token_invalid" },
      { wire: "token_revoked", code: "invalid_token", reason: "access_token_invalid" },
      { wire: "token_expired", code: "invalid_token", reason: "access_token_invalid" },
      { wire: "not_authed", code: "invalid_token", reason: "access_token_missing" },
      { wire: "missing_scope", code: "insufficient_scope", reason: "scope_insufficient" },
      { wire: "ratelimited", code: "slow_down", reason: "too_many_requests" },
      { wire: "service_unavailable", code: "temporarily_unavailable" },
      { wire: "internal_error", code: "server_error" },
      { wire: "fatal_error", code: "server_error" },
    ],
  },
};

/**
 * Slack. `scopes` are the bot's; a user's own are asked for by `extra: { user_scope: "…" }`, with commas. There are
 * refresh tokens only where token rotation is switched on. Whether it has PKCE was not verified, so none is sent.
 */
export const slack: Provider = {
  name: "slack",
  title: "Slack",
  dialect,
  endpoints: {
    authorize: "https://slack.com/oauth/v2/authorize",
    token: "https://slack.com/api/oauth.v2.access",
    revoke: "https://slack.com/api/auth.revoke",
  },
  pkce: "unverified",
  issuerInCallback: false,
  clientAuthentication: "basic",
  codeNeedsSecret: true,
  revokeTakesSecret: false,
  revocation: { tokenIn: "header", sends: ["access_token"] },
  refresh: { rotates: "always", onReuse: "refuses" },
  identity: [{ from: "token_response", id: ["authed_user", "id"] }],
  api: { baseUrl: "https://slack.com" },
  sources: [
    "https://docs.slack.dev/authentication/installing-with-oauth",
    "https://docs.slack.dev/authentication/using-token-rotation",
    "https://docs.slack.dev/reference/methods/oauth.v2.access",
    "https://docs.slack.dev/reference/methods/auth.revoke",
  ],
  verifiedOn: "2026-11",
};
