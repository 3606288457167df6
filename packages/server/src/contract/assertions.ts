import assert from "node:assert/strict";

/** The value, which must be there. */
export function found<T>(value: T | undefined): T {
  assert.notEqual(value, undefined, "what was written is not found");
  return value as T;
}

/** Equal member by member and byte by byte. Which class of bytes a store returns is its own affair. */
export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepEqual(plain(actual), plain(expected));
}

export function assertCounts(outcomes: readonly string[], expected: Readonly<Record<string, number>>): void {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  assert.deepEqual(counts, expected);
}

export async function assertRefused(step: Promise<unknown>): Promise<void> {
  await assert.rejects(step);
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

/** Twenty of the same step, all under way before the first has answered. */
export async function twenty<T>(step: (index: number) => Promise<T>): Promise<readonly T[]> {
  return Promise.all(Array.from({ length: 20 }, (_, index) => step(index)));
}
