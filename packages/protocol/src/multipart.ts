import { OAuthError } from "./error.ts";
import { checkLength, malformed, type ParameterLimits, type Parameters, parametersFrom } from "./parameters.ts";

/**
 * Reads the text fields of a `multipart/form-data` body (RFC 7578), which twitch-cli sends to the token endpoint.
 * `body` holds one character per byte (latin1). Throws `invalid_request` for files, for anything malformed
 * and beyond the limits of `parseParameters`.
 */
export function parseMultipart(body: string, contentType: string, limits: ParameterLimits = {}): Parameters {
  checkLength(body, limits);
  const boundary = findBoundary(contentType);
  if (boundary === undefined) throw malformed("multipart without a boundary");
  return parametersFrom(parts(body, `--${boundary}`), limits);
}

function* parts(body: string, delimiter: string): Generator<readonly [string, string]> {
  let start = body.startsWith(delimiter) ? delimiter.length : afterPreamble(body, delimiter);
  while (!body.startsWith("--", start)) {
    if (!body.startsWith("\r\n", start)) throw malformed("multipart delimiter without a line end");
    const end = body.indexOf(`\r\n${delimiter}`, start + 2);
    if (end === -1) throw malformed("multipart part without an end");
    yield parsePart(body.slice(start + 2, end));
    start = end + 2 + delimiter.length;
  }
}

function afterPreamble(body: string, delimiter: string): number {
  const at = body.indexOf(`\r\n${delimiter}`);
  if (at === -1) throw malformed("multipart without a delimiter");
  return at + 2 + delimiter.length;
}

function parsePart(part: string): readonly [string, string] {
  const blank = part.indexOf("\r\n\r\n");
  if (blank === -1) throw malformed("multipart part without a blank line");
  const headers = part.slice(0, blank).split("\r\n");
  const disposition = headers.find((line) => /^content-disposition:/i.test(line));
  if (disposition === undefined || !/^content-disposition:[ \t]*form-data[ \t]*;/i.test(disposition)) {
    throw malformed("multipart part that is no form field");
  }
  if (/;[ \t]*filename\*?=/i.test(disposition)) {
    throw new OAuthError("invalid_request", { reason: "parameter_malformed", description: "Files are not accepted" });
  }
  const name = /;[ \t]*name="([^"\\]*)"/i.exec(disposition)?.[1] ?? /;[ \t]*name=([^\s;"]+)/i.exec(disposition)?.[1];
  if (name === undefined) throw malformed("multipart field without a name");
  return [decodeUtf8(name), decodeUtf8(part.slice(blank + 4))];
}

function findBoundary(contentType: string): string | undefined {
  if (!/^multipart\/form-data[ \t]*;/i.test(contentType) || contentType.length > 500) return undefined;
  const match = /;[ \t]*boundary=(?:"([^"\\]{1,70})"|([^\s;",]{1,70}))[ \t]*(?:;|$)/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/** Text whose characters are bytes, read as UTF-8. */
export function decodeUtf8(latin1: string): string {
  if (!/[\u0080-\uffff]/.test(latin1)) return latin1;
  const bytes = Uint8Array.from(latin1, (character) => character.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed("bytes that are no UTF-8");
  }
}
