/** Who can do something about it; `nobody`: it passes by itself. */
export type Actor = "user" | "developer" | "operator" | "nobody";

export interface AdviceRow {
  readonly actor: Actor;
  /** The same call may be made again as it is. */
  readonly retryable: boolean;
  /** `{provider}` and `{redirectUri}` are filled in. */
  readonly hint: string;
}

/** The row of a reason or a code that any request can meet; what one part alone meets stands beside it. */
export function findRow(key: string): AdviceRow | undefined {
  for (const [actor, rows] of Object.entries(hints) as [Actor, Hints][]) {
    if (Object.hasOwn(rows, key)) return { actor, retryable: passing.includes(key), hint: rows[key] ?? "" };
  }
  return undefined;
}

type Hints = Readonly<Record<string, string>>;

const registerExactly =
  "Register exactly this redirect URI at {provider}, byte for byte, port and trailing slash included: {redirectUri}";
const wrongAddress =
  "{provider} has nothing at this address, or not by this method: tokens are asked for by POST, without a slash at the end.";
const wrongAnswer = "Check that the endpoint is {provider}'s, and that no proxy answers in its place.";
const plainOnly = "{provider} reads plain parameters only: leave this one out.";
const showPage = "Start again without `prompt=none`, so that {provider} may show a page.";
const busy = "Wait a little and try again.";

/**
 * What to do, by whom: by the finer reason where there is one, by the code with a status, else by the code. One row for
 * each that the client can meet.
 */
export const hints: Readonly<Record<Actor, Hints>> = {
  developer: {
    client_id_missing: "{provider} saw no client id. It takes it as a form field, not by Basic.",
    client_unknown: "{provider} does not know this client id. Copy it again.",
    client_disabled: "{provider} has disabled this application. Ask there why.",
    client_secret_missing:
      "{provider} wants the secret; PKCE does not stand in for it. Pass `clientSecret`, or log in by device.",
    client_secret_wrong: "The client secret is wrong or was replaced. Copy the current one.",
    grant_type_not_allowed: "Switch this way of logging in on where the application is registered at {provider}.",
    redirect_uri_mismatch: registerExactly,
    redirect_mismatch: registerExactly,
    invalid_request: "{provider} did not understand the request; its text says why.",
    unauthorized_client: "The application is not registered for this at {provider}.",
    unsupported_response_type: "{provider} does not offer the code grant here. Check the authorize endpoint.",
    invalid_scope: "{provider} does not know one of the scopes, or not any more. Compare them with its list.",
    invalid_client: "{provider} did not accept the client id and secret. Copy both again.",
    unsupported_grant_type: "{provider} does not offer this grant. Check the token endpoint.",
    invalid_target: "{provider} does not know the resource asked for.",
    request_not_supported: plainOnly,
    request_uri_not_supported: plainOnly,
    ERR_ISSUER_MISMATCH:
      "Nothing was exchanged. If {provider} really calls itself that, correct the provider's `issuer`.",
    // An answer from an address that is not the right one, or was asked by another method
    ERR_RESPONSE_SHAPE_404: wrongAddress,
    ERR_RESPONSE_SHAPE_405: wrongAddress,
    ERR_RESPONSE_SHAPE_410: wrongAddress,
  },
  user: {
    code_invalid: "Start again from the application; a code works once and only for a short time.",
    refresh_token_invalid:
      "The user disconnected the application or changed the password, or the token was replaced. Ask them to log in again.",
    access_denied: "The user said no. Go on without the connection, and ask again only when they want it.",
    invalid_grant: "The code or refresh token is used up, expired or revoked. Ask the user to log in again.",
    invalid_token: "The access token has ended. Refresh it, or ask the user to log in again.",
    interaction_required: showPage,
    login_required: showPage,
    account_selection_required: showPage,
    consent_required: showPage,
    ERR_STATE_MISMATCH:
      "Nothing was exchanged. Start again from the application and finish in the same browser within an hour.",
    ERR_CALLBACK_INCOMPLETE: "This is not one whole answer from {provider}. Start again from the application.",
    ERR_LOGIN_NEEDED: "Log in to {provider} again.",
    ERR_REFRESH_UNCERTAIN: "To send the refresh token again may end the connection. Log in again, or refresh by hand.",
  },
  operator: {
    ERR_RESPONSE_SHAPE: wrongAnswer,
    ERR_RESPONSE_TOO_LARGE: wrongAnswer,
    ERR_NETWORK: "Check the address, the network and the proxy, then try again.",
    ERR_STORE_UNAVAILABLE: "Make the store writable again: room on the disk, the file's owner, the database.",
  },
  nobody: { slow_down: busy, temporarily_unavailable: busy, server_error: busy, ERR_TIMEOUT: busy },
};

const passing: readonly string[] = [...Object.keys(hints.nobody), "ERR_NETWORK", "ERR_STORE_UNAVAILABLE"];

export const fallbackRow: AdviceRow = {
  actor: "developer",
  retryable: false,
  hint: "This code is {provider}'s own: see its documentation.",
};
