import { backupStore } from "@codegrant/sqlite/server";
import type { Command } from "commander";
import { formatBytes, note, print, printJson } from "../output.ts";
import { databaseOption, jsonOption } from "./options.ts";

interface Options {
  readonly db: string;
  readonly json?: true;
}

export function addBackup(program: Command): void {
  program
    .command("backup")
    .description("copy the database to a new file; a server may be running on it")
    .usage("<file> --db <file> [options]")
    .argument("<file>", "a name that is free; nothing is overwritten")
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText("after", examples)
    .action(backup);
}

async function backup(file: string, { db, json }: Options): Promise<void> {
  const { bytes } = await backupStore({ file: db, to: file });
  if (json) printJson({ file, bytes });
  else print(file);
  note(`${formatBytes(bytes)}, checked and on the disk. The keys are not in it: keep a copy of them elsewhere.`);
}

const examples = `
Keys:
  A backup never holds the keys: keep a copy of the key file too, in another place. Neither forges a token by itself.

Restoring:
  Stop the server, move the database and the -wal and -shm files beside it away, copy the backup to its place, and start
  again. If anything was revoked since the backup, run this before: codegrant grants end --all

Example:
  codegrant backup /backup/platform-$(date +%F).db --db platform.db
`;
