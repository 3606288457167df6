import { formatChallenge, formatErrorResponse, type OAuthError, rfc6749 } from "@codegrant/protocol";
import { jsonMessage } from "../endpoints/api.ts";
import type { Message } from "../message.ts";
import type { GuardContext, GuardedRequest } from "./check.ts";

/**
 * The refusal with its challenge (RFC 6750, 3), which names the document that says where to get a token (RFC 9728, 5.1).
 * A request without any token is told no error code, only what it needs.
 */
export function refusalMessage(
  context: GuardContext,
  request: GuardedRequest,
  error: OAuthError,
  needed: readonly string[],
): Message {
  log(context, request, error);
  const { status, body } = formatErrorResponse(error, rfc6749);
  if (status >= 500) return jsonMessage(body, status);
  const isMissing = error.reason === "access_token_missing";
  const challenge = formatChallenge("Bearer", {
    realm: context.platform.settings.name,
    error: isMissing ? undefined : error.code,
    error_description: isMissing ? undefined : error.description,
    scope: needed.length === 0 || error.code === "invalid_request" ? undefined : needed.join(" "),
    resource_metadata: context.metadataUrl,
  });
  // A page that may call the API at all should see why it was refused.
  const headers = ["WWW-Authenticate", challenge, "Access-Control-Expose-Headers", "WWW-Authenticate"];
  return jsonMessage(body, status, headers);
}

function log({ platform }: GuardContext, { requestId }: GuardedRequest, error: OAuthError): void {
  platform.log({
    level: error.status >= 500 ? "error" : "info",
    event: "guard.refused",
    error: error.code,
    ...(requestId !== undefined && { requestId }),
    ...(error.reason !== undefined && { reason: error.reason }),
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.cause !== undefined && { cause: error.cause }),
  });
}
