import type { Dialect, ErrorMessage, ForeignErrorCode } from "./dialect.ts";
import { findErrorCode, OAuthError } from "./error.ts";
import { type HttpAnswer, parseAnswerBody, shapeError, textMember } from "./http-answer.ts";

/**
 * An error as JSON in the dialect's words (RFC 6749, 5.2). Text and status come from the dialect's list by reason,
 * then by code; a status or description the thrower chose stands. Never holds `detail`.
 */
export function formatErrorResponse(error: OAuthError, dialect: Dialect): { status: number; body: string } {
  const { members, messages } = dialect.error;
  const row = findMessage(error, messages);
  const usual = findErrorCode(error.code)?.status ?? 400;
  const status = row !== undefined && error.status === usual ? row.status : error.status;
  const fields: Record<string, string | number | undefined> = {};
  if (members.code !== undefined) fields[members.code] = findWireCode(error, dialect) ?? error.code;
  if (members.reasonPhrase !== undefined) fields[members.reasonPhrase] = reasonPhrases[status] ?? "Error";
  if (members.status !== undefined) fields[members.status] = status;
  if (members.description !== undefined) fields[members.description] = row?.message ?? (error.description || undefined);
  if (members.code !== undefined) fields["error_uri"] = error.uri;
  return { status, body: JSON.stringify(nest(fields, dialect)) };
}

/**
 * Reads an error answer. Throws `FlowError` if it is none (HTML from a proxy, an empty body, no known member),
 * since then nobody said no.
 */
export function parseErrorResponse(answer: HttpAnswer, dialect: Dialect): OAuthError {
  const body = unnest(parseAnswerBody(answer), dialect);
  const { members, messages } = dialect.error;
  const text = textMember(body, members.description);
  const row = findMessageByText(text, messages);
  const status = findStatus(answer, members.status === undefined ? undefined : body[members.status]);
  const wireCode = textMember(body, members.code);
  const foreign = findForeignCode(wireCode, dialect);
  const code = foreign?.code ?? wireCode ?? row?.code ?? findStandardCode(body) ?? guessCode(status, text);
  if (code === undefined) throw shapeError(answer, "has no error that is understood here");
  return new OAuthError(code, {
    reason: row?.reason ?? foreign?.reason,
    description: text ?? textMember(body, "error_description") ?? textMember(body, "message") ?? foreign?.wire,
    uri: textMember(body, "error_uri"),
    status,
  });
}

type Members = Readonly<Record<string, unknown>>;

/** `["errors", 0]` writes `{ "errors": [{ … }] }`. */
function nest(fields: Members, { error }: Dialect): unknown {
  return (error.nestedIn ?? []).reduceRight<unknown>(
    (inner, step) => (typeof step === "number" ? [inner] : { [step]: inner }),
    fields,
  );
}

/** What is not nested as it should be is read as it stands. */
function unnest(body: Members, { error }: Dialect): Members {
  let value: unknown = body;
  for (const step of error.nestedIn ?? []) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return body;
    value = (value as Record<string | number, unknown>)[step];
  }
  return typeof value === "object" && value !== null ? (value as Members) : body;
}

/** The row of a text; servers change the case of their texts now and then. */
export function findMessageByText(
  text: string | undefined,
  messages: readonly ErrorMessage[],
): ErrorMessage | undefined {
  const wanted = text?.trim().toLowerCase();
  return messages.find(({ message }) => message.toLowerCase() === wanted);
}

function findMessage(error: OAuthError, messages: readonly ErrorMessage[]): ErrorMessage | undefined {
  const { reason } = error;
  const byReason = reason === undefined ? undefined : messages.find((row) => row.reason === reason);
  if (byReason !== undefined) return byReason;
  // A description of its own says more than the code's usual text.
  if (error.description !== findErrorCode(error.code)?.description) return undefined;
  return messages.find((row) => row.reason === undefined && row.code === error.code);
}

/** The row of a code that is the dialect's own. */
export function findForeignCode(wire: string | undefined, { error }: Dialect): ForeignErrorCode | undefined {
  return error.codes.find((row) => row.wire === wire);
}

function findWireCode({ code, reason }: OAuthError, { error }: Dialect): string | undefined {
  const rows = error.codes.filter((row) => row.code === code);
  return (rows.find((row) => row.reason === reason) ?? rows.find((row) => row.reason === undefined))?.wire;
}

/** RFC 6749's own member, in a dialect that has none or uses the name for something else. */
function findStandardCode(body: Readonly<Record<string, unknown>>): string | undefined {
  const code = textMember(body, "error");
  return code !== undefined && findErrorCode(code) !== undefined ? code : undefined;
}

/** With JSON-P, and from servers that answer everything with 200, the real status is in the body. */
function findStatus({ status }: HttpAnswer, member: unknown): number | undefined {
  if (status >= 400) return status;
  return typeof member === "number" && member >= 400 && member <= 599 ? member : undefined;
}

/** A text nobody knows still comes with a status. */
function guessCode(status: number | undefined, text: string | undefined): string | undefined {
  if (status === undefined) return undefined;
  if (status >= 500) return status === 503 ? "temporarily_unavailable" : "server_error";
  if (status === 429) return "slow_down";
  if (text === undefined) return undefined;
  return status === 401 ? "invalid_token" : status === 403 ? "access_denied" : "invalid_request";
}

const reasonPhrases: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
