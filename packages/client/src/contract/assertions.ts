/** Own ones, so that the contract runs wherever a store does. */
export function assertEqual(actual: unknown, expected: unknown, promise: string): void {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  throw new Error(`${promise}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

export function assertTrue(condition: boolean, promise: string): void {
  if (!condition) throw new Error(promise);
}
