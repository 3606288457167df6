import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Encrypts values for one place each: moved to another row, a value opens no more. */
export interface Sealer {
  seal(value: string, place: string): Uint8Array;
  /** `undefined`: sealed under a key that is not here, for another place, or damaged. */
  open(sealed: Uint8Array, place: string): string | undefined;
}

/** At least 32 random bytes, or a text that holds as much. */
export type SealingKey = Uint8Array | string;

/**
 * AES-256-GCM under the first key; any of them opens. A sealed value begins with its format and the name of its key,
 * four bytes derived from it, so nobody has to number keys. Throws `TypeError` for keys that are none.
 */
export function createSealer(keys: readonly SealingKey[]): Sealer {
  const rings = keys.map(deriveKey);
  const [newest] = rings;
  if (newest === undefined) throw new TypeError("keys needs at least one key: 32 random bytes.");
  return {
    seal(value, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", newest.key, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(place));
      const text = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.of(format), newest.name, nonce, text, cipher.getAuthTag()]);
    },
    open(bytes, place) {
      const sealed = Buffer.from(bytes);
      if (sealed[0] !== format || sealed.length < overheadBytes) return undefined;
      const name = sealed.subarray(1, 1 + nameBytes);
      const candidates = rings.filter((ring) => ring.name.equals(name));
      for (const { key } of candidates) {
        const value = tryOpen(sealed.subarray(1 + nameBytes), key, place);
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
}

const format = 1;
const nameBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const overheadBytes = 1 + nameBytes + nonceBytes + tagBytes;
const minimumKeyBytes = 32;

interface DerivedKey {
  readonly name: Buffer;
  readonly key: Buffer;
}

function deriveKey(secret: SealingKey): DerivedKey {
  const bytes = typeof secret === "string" ? Buffer.from(secret, "utf8") : secret;
  if (bytes.length < minimumKeyBytes) throw new TypeError("A key has at least 32 bytes, drawn at random.");
  const derive = (purpose: string, length: number): Buffer =>
    Buffer.from(hkdfSync("sha256", bytes, Buffer.alloc(0), `codegrant client store ${purpose}`, length));
  return { name: derive("name", nameBytes), key: derive("value", 32) };
}

function tryOpen(sealed: Buffer, key: Buffer, place: string): string | undefined {
  const nonce = sealed.subarray(0, nonceBytes);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return decipher.update(sealed.subarray(nonceBytes, -tagBytes), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return undefined;
  }
}
