import { resolve } from "node:path";
import { findLooseModes, sizeOf } from "../database-file.ts";
import type { Database } from "../driver.ts";
import { openExisting } from "../existing-database.ts";
import { readVersion } from "../migrate.ts";
import { prepareStatement } from "../statement.ts";
import { explain, isDamage, StoreError } from "../store-error.ts";
import { serverSchema } from "./schema.ts";

/** How a database stands. */
export interface StoreReport {
  /** Undefined where not even that can be read. */
  readonly schemaVersion: number | undefined;
  /** What a program with this store brings it to when it opens it to write. */
  readonly newestSchemaVersion: number;
  /** What is broken, in SQLite's words; empty when all is well, at most 200. */
  readonly problems: readonly string[];
  /** By table; a table too damaged to be counted is left out. */
  readonly rows: Readonly<Record<string, number>>;
  /** `free` is inside the database file, and used again before the file grows. */
  readonly bytes: { readonly database: number; readonly writeAheadLog: number; readonly free: number };
  /** What the cleaner should have removed or ended by now; empty where it keeps up. It comes about hourly. */
  readonly overdue: readonly Overdue[];
  /** Files that others on the machine can read or replace, in sentences. */
  readonly warnings: readonly string[];
}

export interface Overdue {
  readonly table: string;
  readonly rows: number;
  /** When the oldest of them became so. */
  readonly since: number;
}

export interface CheckOptions {
  readonly file: string;
  readonly now: number;
  /** How long the server keeps what ended. */
  readonly keepEndedSeconds: number;
}

export async function checkDatabase({ file, now, keepEndedSeconds }: CheckOptions): Promise<StoreReport> {
  const path = resolve(file);
  const problems: string[] = [];
  // Each part by itself, since a damaged page takes only those with it that need it.
  const tell = telling(path, problems);
  const report: Mutable<StoreReport> = {
    schemaVersion: undefined,
    newestSchemaVersion: serverSchema.versions.length,
    problems,
    rows: {},
    bytes: { database: sizeOf(path) ?? 0, writeAheadLog: sizeOf(`${path}-wal`) ?? 0, free: 0 },
    overdue: [],
    warnings: findLooseModes(path),
  };
  const database = await openUnlessDamaged(path, problems);
  if (database === undefined) return report;
  try {
    tell("the header", () => (report.schemaVersion = readVersion(database)));
    tell("the header", () => (report.bytes = { ...report.bytes, free: measureFree(database) }));
    tell("the whole", () => problems.push(...findProblems(database)));
    const tables = tell("the schema", () => listTables(database)) ?? [];
    for (const table of tables) {
      tell(table, () => (report.rows = { ...report.rows, [table]: countRows(database, table) }));
      tell(table, () => (report.overdue = [...report.overdue, ...findOverdue(database, table, now, keepEndedSeconds)]));
    }
    return { ...report, problems: [...new Set(problems)] };
  } finally {
    database.close();
  }
}

type Mutable<Record> = { -readonly [Member in keyof Record]: Record[Member] };

/** Damage to the first pages is a finding like any other. */
async function openUnlessDamaged(file: string, problems: string[]): Promise<Database | undefined> {
  try {
    return await openExisting({ file, schema: serverSchema, lockTimeoutSeconds: 5 });
  } catch (error) {
    const isDamaged = error instanceof StoreError && error.code === "ERR_STORE_DAMAGED";
    if (!isDamaged || !isDamage(error.cause)) throw error;
    problems.push(`the header: ${error.cause.message}`);
    return undefined;
  }
}

function telling(file: string, problems: string[]): <T>(name: string, part: () => T) => T | undefined {
  return (name, part) => {
    try {
      return part();
    } catch (error) {
      if (!isDamage(error)) throw explain(error, file);
      problems.push(`${name}: ${error.message}`);
      return undefined;
    }
  };
}

function findProblems(database: Database): readonly string[] {
  const integrity = prepareStatement<{ readonly integrity_check: string }>(database, "PRAGMA integrity_check(100)");
  const broken = prepareStatement<{ readonly table: string; readonly parent: string }>(
    database,
    'SELECT DISTINCT "table", parent FROM pragma_foreign_key_check LIMIT 100',
  );
  const found = integrity.all().flatMap((row) => row.integrity_check.split("\n"));
  return [
    ...found.filter((line) => line !== "ok").slice(0, 100),
    ...broken.all().map(({ table, parent }) => `a row of ${table} names one of ${parent} that is not there`),
  ];
}

function listTables(database: Database): readonly string[] {
  const query = prepareStatement<{ readonly name: string }>(
    database,
    String.raw`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
  );
  return query.all().map(({ name }) => name);
}

const countRows = (database: Database, table: string): number =>
  prepareStatement<{ readonly rows: number }>(database, `SELECT count(*) AS rows FROM "${table}"`).get()?.rows ?? 0;

/** By table: when a row of it is due to go, or to be stamped as ended. */
const dueAt: Readonly<Record<string, string>> = {
  sessions: "expires_at",
  reset_links: "expires_at",
  device_requests: "expires_at",
  revoked_application_tokens: "expires_at",
  events: "at + ?1",
  // The newest stay whatever their age, so that ids go on ascending.
  endings: "CASE WHEN id < (SELECT max(id) FROM endings) THEN at + ?1 END",
  grants: "CASE WHEN id < (SELECT max(id) FROM grants) THEN coalesce(ended_at + ?1, expires_at) END",
};

/** An hour between two walks of the cleaner, and one for a walk that is long. */
const graceSeconds = 7_200;

function findOverdue(database: Database, table: string, now: number, keepEndedSeconds: number): readonly Overdue[] {
  const due = dueAt[table];
  if (due === undefined) return [];
  const query = prepareStatement<{ readonly rows: number; readonly since: number | null }>(
    database,
    `SELECT count(*) AS rows, min(due) AS since FROM (SELECT ${due} AS due, ?1 FROM "${table}") WHERE due < ?2`,
  );
  const { rows = 0, since = null } = query.get(keepEndedSeconds, now - graceSeconds) ?? {};
  return since === null ? [] : [{ table, rows, since }];
}

const measureFree = (database: Database): number =>
  prepareStatement<{ readonly free: number }>(
    database,
    "SELECT freelist_count * page_size AS free FROM pragma_freelist_count, pragma_page_size",
  ).get()?.free ?? 0;
