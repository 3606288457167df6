/** Who can do something about it; `nobody`: it passes by itself. */
export type Actor = "user" | "developer" | "operator" | "nobody";

export interface AdviceRow {
  readonly actor: Actor;
  readonly retryable?: boolean;
  /** `{provider}` and `{redirectUri}` are filled in. */
  readonly hint: string;
}

const registerExactly =
  "Register exactly this redirect URI at {provider}, byte for byte, port and trailing slash included: {redirectUri}";
const logInAgain =
  "The user disconnected the application or changed the password, or the token was replaced meanwhile. Ask them to log in again.";
const otherClient =
  "Use the client id that the token was given to, and keep it beside the tokens; or log in again with this one. A code or a client id is no token.";
const wrongAddress =
  "{provider} has nothing at this address, or not by this method: tokens are asked for by POST, at the address of its documentation, without a slash at the end.";
const startAgain = "Start again from the application; a code works once and only for a short time.";
const busy = "Wait a little and try again.";

/** What to do, by the finer reason where there is one, else by the code. One row for each that the client can meet. */
export const adviceRows: Readonly<Record<string, AdviceRow>> = {
  // Reasons
  client_id_missing: {
    actor: "developer",
    hint: "{provider} saw no client id. It takes it as a form field, not by Basic.",
  },
  client_unknown: {
    actor: "developer",
    hint: "{provider} knows no application with this client id. Copy it again from where the application is registered.",
  },
  client_disabled: { actor: "developer", hint: "{provider} has disabled this application. Ask there why." },
  client_secret_missing: {
    actor: "developer",
    hint: "{provider} wants this application's secret; PKCE does not stand in for it. Pass `clientSecret`, or register the application as a public one and log in by device.",
  },
  client_secret_wrong: {
    actor: "developer",
    hint: "The client secret is wrong or was replaced; an old one may stop working at once. Copy the current one.",
  },
  client_ids_differ: { actor: "developer", hint: otherClient },
  revoke_client_unknown: {
    actor: "developer",
    hint: "{provider} knows no application with this client id. Revoke with the one that the token was given to.",
  },
  grant_type_not_allowed: {
    actor: "developer",
    hint: "Switch this way of logging in on where the application is registered at {provider}, or choose another.",
  },
  access_token_missing: {
    actor: "developer",
    hint: "The request came without its token. Take the headers from this library, and follow no redirect with them.",
  },
  device_code_invalid: { actor: "user", hint: "This login by device is over or was used already. Start it again." },
  code_invalid: { actor: "user", hint: startAgain },
  redirect_uri_mismatch: { actor: "developer", hint: registerExactly },
  refresh_token_invalid: { actor: "user", hint: logInAgain },
  // The provider said no
  redirect_mismatch: { actor: "developer", hint: registerExactly },
  access_denied: {
    actor: "user",
    hint: "The user said no. Go on without the connection, and ask again only when they want it.",
  },
  invalid_request: {
    actor: "developer",
    hint: "{provider} did not understand the request; its text above says what is wrong with it.",
  },
  unauthorized_client: {
    actor: "developer",
    hint: "This application may not do this at {provider}. Look at how it is registered.",
  },
  unsupported_response_type: {
    actor: "developer",
    hint: "{provider} does not offer the code grant here. Check the authorize endpoint.",
  },
  invalid_scope: {
    actor: "developer",
    hint: "{provider} does not know one of the scopes, or does not give it any more. Compare them with its list.",
  },
  invalid_client: {
    actor: "developer",
    hint: "{provider} did not accept the application's id and secret. Copy both again.",
  },
  invalid_grant: {
    actor: "user",
    hint: "The code or refresh token is used up, expired or revoked. Ask the user to log in again.",
  },
  unsupported_grant_type: {
    actor: "developer",
    hint: "{provider} does not offer this grant. Check the token endpoint.",
  },
  invalid_token: {
    actor: "user",
    hint: "The access token has ended. Refresh it; if that is refused, ask the user to log in again.",
  },
  insufficient_scope: {
    actor: "developer",
    hint: "Ask for the scope that is missing and have the user approve again; a refresh cannot add it.",
  },
  unsupported_token_type: { actor: "developer", hint: "{provider} cannot revoke tokens of this kind." },
  invalid_target: { actor: "developer", hint: "{provider} does not know the resource asked for." },
  interaction_required: {
    actor: "user",
    hint: "Start again without `prompt=none`, so that {provider} may show a page.",
  },
  login_required: {
    actor: "user",
    hint: "Start again without `prompt=none`, so that {provider} may ask for the login.",
  },
  account_selection_required: {
    actor: "user",
    hint: "Start again without `prompt=none`, so that the user may choose an account.",
  },
  consent_required: {
    actor: "user",
    hint: "Start again without `prompt=none`, so that {provider} may ask for approval.",
  },
  request_not_supported: { actor: "developer", hint: "{provider} reads plain parameters only: leave `request` out." },
  request_uri_not_supported: {
    actor: "developer",
    hint: "{provider} reads plain parameters only: leave `request_uri` out.",
  },
  authorization_pending: { actor: "user", retryable: true, hint: "The user has not answered yet." },
  expired_token: { actor: "user", hint: "The time to answer is over. Start again." },
  slow_down: { actor: "nobody", retryable: true, hint: busy },
  temporarily_unavailable: { actor: "nobody", retryable: true, hint: busy },
  server_error: { actor: "nobody", retryable: true, hint: busy },
  // No usable answer
  ERR_STATE_MISMATCH: {
    actor: "user",
    hint: "Nothing was exchanged. Start again from the application and finish in the same browser within an hour.",
  },
  ERR_ISSUER_MISMATCH: {
    actor: "developer",
    hint: "Nothing was exchanged. If {provider} really calls itself that, correct the provider's `issuer`.",
  },
  ERR_CALLBACK_INCOMPLETE: {
    actor: "user",
    hint: "The address is not one whole answer from {provider}. Start again from the application.",
  },
  ERR_RESPONSE_SHAPE: {
    actor: "operator",
    hint: "Check that the endpoint is {provider}'s, and that no proxy answers in its place.",
  },
  ERR_RESPONSE_TOO_LARGE: {
    actor: "operator",
    hint: "Check that the endpoint is {provider}'s, and that no proxy answers in its place.",
  },
  // An answer from an address that is not the right one, or was asked by another method
  ERR_RESPONSE_SHAPE_404: { actor: "developer", hint: wrongAddress },
  ERR_RESPONSE_SHAPE_405: { actor: "developer", hint: wrongAddress },
  ERR_RESPONSE_SHAPE_410: { actor: "developer", hint: wrongAddress },
  ERR_ID_TOKEN: {
    actor: "developer",
    hint: "Nothing of the answer was kept. Compare this machine's clock, the client id and the provider's `issuer` with {provider}'s, then log in again.",
  },
  ERR_CLIENT_MISMATCH: { actor: "developer", hint: otherClient },
  ERR_USERINFO_MISMATCH: {
    actor: "developer",
    hint: "Use the access token and the ID token of one and the same answer; then ask {provider} again.",
  },
  ERR_PKCE_UNSUPPORTED: {
    actor: "developer",
    hint: 'No secret was sent. If {provider} has PKCE and does not tell, or you accept that it has none, say so in `columns`: `pkce: "ok"`, or `pkce: "ignored"`.',
  },
  ERR_NO_METADATA: {
    actor: "developer",
    hint: "Check the issuer's address, byte for byte. If {provider} publishes nothing, give its endpoints to `defineProvider`.",
  },
  ERR_NETWORK: {
    actor: "operator",
    retryable: true,
    hint: "Check the address, the network and the proxy, then try again.",
  },
  ERR_TIMEOUT: { actor: "nobody", retryable: true, hint: busy },
  // The keeper and the login
  ERR_LOGIN_NEEDED: { actor: "user", hint: "Log in to {provider} again." },
  ERR_REFRESH_UNCERTAIN: {
    actor: "user",
    hint: "A refresh token was sent to {provider} and no answer was kept; sending it again may end the connection. Log in again, or refresh by hand if you would rather try.",
  },
  ERR_STORE_UNAVAILABLE: {
    actor: "operator",
    retryable: true,
    hint: "Make the store writable again: room on the disk, the file's owner, the database.",
  },
  ERR_PORT_BUSY: {
    actor: "user",
    hint: "Close the program that listens there, or register another redirect URI and pass it: {redirectUri} is taken.",
  },
};

export const fallbackRow: AdviceRow = {
  actor: "developer",
  hint: "{provider} answered with a code of its own. Its documentation says what it means.",
};
