import type { Dialect, ErrorMessage } from "../dialect.ts";
import { twitch } from "./twitch.ts";

/** What the Kraken API said where today's Twitch says something else. */
const krakenMessages: readonly ErrorMessage[] = [
  { code: "invalid_client", reason: "client_id_missing", message: "No client id specified", status: 400 },
  {
    code: "invalid_token",
    reason: "access_token_invalid",
    message: "Token invalid or missing required scope",
    status: 401,
  },
  {
    code: "invalid_token",
    reason: "access_token_malformed",
    message: "Token invalid or missing required scope",
    status: 401,
  },
  {
    code: "invalid_token",
    reason: "access_token_missing",
    message: "Token invalid or missing required scope",
    status: 401,
  },
  { code: "insufficient_scope", reason: "scope_insufficient", message: "missing required oauth scope", status: 401 },
];

/** Twitch of the Kraken years (2012 to 2018) at `/kraken/oauth2/…`. */
export const kraken: Dialect = {
  ...twitch,
  name: "kraken",
  scope: { ...twitch.scope, whenEmpty: "empty" },
  revocation: { ...twitch.revocation, doneBody: '{"status":"ok"}' },
  tokenResponse: { ...twitch.tokenResponse, tokenType: undefined },
  accessTokenSchemes: ["OAuth", "Bearer"],
  // Its quotes are not RFC 7235's; clients of those years look for this text.
  accessTokenChallenge: "OAuth realm='TwitchTV', error='invalid_token'",
  error: {
    ...twitch.error,
    members: { code: undefined, reasonPhrase: "error", status: "status", description: "message" },
    messages: [
      ...krakenMessages,
      ...twitch.error.messages.filter(
        ({ reason }) => reason === undefined || !krakenMessages.some((row) => row.reason === reason),
      ),
    ],
  },
};
