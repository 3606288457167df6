import { OAuthError } from "@codegrant/protocol";
import { type ConnectionError, isConnectionError } from "../advice.ts";
import { wasNeverSent } from "../transport.ts";

/** What a refresh that brought no tokens means, and for whom. */
export type RefreshFailure =
  /** The provider has the word, and it is no: of this user's grant, or of the application itself. */
  | { readonly kind: "grant_refused" | "client_refused"; readonly error: ConnectionError }
  /** The refresh token certainly is not spent. */
  | { readonly kind: "not_done"; readonly error: ConnectionError }
  /** It may be spent: the request went out and no answer says what became of it. */
  | { readonly kind: "unknown"; readonly error: ConnectionError };

/** Everything else that is thrown is a bug and passes. */
export function classifyFailure(error: unknown): RefreshFailure {
  if (!isConnectionError(error)) throw error;
  if (error.status !== undefined && busyStatuses.has(error.status)) return { kind: "not_done", error };
  if (error.status !== undefined && gatewayStatuses.has(error.status)) return { kind: "unknown", error };
  if (error instanceof OAuthError) return { kind: kindOfRefusal(error), error };
  if (error.code === "ERR_NETWORK" && wasNeverSent(error.cause)) return { kind: "not_done", error };
  // A page of a proxy or a firewall in place of an answer, unless it came with a success.
  if (error.status !== undefined && error.status >= 300) return { kind: "not_done", error };
  return { kind: "unknown", error };
}

/** A gateway's 502 and 504 tell nothing of what stands behind it, so they are not among these. */
const busyStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 503]);
const gatewayStatuses: ReadonlySet<number> = new Set([502, 504]);

function kindOfRefusal({ code, reason, status }: OAuthError): RefreshFailure["kind"] {
  // The reason is the dialect's own reading, and finer than a code that some use for both.
  if (reason === "refresh_token_invalid") return "grant_refused";
  if (status > 500 || passingCodes.has(code)) return "not_done";
  return clientCodes.has(code) ? "client_refused" : "grant_refused";
}

const passingCodes: ReadonlySet<string> = new Set(["server_error", "temporarily_unavailable", "slow_down"]);
const clientCodes: ReadonlySet<string> = new Set([
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_request",
]);
