import type { Dialect, ErrorMessage } from "../dialect.ts";
import { kraken } from "./kraken.ts";
import { twitch } from "./twitch.ts";

/** What today's Twitch API says to a request that lacks something. */
const helixMessages: readonly ErrorMessage[] = [
  { code: "invalid_token", reason: "access_token_missing", message: "OAuth token is missing", status: 401 },
  { code: "invalid_token", reason: "access_token_invalid", message: "Invalid OAuth token", status: 401 },
  { code: "invalid_token", reason: "access_token_malformed", message: "Invalid OAuth token", status: 401 },
  { code: "invalid_client", reason: "client_id_missing", message: "Client ID is missing", status: 401 },
  {
    code: "invalid_client",
    reason: "client_ids_differ",
    message: "Client ID and OAuth token do not match",
    status: 401,
  },
];

/** Twitch's API at `/helix/…`: the tokens of `twitch`, the error envelope of `kraken`, words of its own. */
export const helix: Dialect = {
  ...twitch,
  name: "helix",
  accessTokenSchemes: ["Bearer"],
  error: {
    ...kraken.error,
    messages: [
      ...helixMessages,
      ...twitch.error.messages.filter(
        ({ reason }) => reason === undefined || !helixMessages.some((row) => row.reason === reason),
      ),
    ],
  },
};
