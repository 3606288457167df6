import type { Store } from "@codegrant/server";
import { openConnection } from "../connection.ts";
import { serverSchema } from "./schema.ts";
import { storeOver } from "./steps.ts";

export { StoreError, type StoreErrorCode } from "../store-error.ts";

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
