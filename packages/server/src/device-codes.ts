import { hash } from "node:crypto";
import type { Platform } from "./platform.ts";
import type { Key } from "./tokens/key-ring.ts";

/** What the device polls with: 256 random bits, recognisable to secret scanners. */
export function createDeviceCode({ random }: Pick<Platform, "random">): string {
  return `cgd_${Buffer.from(random(32)).toString("base64url")}`;
}

export function deviceCodeHashOf(deviceCode: string): Uint8Array {
  return hash("sha256", deviceCode, "buffer");
}

/** Eight consonants, so that they are easy to type and spell no word (RFC 8628, 6.1): 34 bits for half an hour. */
export function createUserCode({ random }: Pick<Platform, "random">): string {
  let code = "";
  while (code.length < userCodeLength)
    // 240 is the largest multiple of 20 in a byte: every letter is equally likely.
    for (const byte of random(2 * userCodeLength))
      if (byte < 240 && code.length < userCodeLength) code += letters.charAt(byte % letters.length);
  return code;
}

/** As typed: case, spaces and dashes do not matter. Undefined for what no code can be. */
export function parseUserCode(typed: string | undefined): string | undefined {
  const code = (typed ?? "").slice(0, 64).toUpperCase().replace(/[\s-]/g, "");
  return code.length === userCodeLength && [...code].every((letter) => letters.includes(letter)) ? code : undefined;
}

/** Keyed, since so short a code could be found by trying all of them. */
export function userCodeHashOf(userCode: string, key: Key): Uint8Array {
  return key.formTag(Buffer.from(JSON.stringify(["user code", userCode]))).subarray(0, 16);
}

const letters = "BCDFGHJKLMNPQRSTVWXZ";
const userCodeLength = 8;
