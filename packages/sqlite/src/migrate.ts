import type { Database } from "./driver.ts";
import { prepareStatement } from "./statement.ts";
import { StoreError } from "./store-error.ts";

/** Whose database it is, and how it came to be what it is. */
export interface Schema {
  /** Stands in the file's header, so that a database of another program is not taken for ours. */
  readonly applicationId: number;
  /** The first makes version 1 out of nothing, the next version 2 out of that, and so on. None is ever changed. */
  readonly versions: readonly string[];
}

/** Refuses what is not ours or newer than this program, changing nothing. */
export function checkSchema(database: Database, { applicationId, versions }: Schema, file: string): void {
  const found = readPragma(database, "application_id");
  const version = readVersion(database);
  const isEmpty = found === 0 && version === 0 && countTables(database) === 0;
  if (found !== applicationId && !isEmpty)
    throw new StoreError(
      "ERR_STORE_FOREIGN",
      `${file} is a database of another program: choose another file, or move that one away.`,
    );
  if (version > versions.length)
    throw new StoreError(
      "ERR_STORE_NEWER",
      `The database ${file} was written by a newer version of this program (${version}; this one knows ${versions.length}): update the program.`,
    );
}

/** Brings the database to the newest version, step by step in one transaction: it is as it was, or wholly new. */
export function migrate(database: Database, schema: Schema, file: string): void {
  // Taking the lock shows at once whether the file can be written, also where there is nothing to do.
  database.exec("BEGIN IMMEDIATE");
  try {
    // Read under the lock: two processes may start at the same moment.
    checkSchema(database, schema, file);
    const version = readVersion(database);
    for (const step of schema.versions.slice(version)) database.exec(step);
    if (version < schema.versions.length) {
      database.exec(`PRAGMA application_id = ${schema.applicationId}; PRAGMA user_version = ${schema.versions.length}`);
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** 0 in a file that no program of ours has written to. */
export const readVersion = (database: Database): number => readPragma(database, "user_version");

function readPragma(database: Database, name: "application_id" | "user_version"): number {
  const query = prepareStatement<Record<string, number>>(database, `PRAGMA ${name}`);
  return query.get()?.[name] ?? 0;
}

function countTables(database: Database): number {
  const query = prepareStatement<{ tables: number }>(database, "SELECT count(*) AS tables FROM sqlite_schema");
  return query.get()?.tables ?? 0;
}
