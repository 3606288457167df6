import type { Database } from "./driver.ts";

/** A statement that was prepared once and runs often. */
export interface Statement<Row> {
  get(...values: readonly Value[]): Row | undefined;
  all(...values: readonly Value[]): Row[];
  run(...values: readonly Value[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
}

export type Value = string | number | null | Uint8Array;

/**
 * Drivers cut texts at a NUL character, one when writing, another when reading, so that "ada\0x" would be "ada". No such
 * text is ever written, and asking for one finds nothing.
 */
export function prepareStatement<Row>(
  database: Database,
  sql: string,
  { asArrays = false }: { readonly asArrays?: boolean } = {},
): Statement<Row> {
  const statement = database.prepare(sql) as Statement<Row> & { setReturnArrays(on: boolean): void };
  if (asArrays) statement.setReturnArrays(true);
  return {
    get: (...values) => (isAnyCut(values) ? undefined : statement.get(...values)),
    all: (...values) => (isAnyCut(values) ? [] : statement.all(...values)),
    run(...values) {
      if (isAnyCut(values)) throw new TypeError("A text with a NUL character cannot be stored.");
      return statement.run(...values);
    },
  };
}

function isAnyCut(values: readonly Value[]): boolean {
  for (const value of values) if (typeof value === "string" && value.includes("\0")) return true;
  return false;
}
