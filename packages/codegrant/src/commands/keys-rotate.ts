import { randomBytes } from "node:crypto";
import { addKey, createKeyRing, type Platform } from "@codegrant/server";
import type { Command } from "commander";
import { changeKeyFile } from "../change-key-file.ts";
import { CommandError } from "../command-error.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import type { KeyFileKey } from "../key-file.ts";
import { missingKeyFile, stateOf } from "../keys.ts";
import { formatTime, note, printFields, printJson } from "../output.ts";
import { databaseOption, jsonOption, keyFileOption } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly keyFile?: string;
  readonly lost?: true;
  readonly json?: true;
}

export function addKeysRotate(keys: Command): void {
  keys
    .command("rotate")
    .description("begin a new key; tokens made with the old ones stay good, and no user notices")
    .usage("--db <file> [options]")
    .addOption(databaseOption())
    .addOption(keyFileOption())
    .option("--lost", "the key file is lost for good: begin another, and all users must approve again")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(rotate);
}

async function rotate(options: Options): Promise<void> {
  const { db, keyFile = `${db}.keys` } = options;
  const made: KeyFileKey = await withDatabase(options, {}, async (platform) => {
    let key: KeyFileKey | undefined;
    await changeKeyFile(keyFile, async (before) => {
      const keys = await checkBefore(platform, keyFile, before, options);
      key = await begin(platform, keys);
      return [...keys, key];
    });
    if (key === undefined) throw new TypeError("A changed key file has a new key");
    return key;
  });
  const createdAt = formatTime(made.createdAt);
  if (options.json) printJson({ key: made.id, created_at: createdAt });
  else
    printFields([
      ["key", String(made.id)],
      ["since", createdAt],
    ]);
  note(`Key ${made.id} is current. A running server takes it up within seconds. Copy ${keyFile} to where you keep it.`);
}

async function checkBefore(
  platform: Platform,
  keyFile: string,
  keys: readonly KeyFileKey[] | undefined,
  { lost }: Options,
): Promise<readonly KeyFileKey[]> {
  if (keys === undefined) {
    if (lost) return [];
    throw missingKeyFile(keyFile);
  }
  if (lost) throw new CommandError(`The key file ${keyFile} is there. Leave --lost out, and no token is lost.`);
  const ring = createKeyRing(keys);
  const different = (await platform.store.listKeys()).find((one) => stateOf(ring.find(one.id), one) === "different");
  if (different === undefined) return keys;
  throw new CommandError(
    `${keyFile} holds something else as key ${different.id} than this database has been used with. ` +
      "Is it the key file of another database? Nothing was changed.",
  );
}

async function begin(platform: Platform, keys: readonly KeyFileKey[]): Promise<KeyFileKey> {
  const secret = randomBytes(32);
  const id = await addKey(
    platform,
    secret,
    keys.map((key) => key.id),
  );
  if (id === undefined)
    throw new CommandError("This database has used up all 255 key numbers. Begin a new database for more.");
  return { id, secret, createdAt: platform.now() };
}

const help = `
After it:
  Grants move to the new key by themselves as they are refreshed. When codegrant keys list shows none on the old key,
  give it up with codegrant keys retire. A server that takes its keys from CODEGRANT_KEYS needs the new text of the
  file there, and a restart.

Example:
  codegrant keys rotate --db platform.db --key-file /etc/codegrant/platform.keys
`;
