import { OAuthError } from "@codegrant/protocol";
import { type ConnectionError, isConnectionError } from "../advice.ts";
import { wasNeverSent } from "../transport.ts";

/** What a refresh that brought no tokens means, and for whom. */
export interface RefreshFailure {
  readonly kind: /** The provider has the word, and it is no: of this user's grant, or of the application itself. */
    | "grant_refused"
    | "client_refused"
    /** The refresh token certainly is not spent. */
    | "not_done"
    /** It may be spent: the request went out and no answer says what became of it. */
    | "unknown";
  readonly error: ConnectionError;
}

/** Everything else that is thrown is a bug and passes. */
export function classifyFailure(error: unknown): RefreshFailure {
  if (!isConnectionError(error)) throw error;
  return { kind: kindOf(error), error };
}

function kindOf(error: ConnectionError): RefreshFailure["kind"] {
  const { code, status = 0 } = error;
  if (busyStatuses.has(status) || busyCodes.has(code)) return "not_done";
  // Who fails may have written before, and a gateway tells nothing of what stands behind it.
  if (status >= 500 || code === "server_error") return "unknown";
  // The reason is the dialect's own reading, and finer than a code that some use for both.
  if (error instanceof OAuthError) {
    return error.reason !== "refresh_token_invalid" && clientCodes.has(code) ? "client_refused" : "grant_refused";
  }
  if (code === "ERR_NETWORK" && wasNeverSent(error.cause)) return "not_done";
  // A page of a proxy or a firewall in place of an answer, unless it came with a success.
  return status >= 300 ? "not_done" : "unknown";
}

/** Said before any work is done. */
const busyStatuses: ReadonlySet<number> = new Set([408, 425, 429, 503]);
const busyCodes: ReadonlySet<string> = new Set(["temporarily_unavailable", "slow_down"]);

const clientCodes: ReadonlySet<string> = new Set([
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_request",
]);
