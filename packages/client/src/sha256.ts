/**
 * SHA-256 (FIPS 180-4) that answers at once. Web Crypto answers only through a promise, and for the few bytes that are
 * hashed here the way through it costs several times the hash.
 */
export function sha256(message: Uint8Array): Uint8Array {
  const blocks = padded(message);
  const state = Uint32Array.from(initialState);
  for (let offset = 0; offset < blocks.byteLength; offset += 64) compress(state, blocks, offset);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => {
    digest.setUint32(index * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

/** The digest of a text as 64 hexadecimal digits. */
export function hashText(text: string): string {
  let digits = "";
  for (const byte of sha256(new TextEncoder().encode(text))) digits += byte.toString(16).padStart(2, "0");
  return digits;
}

function padded(message: Uint8Array): DataView {
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const bytes = new Uint8Array(length);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(length - 8, Math.floor(message.length / 0x2000_0000));
  view.setUint32(length - 4, (message.length << 3) >>> 0);
  return view;
}

function compress(state: Uint32Array, blocks: DataView, offset: number): void {
  const words = new Uint32Array(64);
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let index = 0; index < 64; index++) {
    words[index] = index < 16 ? blocks.getUint32(offset + index * 4) : wordAt(words, index);
    const choice = (e & f) ^ (~e & g);
    const first = h + mix(e, 6, 11, rotate(e, 25)) + choice + at(constants, index) + at(words, index);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = mix(a, 2, 13, rotate(a, 22)) + majority;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => {
    state[index] = at(state, index) + word;
  });
}

function wordAt(words: Uint32Array, index: number): number {
  const early = at(words, index - 15);
  const late = at(words, index - 2);
  return at(words, index - 16) + at(words, index - 7) + mix(early, 7, 18, early >>> 3) + mix(late, 17, 19, late >>> 10);
}

function mix(word: number, by: number, also: number, third: number): number {
  return rotate(word, by) ^ rotate(word, also) ^ third;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

/** The standard's constants are the first 32 bits of the fractions of roots of the first primes. */
const primes = firstPrimes(64);
const initialState = Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const constants = Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

function fraction(root: number): number {
  return Math.floor((root - Math.floor(root)) * 0x1_0000_0000);
}

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number++) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}
