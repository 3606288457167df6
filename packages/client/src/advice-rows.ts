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
    hint: "{provider} wants this application's secret. Pass `clientSecret`, or register the application as a public one.",
  },
  client_secret_wrong: {
    actor: "developer",
    hint: "The client secret is wrong or was replaced; an old one may stop working at once. Copy the current one.",
  },
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
    hint: "Make the store writable again: room on the disk, the file's owner, the database. Fresh tokens wait in memory meanwhile.",
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
