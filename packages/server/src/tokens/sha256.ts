import { hash } from "node:crypto";

/**
 * SHA-256 as bytes. Taken as text and written into Node's pool of small buffers: a digest that Node hands out as a buffer
 * gets memory of its own, which costs three times the hash.
 */
export function sha256(input: string | Uint8Array): Buffer {
  return Buffer.from(hash("sha256", input, "binary"), "latin1");
}
