import { hash } from "node:crypto";

/** S256: BASE64URL(SHA256(ASCII(code_verifier))) (RFC 7636, 4.2). */
export function codeChallengeOf(codeVerifier: string): string {
  return hash("sha256", codeVerifier, "base64url");
}

/** What a grant keeps of its challenge after the exchange: enough to know a replay by. */
export function challengePrefixOf(codeChallenge: string | undefined): Buffer {
  return codeChallenge === undefined ? Buffer.alloc(0) : Buffer.from(codeChallenge, "base64url").subarray(0, 12);
}
