// The product's own SQLite driver for the peers too: nothing to compile, and the same library on both sides.
import { loadDriver } from "../../packages/sqlite/dist/driver.js";

/** @typedef {{ get(...values: unknown[]): any, run(...values: unknown[]): { lastInsertRowid: number | bigint, changes: number | bigint } }} Statement */
/** @typedef {Awaited<ReturnType<typeof openDatabase>>} Bench */

/** Held here, since statements alone do not keep their database from being collected. */
const kept = new Set();

/** Durable: WAL with `synchronous=FULL`. */
export async function openDatabase(/** @type {string} */ file, /** @type {number} */ autoCheckpointPages = 1_000) {
  const database = new (await loadDriver())(file);
  kept.add(database);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = ${autoCheckpointPages}`);
  return {
    database,
    exec: (/** @type {string} */ sql) => database.exec(sql),
    prepare: (/** @type {string} */ sql) => /** @type {Statement} */ (database.prepare(sql)),
    /** Rows as arrays, the quickest this driver reads. */
    prepareArrays(/** @type {string} */ sql) {
      const statement = /** @type {Statement & { setReturnArrays(on: boolean): void }} */ (database.prepare(sql));
      statement.setReturnArrays(true);
      return statement;
    },
  };
}
