import { randomBytes } from "node:crypto";

/** Enough for a hundred codes: asking the system costs the same for one byte as for all of these. */
const poolBytes = 4_096;

/** Random bytes of the system, drawn many at a time. No byte is handed out twice, and none stays in the pool. */
export function createRandom(): (bytes: number) => Uint8Array {
  let pool = Buffer.alloc(0);
  let used = 0;
  return (bytes) => {
    if (bytes > poolBytes) return randomBytes(bytes);
    if (used + bytes > pool.length) {
      pool = randomBytes(poolBytes);
      used = 0;
    }
    const drawn = Buffer.from(pool.subarray(used, used + bytes));
    pool.fill(0, used, used + bytes);
    used += bytes;
    return drawn;
  };
}
