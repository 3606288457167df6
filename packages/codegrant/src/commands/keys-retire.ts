import { endGrantsOfKey, listUsersOfKey, recordRetiredKey } from "@codegrant/server";
import { type Command, InvalidArgumentError } from "commander";
import { changeKeyFile } from "../change-key-file.ts";
import { CommandError } from "../command-error.ts";
import { confirm } from "../confirm.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { type KeyFileKey, readKeyFile } from "../key-file.ts";
import { missingKeyFile } from "../keys.ts";
import { grantsOf, namesOf, whoMustApproveAgain } from "../lost-key.ts";
import { note, printJson } from "../output.ts";
import { databaseOption, jsonOption, keyFileOption, wholeNumber } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly keyFile?: string;
  readonly now?: true;
  readonly yes?: true;
  readonly json?: true;
}

export function addKeysRetire(keys: Command): void {
  keys
    .command("retire")
    .description("give up an old key that no grant needs any more, and take it out of the key file")
    .usage("<key> --db <file> [options]")
    .argument("<key>", "its number, as keys list shows it", keyNumber)
    .addOption(databaseOption())
    .addOption(keyFileOption())
    .option("--now", "also end the grants that still need it: for a key that has leaked, or is lost")
    .option("--yes", "do not ask first (a terminal is asked, a script is not)")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(retire);
}

async function retire(id: number, options: Options): Promise<void> {
  const { db, keyFile = `${db}.keys` } = options;
  const ended = await withDatabase(options, {}, async (platform) => {
    const file = readKeyFile(keyFile);
    if (file === undefined) throw missingKeyFile(keyFile);
    const counts = await platform.store.countGrantsByKey(platform.now());
    const grants = counts.find(({ keyId }) => keyId === id)?.grants ?? 0;
    checkRetirable(id, file, { grants, now: platform.now() });
    if (grants > 0) {
      const users = await listUsersOfKey(platform, id);
      if (!options.now) throw stillNeeded(id, grants, users);
      if (!options.yes) await confirm(`${whoMustApproveAgain(grants, users)} Retire key ${id} all the same?`);
    }
    // Grants first: if this is broken off, the key is still there and the command can be given again.
    const count = options.now ? await endGrantsOfKey(platform, id) : 0;
    if (file.some((key) => key.id === id))
      await changeKeyFile(keyFile, async (keys = []) => {
        checkNotCurrent(id, keys);
        return keys.filter((key) => key.id !== id);
      });
    await recordRetiredKey(platform, id);
    return count;
  });
  if (options.json) printJson({ key: id, retired: true, ended_grants: ended });
  note(`Key ${id} is retired${ended > 0 ? `, and ${grantsOf(ended)} ended with it` : ""}.`);
  note("Applications' own tokens that were made with it are dead too: applications ask for new ones by themselves.");
}

/**
 * A server may have been asleep for a moment; one that still makes tokens with the old key must not lose it. Nor may it
 * with `--now`: what it makes after the grants on the key were ended would be on a key that is gone.
 */
const settledSeconds = 60;

interface Facts {
  readonly grants: number;
  readonly now: number;
}

function checkRetirable(id: number, keys: readonly KeyFileKey[], { grants, now }: Facts): void {
  checkNotCurrent(id, keys);
  const isThere = keys.some((key) => key.id === id);
  if (!isThere && grants === 0) throw new CommandError(`The key file holds no key ${id}. See: codegrant keys list`);
  const youngest = keys.at(-1);
  const age = now - (youngest?.createdAt ?? 0);
  if (age < 0 || age >= settledSeconds) return;
  throw new CommandError(
    `Key ${youngest?.id} is younger than a minute, and a running server may not use it yet. Try again in a minute.`,
  );
}

function checkNotCurrent(id: number, keys: readonly KeyFileKey[]): void {
  if (keys.at(-1)?.id !== id) return;
  throw new CommandError(`Key ${id} is the current one. Begin another first: codegrant keys rotate`);
}

function stillNeeded(id: number, grants: number, users: readonly string[]): CommandError {
  return new CommandError(
    `${grantsOf(grants)} still ${grants === 1 ? "needs" : "need"} key ${id}, of these users: ${namesOf(users)}. ` +
      "A grant moves to the current key when it is refreshed (never, if its application has refresh rotation off). " +
      "So wait, or end them with --now. Nothing was changed.",
  );
}

function keyNumber(text: string): number {
  try {
    return wholeNumber(1, 255)(text);
  } catch {
    throw new InvalidArgumentError("It must be a key's number, from 1 to 255.");
  }
}

const help = `
When:
  A client whose last refresh got lost on its way may still hold a token made with the old key. To be kind to it, wait
  some days after codegrant keys list shows no grant on the key.

Examples:
  codegrant keys retire 1 --db platform.db
  codegrant keys retire 1 --now --db platform.db
`;
