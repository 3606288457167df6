/** A new seed each run, printed, so that a failure can be had again: CODEGRANT_SEED=… npx vitest run … */
export function printedSeed(of: string): number {
  const seed = Number(process.env["CODEGRANT_SEED"] ?? Date.now() % 2 ** 31);
  process.stdout.write(`${of}: seed ${seed}\n`);
  return seed;
}

/** How much of a whole soak is wanted: 1 is all of it. */
export function soakScale(): number {
  return Number(process.env["CODEGRANT_SOAK"] ?? 1);
}
