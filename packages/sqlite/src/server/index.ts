import type { Store } from "@codegrant/server";
import { backupDatabase } from "../backup.ts";
import { openConnection } from "../connection.ts";
import { type CheckOptions, checkDatabase, type StoreReport } from "./check.ts";
import { serverSchema } from "./schema.ts";
import { storeOver } from "./steps.ts";

export { StoreError, type StoreErrorCode } from "../store-error.ts";
export type { CheckOptions, Overdue, StoreReport } from "./check.ts";

export interface StoreOptions {
  /** Made if it is not there, readable by its owner alone. Two more files, `-wal` and `-shm`, lie beside it. */
  readonly file: string;
  /** How long to wait for another process that writes; 5 by default. The event loop stands still meanwhile. */
  readonly lockTimeoutSeconds?: number;
  /** Told, in a sentence, of files that others on the machine can read or replace. */
  readonly onWarning?: (sentence: string) => void;
}

/**
 * Opens the authorization server's store in an SQLite file. What a step answers is on the disk before it answers.
 * One server process per file; commands may work on it meanwhile.
 *
 * Throws a `StoreError` whose message says what to do: the file cannot be written, is no database, belongs to another
 * program, was written by a newer version, or is held by another process.
 *
 * ```ts
 * import { openStore } from "@codegrant/sqlite/server";
 *
 * const store = await openStore({ file: "/var/lib/codegrant/codegrant.db" });
 * await store.close();
 * ```
 */
export async function openStore({ file, lockTimeoutSeconds = 5, onWarning = () => {} }: StoreOptions): Promise<Store> {
  return storeOver(await openConnection({ file, lockTimeoutSeconds, onWarning, schema: serverSchema }));
}

export interface BackupOptions {
  readonly file: string;
  /** A name that is free; its folder must be there. */
  readonly to: string;
}

/**
 * Writes a whole copy of the database as it is at one moment, beside whatever runs on it; writers do not wait. The copy
 * is one file that its owner alone can read; it is checked and on the disk before it gets its name. Keys are not in it.
 * The event loop stands still meanwhile: run it in a process of its own, not in the server's.
 *
 * Throws a `StoreError` whose message says what to do; then there is no copy, not even a part of one.
 *
 * ```ts
 * import { backupStore } from "@codegrant/sqlite/server";
 *
 * const { bytes } = await backupStore({ file: "/var/lib/codegrant/codegrant.db", to: "/backup/monday.db" });
 * ```
 */
export async function backupStore({ file, to }: BackupOptions): Promise<{ readonly bytes: number }> {
  return backupDatabase({ file, to, schema: serverSchema, lockTimeoutSeconds: 5 });
}

/**
 * Says how a database stands and changes nothing: its version, what is broken, how many rows each table has, and what
 * grows. Works beside a running server and on a backup. It reads the whole file, and the event loop stands still
 * meanwhile.
 *
 * Throws a `StoreError` where there is nothing that could be looked at.
 *
 * ```ts
 * import { checkStore } from "@codegrant/sqlite/server";
 *
 * const now = Math.floor(Date.now() / 1000);
 * const { problems } = await checkStore({ file: "/backup/monday.db", now, keepEndedSeconds: 30 * 86_400 });
 * ```
 */
export async function checkStore(options: CheckOptions): Promise<StoreReport> {
  return checkDatabase(options);
}
