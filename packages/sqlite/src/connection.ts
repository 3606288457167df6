import { resolve } from "node:path";
import { createDatabaseFile, findLooseModes } from "./database-file.ts";
import { loadDriver } from "./driver.ts";
import { createGroupCommit } from "./group-commit.ts";
import { checkSchema, migrate, type Schema } from "./migrate.ts";
import { createSnapshot } from "./snapshot.ts";
import { prepareStatement, type Statement } from "./statement.ts";
import { explain, explaining, StoreError } from "./store-error.ts";

/** One open database file. Everything a store does goes through `read` and `write`. */
export interface Connection {
  readonly prepare: <Row>(sql: string) => Statement<Row>;
  /** Rows come as arrays in the order of the columns: worth it where a row is wide and read on every request. */
  readonly prepareArrays: <Row extends readonly unknown[]>(sql: string) => Statement<Row>;
  /** Sees one snapshot for the whole turn of the event loop. */
  readonly read: <T>(query: () => T) => Promise<T>;
  /**
   * Runs the step in the next group commit and resolves once that is on the disk. A step of more than one writing
   * statement puts them into `together`.
   */
  readonly write: <T>(step: () => T) => Promise<T>;
  /** Within a step: applies all of these statements, or, when one throws, none. */
  readonly together: <T>(statements: () => T) => T;
  /** Called before a read that may see what another process has written since. */
  readonly onChangedElsewhere: (forget: () => void) => void;
  /** Finishes the writes that wait. Whatever comes later is refused. */
  readonly close: () => Promise<void>;
}

export interface ConnectionOptions {
  readonly file: string;
  readonly schema: Schema;
  readonly lockTimeoutSeconds: number;
  readonly onWarning: (sentence: string) => void;
}

export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const file = resolve(options.file);
  const open = await loadDriver();
  createDatabaseFile(file);
  const database = explaining(file, () => new open(file));
  try {
    explaining(file, () => {
      database.exec(`PRAGMA busy_timeout = ${Math.round(options.lockTimeoutSeconds * 1000)}`);
      // Before anything is written: a file that is not ours stays as it is.
      checkSchema(database, options.schema, file);
      database.exec(settings);
      migrate(database, options.schema, file);
    });
  } catch (error) {
    database.close();
    throw error;
  }
  for (const sentence of findLooseModes(file)) options.onWarning(sentence);

  const snapshot = createSnapshot(database);
  const commits = createGroupCommit(database, { beforeCommit: snapshot.end, explain: (error) => explain(error, file) });
  let isOpen = true;
  const closed = new StoreError("ERR_STORE_CLOSED", "The database was closed: this is a mistake in the program.");

  return {
    prepare: (sql) => prepareStatement(database, sql),
    prepareArrays: (sql) => prepareStatement(database, sql, { asArrays: true }),
    async read(query) {
      if (!isOpen) throw closed;
      return explaining(file, () => {
        snapshot.begin();
        return query();
      });
    },
    write: (step) => (isOpen ? commits.add(step) : Promise.reject(closed)),
    together: commits.together,
    onChangedElsewhere: snapshot.onChangedElsewhere,
    async close() {
      if (!isOpen) return;
      isOpen = false;
      commits.finish();
      snapshot.end();
      database.close();
    },
  };
}

/**
 * FULL, since a code that was answered must survive a power cut; the group commit makes it cheap. The cache holds the
 * rows of some 500,000 grants.
 */
const settings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA cache_size = -65536;
`;
