import { OAuthError } from "./error.ts";

/**
 * The access token of an `Authorization` header, `undefined` if there is none of these schemes (RFC 6750, 2.1).
 * Throws `invalid_request` for forms that could be read two ways: two spaces, two tokens, nothing after the scheme.
 */
export function parseAccessTokenHeader(header: string | undefined, schemes: readonly string[]): string | undefined {
  if (header === undefined || header === "") return undefined;
  const space = header.indexOf(" ");
  const scheme = (space === -1 ? header : header.slice(0, space)).toLowerCase();
  if (!schemes.some((one) => one.toLowerCase() === scheme)) return undefined;
  const token = space === -1 ? "" : header.slice(space + 1);
  if (token.length > maximumTokenLength || !/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    throw new OAuthError("invalid_request", {
      reason: "access_token_malformed",
      description: "The Authorization header must be the scheme, one space and the access token",
    });
  }
  return token;
}

/**
 * A `WWW-Authenticate` challenge (RFC 6750, 3). Every value is quoted, and no value can end its quotes.
 *
 * @example
 * formatChallenge("Bearer", { realm: "Codegrant", error: "invalid_token" });
 */
export function formatChallenge(scheme: string, attributes: Readonly<Record<string, string | undefined>> = {}): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) parts.push(`${name}="${quote(value)}"`);
  }
  return parts.length === 0 ? scheme : `${scheme} ${parts.join(", ")}`;
}

const maximumTokenLength = 4_096;

function quote(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").replace(/["\\]/g, "\\$&");
}
