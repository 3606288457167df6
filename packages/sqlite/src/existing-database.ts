import { resolve } from "node:path";
import { sizeOf } from "./database-file.ts";
import { type Database, loadDriver } from "./driver.ts";
import { checkSchema, readVersion, type Schema } from "./migrate.ts";
import { explaining, StoreError } from "./store-error.ts";

export interface ExistingDatabaseOptions {
  readonly file: string;
  readonly schema: Schema;
  readonly lockTimeoutSeconds: number;
}

/**
 * Opens a database that must be there, to look at it: nothing is made, written, checkpointed or brought to a newer
 * version. A server may be running on it, also one of an older version.
 */
export async function openExisting({ file, schema, lockTimeoutSeconds }: ExistingDatabaseOptions): Promise<Database> {
  const path = resolve(file);
  const size = sizeOf(path);
  if (size === undefined)
    throw new StoreError("ERR_STORE_NOT_FOUND", `There is no database at ${path}. Check the name, and the folder.`);
  const open = await loadDriver();
  const database = explaining(path, () => new open(path, { readOnly: true }));
  try {
    explaining(path, () => {
      database.exec(`PRAGMA busy_timeout = ${Math.round(lockTimeoutSeconds * 1000)}`);
      checkSchema(database, schema, path);
      if (readVersion(database) === 0) throw new StoreError("ERR_STORE_NOT_A_DATABASE", emptySentence(path));
    });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const emptySentence = (file: string): string =>
  `${file} is empty: nothing has ever been kept in it. Check the name, or restore a backup.`;
