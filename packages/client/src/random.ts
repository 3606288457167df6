import { sha256 } from "./sha256.ts";

/** Draws that many bytes; `crypto.getRandomValues` unless a test hands in its own. */
export type Random = (length: number) => Uint8Array;

export const drawBytes: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** 256 bits as 43 characters of A-Z, a-z, 0-9, `-` and `_`: good as a state and as a code verifier (RFC 7636, 4.1). */
export function drawToken(random: Random): string {
  return base64Url(random(32));
}

/** The S256 challenge of a verifier (RFC 7636, 4.2). */
export function createCodeChallenge(codeVerifier: string): string {
  return base64Url(sha256(new TextEncoder().encode(codeVerifier)));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
