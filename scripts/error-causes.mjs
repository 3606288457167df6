// The causes and cures of docs/errors/, by code. Who can act, the short hint, status and section come from the tables of
// the packages.

/** @type {Record<string, { what: string, causes: [cause: string, cure: string][] }>} */
export const errorCauses = {
  invalid_request: {
    what: "The server could not read the request: a parameter is missing, there twice, or malformed.",
    causes: [
      [
        "A parameter is missing; the description names it.",
        "Send it. In Twitch's dialect `scope` must be there at the authorize endpoint, if only empty, and `redirect_uri` at the token endpoint.",
      ],
      [
        "A parameter is sent twice, or in the query and in the body.",
        "Send each once, and at the token endpoint in the body.",
      ],
      [
        "PKCE is required and `code_challenge` is not there.",
        "Use a client that does PKCE. For a confidential application of an old program: `codegrant app change CLIENT_ID --pkce optional`.",
      ],
      ["The body is not a form.", "Send `application/x-www-form-urlencoded`, not JSON."],
    ],
  },
  unauthorized_client: {
    what: "The application is known, but may not do this.",
    causes: [
      [
        "The grant type is not one it is registered for.",
        "Look at how the application is registered, or use another way to log in.",
      ],
      ["It revokes a token of another application.", "Revoke with the client id that the token was given to."],
    ],
  },
  access_denied: {
    what: "The user said no, or the platform did on their behalf.",
    causes: [
      [
        "The user pressed Decline, or closed the device's question with no.",
        "Go on without the connection. Ask again only when they want it. In this library it is a result (`declined`) and no exception.",
      ],
    ],
  },
  unsupported_response_type: {
    what: "The authorize endpoint was asked for something else than a code.",
    causes: [
      ["`response_type` is `token` or another one.", "Send `response_type=code`; the implicit grant is not offered."],
    ],
  },
  invalid_scope: {
    what: "A scope is unknown here, malformed, or more than was granted.",
    causes: [
      [
        "A name is misspelt, or belongs to another platform.",
        "Compare with the platform's list: `/docs/scopes` on a Codegrant server, or `codegrant scopes list`.",
      ],
      ["Scopes are separated by commas.", "Separate them by spaces (`+` or `%20` in an address)."],
      ["`openid` is asked for.", "Leave it out: there are no ID tokens here."],
      ["A refresh asks for more than was granted.", "Have the user approve again; a refresh can only narrow."],
    ],
  },
  server_error: {
    what: "Something went wrong on the server. The request may have been fine.",
    causes: [
      [
        "The server met a fault of its own; its log has the cause.",
        "Try again. If it stays, look for `request.failed` in the server's log, or ask whoever runs it.",
      ],
      ["In a client: the provider repeated a secret in its answer, and the text was left out.", "Ask the provider."],
    ],
  },
  temporarily_unavailable: {
    what: "The server is busy or starting.",
    causes: [
      [
        "Too many requests at once, or the database was held by another program.",
        "Wait as long as `Retry-After` says (`error.retryAfterSeconds`) and try again. Tokens are kept meanwhile.",
      ],
    ],
  },
  invalid_client: {
    what: "The application is unknown, or did not prove who it is.",
    causes: [
      [
        "The client id or the secret has a typing error, or the secret was replaced.",
        "Copy both again. `codegrant app show CLIENT_ID` and `codegrant app rotate-secret CLIENT_ID` on a server of your own.",
      ],
      [
        "The secret is sent in a way that this server does not take, or in two ways.",
        "Basic or form fields, never both; Twitch takes form fields only.",
      ],
      ["A public application sends a secret, or a confidential one none.", "Register it as what it is."],
    ],
  },
  invalid_grant: {
    what: "The code or the refresh token is wrong, used, expired or revoked.",
    causes: [
      [
        "The code was used already, often by a callback that ran twice, or by a person who reloaded the page.",
        "Start again. A code is good once and for a minute.",
      ],
      [
        "The redirect URI at the token endpoint differs from the one at the authorize endpoint.",
        "Send the same bytes, trailing slash included.",
      ],
      [
        "The verifier does not belong to the challenge.",
        "Keep the pending authorization with the browser's session and finish in the same browser.",
      ],
      [
        "The user disconnected the application, or the refresh token rotated and an old one was sent.",
        "Save the new refresh token before using the new access token; let one process refresh. The keeper of `@codegrant/client` does both. Then log in again.",
      ],
      ["A restored backup does not know the grant.", "Log in again."],
    ],
  },
  unsupported_grant_type: {
    what: "The token endpoint does not know this `grant_type`.",
    causes: [
      [
        "It is missing, misspelt, or one like `password` that is not offered.",
        "Send `authorization_code`, `refresh_token`, `client_credentials` or `urn:ietf:params:oauth:grant-type:device_code`.",
      ],
    ],
  },
  invalid_token: {
    what: "An API refused the access token.",
    causes: [
      ["It has expired.", "Refresh it. `connection.fetch` and `connection.accessToken` do so in time."],
      ["The user disconnected the application.", "Log in again."],
      ["The header is wrong.", "`Authorization: Bearer TOKEN`; Twitch's validate endpoint takes `OAuth TOKEN` too."],
    ],
  },
  insufficient_scope: {
    what: "The token is good, but may not do this.",
    causes: [
      [
        "The scope that the request needs was never asked for, or the user unticked it.",
        "Ask for it and have the user approve again.",
      ],
    ],
  },
  unsupported_token_type: {
    what: "Tokens of this kind cannot be revoked here.",
    causes: [
      [
        "`token_type_hint` or the token is of a kind the provider does not revoke.",
        "Revoke the refresh token instead, or have the user disconnect the application.",
      ],
    ],
  },
  invalid_target: {
    what: "The resource asked for is unknown, malformed, or more than was granted.",
    causes: [
      [
        "`resource` is not one that the platform knows.",
        "List it in the configuration (`app create --resource-server --resource URI`), or leave the parameter out.",
      ],
    ],
  },
  interaction_required: promptNone("The user has to do something"),
  login_required: promptNone("The user has to sign in"),
  account_selection_required: promptNone("The user has to choose an account"),
  consent_required: promptNone("The user has to approve"),
  request_not_supported: {
    what: "The request was sent as a signed object.",
    causes: [["`request` is there.", "Send plain parameters."]],
  },
  request_uri_not_supported: {
    what: "The request was sent as an address to fetch it from.",
    causes: [["`request_uri` is there.", "Send plain parameters."]],
  },
  authorization_pending: {
    what: "The user has not answered on the other device yet. No error: ask again.",
    causes: [
      [
        "The code on the screen has not been typed in, or not approved.",
        "Ask again after the interval. `finishDeviceAuthorization` does.",
      ],
    ],
  },
  expired_token: {
    what: "The time to answer on the other device is over.",
    causes: [["Nobody typed the code in while it was good.", "Start again and show the new code."]],
  },
  slow_down: {
    what: "The application asks too often.",
    causes: [
      ["A device is polled faster than the interval.", "Wait five seconds longer between requests from now on."],
      [
        "With status 429: too many refusals in a row.",
        "Wait as long as `Retry-After` says, and mend what is refused: a wrong secret, a dead token.",
      ],
    ],
  },
  ERR_STATE_MISMATCH: {
    what: "The answer does not belong to an authorization that this browser began. Nothing was exchanged.",
    causes: [
      ["It took longer than an hour, or cookies were cleared.", "Start again from the application."],
      [
        "It was begun in another browser, or on `localhost` and ended on `127.0.0.1`.",
        "Begin and end in the same browser, under the same name of the machine.",
      ],
      [
        "`SameSite=Strict`, or a cookie for another path, keeps the session's cookie from the callback.",
        "Use `SameSite=Lax` and `Path=/`.",
      ],
      ["Somebody sent the user a forged address.", "Nothing to do: this check is what stops it."],
    ],
  },
  ERR_ISSUER_MISMATCH: {
    what: "The answer says it is from another server than the one that was asked (RFC 9207).",
    causes: [
      [
        "The provider's `issuer` is written differently: a slash, http for https, another host.",
        "Take the issuer byte for byte from the server's metadata.",
      ],
      ["Another server's answer was mixed in.", "Nothing to do: nothing was sent to it."],
    ],
  },
  ERR_CALLBACK_INCOMPLETE: {
    what: "The address is not one whole answer: neither a code nor an error, or something twice.",
    causes: [
      ["A part of the address was pasted.", "Paste all of it, from `http` to the end."],
      ["The page was opened by hand.", "Start from the application."],
    ],
  },
  ERR_RESPONSE_SHAPE: {
    what: "An answer came that is no OAuth answer: a page in HTML, an empty body, a token missing.",
    causes: [
      [
        "The endpoint is another address, often with a slash too many.",
        "Compare it with the provider's documentation.",
      ],
      [
        "A proxy, a login wall or a maintenance page answers.",
        "Ask for the address with curl from the same machine and look.",
      ],
      ["The server answers with a redirect.", "Give the address it redirects to: no secret follows a redirect."],
    ],
  },
  ERR_RESPONSE_TOO_LARGE: {
    what: "The answer is longer than any OAuth answer (a megabyte), so it was not read on.",
    causes: [
      ["A page answers in the place of the endpoint.", "Compare the endpoint with the provider's documentation."],
    ],
  },
  ERR_NETWORK: {
    what: "The server could not be reached, or the connection broke.",
    causes: [
      ["The address or the port is wrong, or nothing listens there.", "Ask for it with curl from the same machine."],
      ["A proxy is needed.", "The command reads `HTTPS_PROXY`; in a program pass a `fetch` that uses it."],
      ["The certificate is not trusted.", "`NODE_EXTRA_CA_CERTS=FILE`."],
      ["In a container, `localhost` is the container itself.", "Use the service's name."],
    ],
  },
  ERR_TIMEOUT: {
    what: "No answer came in time.",
    causes: [["The server or the network is slow.", "Try again; `timeoutSeconds` says how long to wait, 20 at most."]],
  },
  ERR_LOGIN_NEEDED: {
    what: "There is no connection to use: nobody logged in yet, or it has ended.",
    causes: [
      [
        "Nobody logged in with this provider, client and account.",
        "`connection.login()`, `connection.start(request)` or `codegrant login`. Check the account's name and the store's place.",
      ],
      ["The user disconnected the application or changed the password.", "Log in again."],
      [
        "The refresh token was replaced by another program that shares it.",
        "Let programs share one store, not one token.",
      ],
    ],
  },
  ERR_REFRESH_UNCERTAIN: {
    what: "A refresh token was sent, and the answer never came to be saved: the process slept or was killed just then.",
    causes: [
      [
        "Where the provider ends the connection when a refresh token comes twice, nothing is sent on a guess.",
        "Log in again. Or `connection.refresh()`, `codegrant refresh NAME`, which tries once more: it works unless the first one arrived.",
      ],
    ],
  },
  ERR_STORE_UNAVAILABLE: {
    what: "Tokens could not be saved. The fresh ones wait in this process's memory and are saved as soon as it works.",
    causes: [
      [
        "The disk is full, the folder is another user's, the database is away.",
        "Make it writable again before the process ends.",
      ],
    ],
  },
  ERR_PORT_BUSY: {
    what: "The port of the redirect URI is taken, so that the browser's answer could not arrive.",
    causes: [
      [
        "Another program, often an application in development, listens there.",
        "Close it, or register another redirect URI and pass it (`--redirect-uri`).",
      ],
    ],
  },
  ERR_ID_TOKEN: {
    what: "The ID token in the answer is not for this application, of this server, or of this time.",
    causes: [
      ["This machine's clock is wrong.", "Set it."],
      ["The client id or the `issuer` is another one.", "Compare both with the provider's metadata."],
    ],
  },
  ERR_CLIENT_MISMATCH: {
    what: "The token belongs to another application.",
    causes: [
      [
        "The client id was changed, and the tokens are from before.",
        "Use the one they were given to, or log in again.",
      ],
    ],
  },
  ERR_USERINFO_MISMATCH: {
    what: "The provider told of another user than the one in the ID token.",
    causes: [
      [
        "The userinfo endpoint is another server's, or the answer was mixed up on the way.",
        "Compare the endpoint with the provider's metadata, then log in again. Nothing was kept.",
      ],
    ],
  },
  ERR_PKCE_UNSUPPORTED: {
    what: "The server's metadata do not say that it does PKCE, so no secret was sent to it.",
    causes: [
      ["It does and does not tell, or it does not.", 'Say which in `columns`: `pkce: "ok"` or `pkce: "ignored"`.'],
    ],
  },
  ERR_NO_METADATA: {
    what: "Nothing at the issuer's address says where its endpoints are.",
    causes: [
      [
        "The issuer is not the server's own name for itself.",
        "Check it byte for byte; a path belongs to it, a slash at the end does not.",
      ],
      ["The server publishes nothing.", "Give its endpoints to `defineProvider`."],
    ],
  },
  ERR_STORE_NO_DRIVER: {
    what: "There is no SQLite that is new enough.",
    causes: [
      [
        "Node's own is older than 3.51.3 and the optional package was left out.",
        "Use Node 24 or 26, or install without `--omit=optional`.",
      ],
    ],
  },
  ERR_STORE_NOT_FOUND: {
    what: "There is no database at this place.",
    causes: [
      ["The name after `--db` is another one, or the folder is.", "Check it. `codegrant serve` makes a new one."],
    ],
  },
  ERR_STORE_EXISTS: {
    what: "The file is there already, and nothing is overwritten.",
    causes: [["A backup has this name.", "Choose another."]],
  },
  ERR_STORE_NOT_WRITABLE: {
    what: "The database, or the folder it lies in, cannot be written to.",
    causes: [
      [
        "They belong to another user, or the disk is read-only.",
        "Both must be writable: two more files come to lie beside the database.",
      ],
    ],
  },
  ERR_STORE_NOT_A_DATABASE: {
    what: "The file is no SQLite database.",
    causes: [["The name is another file's.", "Choose another. It was not touched."]],
  },
  ERR_STORE_FOREIGN: {
    what: "The file is a database of another program.",
    causes: [
      [
        "The name is another program's, or a store of connections was given for a platform's.",
        "Choose another. It was not touched.",
      ],
    ],
  },
  ERR_STORE_NEWER: {
    what: "A newer version of this program wrote the database.",
    causes: [
      [
        "The program was set back after an update.",
        "Update it, or restore the backup from before. The file was not touched.",
      ],
    ],
  },
  ERR_STORE_DAMAGED: {
    what: "The database is damaged.",
    causes: [
      [
        "The disk, or a copy made by hand while it was in use.",
        "Stop the server, keep the three files, restore a backup: [operations](../operations.md#restore).",
      ],
    ],
  },
  ERR_STORE_LOCKED: {
    what: "Another program held the database for longer than the wait.",
    causes: [
      [
        "Two servers on one database, or a tool that keeps a transaction open.",
        "One server process a database. Nothing was written; try again.",
      ],
    ],
  },
  ERR_STORE_FULL: {
    what: "The disk that holds the database is full.",
    causes: [["It is.", "Make room. What was answered before is safe; what was not answered was not done."]],
  },
  ERR_STORE_BUSY: {
    what: "More writes are waiting than the store takes.",
    causes: [["A flood, or a disk that is slow to sync.", "Nothing was written; try again in a second."]],
  },
  ERR_STORE_CLOSED: {
    what: "The store was used after it was closed.",
    causes: [["The program is shutting down, or closes the store too early.", "Close it last."]],
  },
};

function promptNone(/** @type {string} */ what) {
  return {
    what: `${what}, but \`prompt=none\` allows no page.`,
    causes: /** @type {[string, string][]} */ ([
      [
        "The application asked without a page, to see whether it works.",
        "Start again without `prompt=none`, so that the page can be shown.",
      ],
    ]),
  };
}
