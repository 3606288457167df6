import { hash, hkdfSync, timingSafeEqual } from "node:crypto";
import { sha256 } from "./sha256.ts";

/**
 * The secrets a server derives from, one purpose a key. Master keys come from a key file, an environment variable or
 * the host; they never lie in the database.
 */
export interface KeyRing {
  /** Makes new tokens, forms and cookies. */
  readonly current: Key;
  /** An old key verifies for as long as it is here. */
  find(id: number): Key | undefined;
  all(): readonly Key[];
}

export interface MasterKey {
  /** 1 to 255; stands in clear in every token. */
  readonly id: number;
  /** 32 random bytes. */
  readonly secret: Uint8Array;
}

export interface Key {
  readonly id: number;
  /** HMAC-SHA-256 for the tags of tokens. */
  tag(message: Uint8Array): Buffer;
  /** HMAC-SHA-256 for anti-forgery tokens. */
  formTag(message: Uint8Array): Buffer;
  /** HMAC-SHA-256 for signed cookies. */
  cookieTag(message: Uint8Array): Buffer;
  /** A pad of 32 bytes that hides a token's fields. */
  pad(tag: Uint8Array): Buffer;
  /** Shows whether a key file still holds the key that a database knows, and nothing else. */
  readonly checkValue: Buffer;
}

/** The last key is current. Throws a `TypeError` for none, for an id out of range or given twice, or a short secret. */
export function createKeyRing(masters: readonly MasterKey[]): KeyRing {
  const keys = new Map<number, Key>();
  for (const master of masters) {
    if (!Number.isInteger(master.id) || master.id < 1 || master.id > 255) throw new TypeError("A key id is 1 to 255");
    if (keys.has(master.id)) throw new TypeError(`Key id ${master.id} is there twice`);
    if (master.secret.length !== 32) throw new TypeError(`The secret of key ${master.id} is not 32 bytes long`);
    keys.set(master.id, deriveKey(master));
  }
  const current = [...keys.values()].at(-1);
  if (current === undefined) throw new TypeError("A key ring needs a key");
  return { current, find: (id) => keys.get(id), all: () => [...keys.values()] };
}

/** A ring that a running server changes without a restart: everyone who holds it works with the new keys at once. */
export interface ChangeableKeyRing extends KeyRing {
  replace(next: KeyRing): void;
}

export function createChangeableKeyRing(first: KeyRing): ChangeableKeyRing {
  let ring = first;
  return {
    get current() {
      return ring.current;
    },
    find: (id) => ring.find(id),
    all: () => ring.all(),
    replace(next) {
      ring = next;
    },
  };
}

/** Whether one of the keys made this tag: what was signed before a rotation holds for as long as its key is here. */
export function isTagOf(given: string | Uint8Array, keys: KeyRing, tagBy: (key: Key) => string): boolean {
  const bytes = Buffer.from(given);
  let matches = false;
  for (const key of keys.all()) {
    const expected = Buffer.from(tagBy(key));
    matches = (bytes.length === expected.length && timingSafeEqual(bytes, expected)) || matches;
  }
  return matches;
}

function deriveKey({ id, secret }: MasterKey): Key {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync("sha256", secret, "codegrant", `codegrant ${purpose}`, 32));
  const padKey = derive("token seal");
  const padInput = Buffer.concat([padKey, Buffer.alloc(tagBytes)]);
  return {
    id,
    tag: createHmac(derive("token tag")),
    formTag: createHmac(derive("form")),
    cookieTag: createHmac(derive("cookie")),
    pad(tag) {
      padInput.set(tag.subarray(0, tagBytes), padKey.length);
      return sha256(padInput);
    },
    checkValue: derive("check").subarray(0, 16),
  };
}

const tagBytes = 16;
const blockBytes = 64;

/**
 * HMAC-SHA-256 (RFC 2104) as two one-shot hashes over keys padded once: `createHmac` with a raw key costs ten times
 * as much on newer Node versions. Synchronous, so the buffers can be used again.
 */
function createHmac(key: Buffer): (message: Uint8Array) => Buffer {
  const outer = Buffer.alloc(blockBytes + 32, 0x5c);
  let inner = Buffer.alloc(blockBytes + 64, 0x36);
  key.forEach((byte, i) => {
    outer[i] = byte ^ 0x5c;
    inner[i] = byte ^ 0x36;
  });
  return (message) => {
    if (inner.length < blockBytes + message.length) {
      const larger = Buffer.alloc(blockBytes + message.length);
      inner.copy(larger, 0, 0, blockBytes);
      inner = larger;
    }
    inner.set(message, blockBytes);
    outer.write(hash("sha256", inner.subarray(0, blockBytes + message.length), "binary"), blockBytes, "latin1");
    return sha256(outer);
  };
}
