import { prepareStatement } from "./statement.ts";
import { StoreError } from "./store-error.ts";

/** What the stores use of `node:sqlite` and of its twin for older versions of Node. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): unknown;
  close(): void;
  /** False again once SQLite has rolled back by itself, which a full disk can make it do. */
  readonly isTransaction: boolean;
}

export type OpenDatabase = new (file: string, options?: { readonly readOnly: boolean }) => Database;

/**
 * Node's own SQLite where it is new enough, else `@photostructure/sqlite`, which has the same interface.
 * SQLite before 3.51.3 can corrupt a database in WAL mode (its "WAL-reset bug").
 */
export async function loadDriver(): Promise<OpenDatabase> {
  const own = findOwnDriver();
  if (own !== undefined && isSafe(own)) return own;
  const twin = await import("@photostructure/sqlite").catch(() => undefined);
  if (twin !== undefined) return classOf(twin);
  throw new StoreError(
    "ERR_STORE_NO_DRIVER",
    "This version of Node brings no SQLite that is safe to use: take Node 24 or newer, or install the package @photostructure/sqlite.",
  );
}

interface SqliteModule {
  readonly Database?: unknown;
  readonly DatabaseSync?: unknown;
}

/** Newer versions call the class `Database`. */
const classOf = (driver: SqliteModule): OpenDatabase => (driver.Database ?? driver.DatabaseSync) as OpenDatabase;

function findOwnDriver(): OpenDatabase | undefined {
  const original = Object.getOwnPropertyDescriptor(process, "emitWarning") ?? {};
  const emitWarning = process.emitWarning.bind(process);
  // Node 22 warns that its SQLite is experimental; we know which one we take. Every other warning passes.
  process.emitWarning = (warning: string | Error, ...rest: never[]) => {
    const text = typeof warning === "string" ? warning : warning.message;
    if (!text.startsWith("SQLite is an experimental feature")) emitWarning(warning, ...rest);
  };
  try {
    const driver: SqliteModule | undefined = process.getBuiltinModule("node:sqlite");
    return driver && classOf(driver);
  } finally {
    Object.defineProperty(process, "emitWarning", original);
  }
}

function isSafe(open: OpenDatabase): boolean {
  const database = new open(":memory:");
  try {
    const query = prepareStatement<{ readonly version: string }>(database, "SELECT sqlite_version() AS version");
    return isAtLeast(query.get()?.version ?? "", [3, 51, 3]);
  } finally {
    database.close();
  }
}

function isAtLeast(version: string, least: readonly [number, number, number]): boolean {
  const parts = version.split(".").map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
