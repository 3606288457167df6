import { timingSafeEqual } from "node:crypto";
import type { DialectFamily } from "@codegrant/protocol";
import type { Key, KeyRing } from "./key-ring.ts";

/**
 * A code, refresh or access token is not stored: it is a view of a grant's row (or, for application tokens, of the
 * application's), written into 48 bytes, tagged and sealed. A random string is refused by its tag before any query.
 *
 * | bytes | field |
 * | --- | --- |
 * | 0 | version << 4, kind |
 * | 1 | key id, in clear |
 * | 2–7 | grant id (application id), 48 bits |
 * | 8–11 | generation (token epoch) |
 * | 12–15 | expiry, epoch seconds |
 * | 16–18 | scope mask: bit i is the i-th scope of the grant, bit 23 all from the 24th on |
 * | 19 | resource mask |
 * | 20–31 | proof (serial) |
 * | 32–47 | tag over all of it and the family |
 */
export interface Token {
  readonly kind: TokenKind;
  readonly keyId: number;
  readonly grantId: number;
  readonly generation: number;
  readonly expiresAt: number;
  readonly scopeMask: number;
  readonly resourceMask: number;
  /** 12 bytes; what it proves is in `proof.ts`. */
  readonly proof: Uint8Array;
}

export type TokenKind = "code" | "refresh" | "access" | "application";

/** A mask that narrows nothing. */
export const wholeScopeMask = 0xffffff;
export const wholeResourceMask = 0xff;

/** Secret scanners find our tokens by these, and a finder knows how urgent it is. */
const prefixes: Record<TokenKind, string> = { code: "cgc_", refresh: "cgr_", access: "cga_", application: "cgp_" };
const kindNumbers: Record<TokenKind, number> = { code: 1, refresh: 2, access: 3, application: 4 };
const kindsByNumber: readonly (TokenKind | undefined)[] = [undefined, "code", "refresh", "access", "application"];
const familyNumbers: Record<DialectFamily, number> = { rfc6749: 1, twitch: 2 };

const version = 1;
const prefixCharacters = 4;
const fieldBytes = 32;
const totalBytes = 48;
const tokenCharacters = prefixCharacters + 64;

export function formatToken(token: Omit<Token, "keyId">, key: Key, family: DialectFamily): string {
  const bytes = Buffer.allocUnsafe(totalBytes);
  bytes[0] = (version << 4) | kindNumbers[token.kind];
  bytes[1] = key.id;
  bytes.writeUIntBE(token.grantId, 2, 6);
  bytes.writeUInt32BE(token.generation, 8);
  bytes.writeUInt32BE(token.expiresAt, 12);
  bytes.writeUIntBE(token.scopeMask, 16, 3);
  bytes[19] = token.resourceMask;
  bytes.set(token.proof, 20);
  bytes.set(tagOf(bytes, key, family), fieldBytes);
  seal(bytes, key);
  return prefixes[token.kind] + bytes.toString("base64url");
}

/**
 * The token that this text is, if one of our keys made it for this family; its expiry and the row are the caller's
 * to check. The same answer for every kind of wrong text, in time that does not depend on it.
 */
export function parseToken(text: string, keys: KeyRing, family: DialectFamily): Token | undefined {
  if (text.length !== tokenCharacters) return undefined;
  const bytes = Buffer.from(text.slice(prefixCharacters), "base64url");
  // Node's decoder also takes `+` and `/` and ignores stray bits: one token must have one spelling.
  if (bytes.length !== totalBytes || bytes.toString("base64url") !== text.slice(prefixCharacters)) return undefined;
  const key = keys.find(bytes[1] ?? 0);
  if (key === undefined) return undefined;
  seal(bytes, key);
  if (!timingSafeEqual(tagOf(bytes, key, family), bytes.subarray(fieldBytes))) return undefined;
  const head = bytes[0] ?? 0;
  const kind = kindsByNumber[head & 0x0f];
  if (head >> 4 !== version || kind === undefined || !text.startsWith(prefixes[kind])) return undefined;
  return {
    kind,
    keyId: key.id,
    grantId: bytes.readUIntBE(2, 6),
    generation: bytes.readUInt32BE(8),
    expiresAt: bytes.readUInt32BE(12),
    scopeMask: bytes.readUIntBE(16, 3),
    resourceMask: bytes[19] ?? 0,
    proof: bytes.subarray(20, fieldBytes),
  };
}

const tagInput = Buffer.alloc(fieldBytes + 1);

function tagOf(bytes: Buffer, key: Key, family: DialectFamily): Buffer {
  bytes.copy(tagInput, 0, 0, fieldBytes);
  tagInput[fieldBytes] = familyNumbers[family];
  return key.tag(tagInput).subarray(0, totalBytes - fieldBytes);
}

/** Its own inverse. Hides how many grants there are, how often one was refreshed, and which tokens belong together. */
function seal(bytes: Buffer, key: Key): void {
  const pad = key.pad(bytes.subarray(fieldBytes));
  for (let i = 0; i < fieldBytes; i++) if (i !== 1) bytes[i] = (bytes[i] ?? 0) ^ (pad[i] ?? 0);
}
