import { OAuthError } from "./error.ts";
import { type Parameters, single } from "./parameters.ts";

/**
 * The S256 code challenge of an authorization request, `undefined` if it has none (RFC 7636, 4.3).
 * A missing method means `plain` there, which is refused like every method but `S256`.
 */
export function parseCodeChallenge(parameters: Parameters): string | undefined {
  const challenge = single(parameters, "code_challenge");
  const method = single(parameters, "code_challenge_method");
  if (challenge === undefined && method === undefined) return undefined;
  if (challenge === undefined) throw refuse("code_challenge_missing", "code_challenge_method needs a code_challenge");
  if (method !== "S256") throw refuse("code_challenge_method_unsupported", "code_challenge_method must be S256");
  if (!isCodeChallenge(challenge)) {
    throw refuse("code_challenge_malformed", "An S256 code_challenge has 43 characters of base64url");
  }
  return challenge;
}

/** 43 characters of base64url, which is what SHA-256 becomes (RFC 7636, 4.2). */
export function isCodeChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/**
 * 43 to 128 visible ASCII characters. Wider than RFC 7636, 4.1, because git-credential-oauth sends base64
 * with `+`, `/` and `=`; the hash decides anyway.
 */
export function isCodeVerifier(text: string): boolean {
  return /^[\x21-\x7e]{43,128}$/.test(text);
}

function refuse(
  reason: "code_challenge_missing" | "code_challenge_method_unsupported" | "code_challenge_malformed",
  description: string,
): OAuthError {
  return new OAuthError("invalid_request", { reason, description });
}
