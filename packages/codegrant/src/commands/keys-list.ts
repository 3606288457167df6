import { createKeyRing, type DescribedKey, listKeys } from "@codegrant/server";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { readKeyFile } from "../key-file.ts";
import { missingKeyFile } from "../keys.ts";
import { formatTime, note, printJson, printTable } from "../output.ts";
import { databaseOption, jsonOption, keyFileOption } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly keyFile?: string;
  readonly json?: true;
}

export function addKeysList(keys: Command): void {
  keys
    .command("list")
    .description("list every key the database has been used with, how it stands, and the grants that need it")
    .usage("--db <file> [options]")
    .addOption(databaseOption())
    .addOption(keyFileOption())
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(list);
}

async function list(options: Options): Promise<void> {
  const { db, keyFile = `${db}.keys` } = options;
  const listed = await withDatabase(options, {}, async (platform) => {
    const keys = readKeyFile(keyFile);
    if (keys === undefined) throw missingKeyFile(keyFile);
    return listKeys({ ...platform, keys: createKeyRing(keys) });
  });
  if (options.json) printJson(listed.map(keyAsJson));
  else if (listed.length === 0) note("This database has not been used with a key yet: codegrant serve lists its own.");
  else
    printTable(
      ["KEY", "SINCE", "STATE", "GRANTS"],
      listed.map(({ id, createdAt, state, grants }) => [String(id), formatTime(createdAt), state, String(grants)]),
    );
}

function keyAsJson({ id, createdAt, state, grants }: DescribedKey): object {
  return { key: id, created_at: formatTime(createdAt), state, grants };
}

const help = `
States:
  current    makes new tokens
  good       checks those made before
  missing    is not in the key file: retired, or lost if grants need it
  different  the key file holds another secret under this number, so it is not used

Example:
  codegrant keys list --db platform.db
`;
