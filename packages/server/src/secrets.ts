import { timingSafeEqual } from "node:crypto";
import type { Platform } from "./platform.ts";
import type { Application } from "./records.ts";
import { sha256 } from "./tokens/sha256.ts";

/**
 * Whether this is one of the application's secrets, of which two may overlap during a rotation.
 * Compares digests and never stops early, so its time tells nothing about what was close.
 */
export function verifyClientSecret(application: Pick<Application, "secrets">, secret: string, now: number): boolean {
  const sent = hashSecret(secret);
  let matches = false;
  for (const known of application.secrets) {
    const living = known.expiresAt === undefined || now < known.expiresAt;
    const same = known.hash.byteLength === sent.byteLength && timingSafeEqual(known.hash, sent);
    matches = (same && living) || matches;
  }
  return matches;
}

type Randomness = Pick<Platform, "random">;

/** What is kept of a secret that was drawn from 256 random bits: no dictionary holds it, so one fast hash is right. */
export function hashSecret(secret: string): Uint8Array {
  return sha256(secret);
}

/** 256 random bits as 43 letters and digits, which no encoder changes. */
export function createSecret(randomness: Randomness): string {
  return drawText(randomness, letters.toUpperCase() + letters + digits, 43);
}

/** 30 lowercase letters and digits. It starts with a letter, so it is never a number such as a user's id (RFC 9700, 4.15). */
export function createClientId(randomness: Randomness): string {
  return drawText(randomness, letters, 1) + drawText(randomness, letters + digits, 29);
}

const letters = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const maximumDraws = 64;

/** Every character is equally likely: bytes above the largest multiple of the alphabet's length are thrown away. */
function drawText(randomness: Randomness, alphabet: string, length: number): string {
  const usable = 256 - (256 % alphabet.length);
  let text = "";
  for (let draw = 0; draw < maximumDraws && text.length < length; draw += 1) {
    for (const byte of randomness.random(length - text.length)) {
      if (byte < usable) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  if (text.length < length) throw new TypeError("The source of randomness gives no usable bytes.");
  return text;
}
