import { defaultKeepEndedSeconds } from "@codegrant/server";
import { checkStore, type StoreReport } from "@codegrant/sqlite/server";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { formatBytes, formatTime, note, printFields, printJson, printTable } from "../output.ts";
import { databaseOption, example, jsonOption } from "./options.ts";

interface Options {
  readonly db: string;
  readonly json?: true;
}

export function addCheck(program: Command): void {
  program
    .command("check")
    .description("say how the database stands: version, damage, rows, what grows; it changes nothing")
    .usage("--db <file> [options]")
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText("after", example("codegrant check --db platform.db"))
    .action(check);
}

async function check({ db, json }: Options): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const report = await checkStore({ file: db, now, keepEndedSeconds: defaultKeepEndedSeconds });
  if (json) printJson(asJson(report));
  else printReport(report);
  for (const sentence of [...report.warnings, ...advise(report)]) note(sentence);
  if (report.problems.length > 0)
    throw new CommandError(
      `The database ${db} is damaged. Stop what runs on it, keep the file, and restore a backup: see docs/operations.md.`,
    );
}

function asJson({ schemaVersion, newestSchemaVersion, problems, rows, bytes, overdue, warnings }: StoreReport) {
  return {
    integrity: problems.length === 0 ? "ok" : "broken",
    problems,
    schema_version: schemaVersion ?? null,
    newest_schema_version: newestSchemaVersion,
    bytes: { database: bytes.database, free: bytes.free, write_ahead_log: bytes.writeAheadLog },
    rows,
    overdue: overdue.map((one) => ({ table: one.table, rows: one.rows, since: formatTime(one.since) })),
    warnings,
  };
}

function printReport({ schemaVersion, newestSchemaVersion, problems, rows, bytes, overdue }: StoreReport): void {
  printFields([
    ["integrity", problems.length === 0 ? "ok" : "broken"],
    ["schema version", formatVersion(schemaVersion, newestSchemaVersion)],
    ["size", `${formatBytes(bytes.database)}, of it free ${formatBytes(bytes.free)}`],
    ["write-ahead log", formatBytes(bytes.writeAheadLog)],
    ["cleaner", overdue.length === 0 ? "keeps up" : "is behind"],
  ]);
  if (problems.length > 0)
    printTable(
      ["PROBLEM"],
      problems.map((problem) => [problem]),
    );
  const since = new Map(overdue.map((one) => [one.table, `${one.rows} since ${formatTime(one.since)}`]));
  if (Object.keys(rows).length === 0) return;
  printTable(
    ["TABLE", "ROWS", "OVERDUE"],
    Object.entries(rows).map(([table, count]) => [table, String(count), since.get(table) ?? ""]),
  );
}

function formatVersion(version: number | undefined, newest: number): string {
  if (version === undefined) return "cannot be read";
  return version === newest ? String(version) : `${version}, this program's is ${newest}`;
}

/** SQLite folds the log back at about 4 MB; this much more means that something keeps it from doing so. */
const longLogBytes = 64_000_000;

function advise({ overdue, bytes, schemaVersion, newestSchemaVersion }: StoreReport): readonly string[] {
  return [
    ...(schemaVersion !== undefined && schemaVersion < newestSchemaVersion
      ? [
          "The database is brought to the newer version when serve, or a command that writes, opens it. Back it up first.",
        ]
      : []),
    ...(overdue.length > 0
      ? [
          "Rows that are over wait to be removed. A server does it a minute after its start and then hourly: is one running?",
        ]
      : []),
    ...(bytes.writeAheadLog > longLogBytes
      ? ["The write-ahead log is long: something reads the database without end, such as a copy of it that hangs."]
      : []),
  ];
}
