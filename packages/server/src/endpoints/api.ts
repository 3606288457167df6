import { type Dialect, formatErrorResponse, OAuthError } from "@codegrant/protocol";
import { isPowerOfTwo, SlowDown, type TooMany } from "../limits/slow-down.ts";
import type { Endpoint, Message, RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import { retryAfterSecondsOf } from "./retry-after.ts";

/** `application/json` and nothing after it: several clients compare the whole type. */
const jsonHeaders: readonly string[] = [
  "Content-Type",
  "application/json",
  "Cache-Control",
  "no-store",
  "Pragma",
  "no-cache",
  "X-Content-Type-Options",
  "nosniff",
];

export function jsonMessage(body: string, status = 200, headers: readonly string[] = []): Message {
  return { status, headers: headers.length === 0 ? jsonHeaders : [...jsonHeaders, ...headers], body };
}

/** An endpoint for programs: whatever goes wrong is JSON in the dialect's words. */
export function apiEndpoint(
  platform: Platform,
  dialect: Dialect,
  answer: (request: RequestRecord) => Promise<Message>,
): Endpoint {
  return async (request) => {
    try {
      if (request.bodyIsTooLarge) throw bodyTooLarge();
      return await answer(request);
    } catch (error) {
      return errorMessage(platform, dialect, request, error);
    }
  };
}

/**
 * The 429 of an endpoint that meets floods, written once: an error with its stack and a log line for each request would
 * cost more than all the rest of the answer.
 */
export function slowDownAnswer(
  platform: Platform,
  dialect: Dialect,
  code: string,
): (request: RequestRecord, tooMany: TooMany) => Message {
  const { status, body } = formatErrorResponse(new SlowDown({ waitSeconds: 1, times: 1 }, code), dialect);
  return (request, tooMany) =>
    isPowerOfTwo(tooMany.times)
      ? errorMessage(platform, dialect, request, new SlowDown(tooMany, code))
      : jsonMessage(body, status, ["Retry-After", String(tooMany.waitSeconds)]);
}

function bodyTooLarge(): OAuthError {
  return new OAuthError("invalid_request", { status: 413, description: "The body is too large" });
}

function errorMessage(platform: Platform, dialect: Dialect, request: RequestRecord, cause: unknown): Message {
  const error = cause instanceof OAuthError ? cause : failureOf(cause);
  if (!(error instanceof SlowDown) || error.hasLogLine) logRefusal(platform, request, error);
  const { status, body } = formatErrorResponse(error, dialect);
  return jsonMessage(body, status, headersOf(error, status, dialect));
}

function logRefusal(platform: Platform, { requestId }: RequestRecord, error: OAuthError): void {
  platform.log({
    level: error.status >= 500 ? "error" : "info",
    event: "request.refused",
    requestId,
    error: error.code,
    ...(error.reason !== undefined && { reason: error.reason }),
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.cause !== undefined && { cause: error.cause }),
  });
}

function failureOf(cause: unknown): OAuthError {
  const retryAfterSeconds = retryAfterSecondsOf(cause);
  return retryAfterSeconds === undefined
    ? new OAuthError("server_error", { cause })
    : new OAuthError("temporarily_unavailable", { retryAfterSeconds, detail: "the store is busy", cause });
}

function headersOf(error: OAuthError, status: number, dialect: Dialect): readonly string[] {
  const headers: string[] = [];
  if (error.retryAfterSeconds !== undefined) headers.push("Retry-After", String(error.retryAfterSeconds));
  if (status === 405) headers.push("Allow", "POST");
  // RFC 6749, 5.2: a 401 names the scheme; only a dialect that takes Basic may ask for it.
  if (error.code === "invalid_client" && status === 401 && dialect.tokenRequest.clientAuthentication.includes("basic"))
    headers.push("WWW-Authenticate", 'Basic realm="codegrant", charset="UTF-8"');
  if (status === 401 && tokenCodes.has(error.code) && dialect.accessTokenChallenge !== undefined)
    headers.push("WWW-Authenticate", dialect.accessTokenChallenge);
  return headers;
}

/** What is said of an access token, and not of the application. */
const tokenCodes: ReadonlySet<string> = new Set(["invalid_token", "insufficient_scope"]);
