import { type Command, Option } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { describeKeys, retireKey, rotateKeys } from "../key-changes.ts";
import { readKeyFile } from "../key-file.ts";
import { formatTime, note, printJson, printTable } from "../output.ts";
import { databaseOption, jsonOption, wholeNumber } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly keyFile?: string;
  readonly json?: true;
}

interface RotateOptions extends Options {
  readonly lost?: true;
}

interface RetireOptions extends Options {
  readonly now?: true;
  readonly yes?: true;
}

export function addKeysCommands(program: Command): void {
  const keys = program
    .command("keys")
    .description("the secret keys that sign every token: look, add one, give one up")
    .helpCommand(false);
  withFiles(keys.command("list").description("list the keys and how many living grants were made with each"))
    .addHelpText("after", listExample)
    .action(list);
  withFiles(keys.command("rotate").description("add a key that makes all new tokens; no token is lost"))
    .option("--lost", "the key file is lost for good: make a new one; who holds its tokens must approve again")
    .addHelpText("after", rotateExamples)
    .action(rotate);
  withFiles(
    keys.command("retire").description("give a key up; refused while living grants were made with it"),
    "<id> --db <file> [options]",
  )
    .argument("<id>", "as in the first column of keys list", wholeNumber(1, 255))
    .option("--now", "end those grants: their users must approve again")
    .option("--yes", "do not ask first (a terminal is asked, a script is not)")
    .addHelpText("after", retireExamples)
    .action(retire);
}

function withFiles(command: Command, usage = "--db <file> [options]"): Command {
  return command
    .usage(usage)
    .addOption(databaseOption())
    .addOption(new Option("--key-file <file>", "the key file that serve runs with (the database's name with .keys)"))
    .addOption(jsonOption());
}

const keyFileOf = ({ db, keyFile }: Options): string => keyFile ?? `${db}.keys`;

async function list(options: Options): Promise<void> {
  const inFile = readKeyFile(keyFileOf(options));
  if (inFile === undefined) note(`There is no key file ${keyFileOf(options)}. Say where it is with --key-file FILE.`);
  const keys = await withDatabase(options, {}, (platform) => describeKeys(platform, inFile ?? []));
  if (options.json) {
    printJson(
      keys.map(({ id, createdAt, state, grants }) => ({ id, state, grants, created_at: formatTime(createdAt) })),
    );
  } else if (keys.length === 0) note("This database has had no key yet. The first start of serve makes one.");
  else
    printTable(
      ["ID", "STATE", "GRANTS", "SINCE"],
      keys.map(({ id, createdAt, state, grants }) => [
        String(id),
        state === "missing" && grants === 0 ? "gone" : state,
        String(grants),
        formatTime(createdAt),
      ]),
    );
}

async function rotate(options: RotateOptions): Promise<void> {
  const keyFile = keyFileOf(options);
  const id = await withDatabase(options, {}, (platform) => rotateKeys({ platform, keyFile }, options.lost === true));
  if (options.json) printJson({ id, key_file: keyFile });
  note(`Key ${id} makes all new tokens from now on. A running server takes it up within seconds.`);
  note(`Keep a copy of ${keyFile}, apart from the database.`);
}

async function retire(id: number, options: RetireOptions): Promise<void> {
  const change = { endsGrants: options.now === true, asks: options.yes !== true };
  const { grants } = await withDatabase(options, {}, (platform) =>
    retireKey({ platform, keyFile: keyFileOf(options) }, id, change),
  );
  if (options.json) printJson({ id, retired: true, grants_ended: grants });
  note(`Key ${id} is given up${grants > 0 ? `, and ${grants} grants with it` : ""}. Its id is never given again.`);
  note("Tokens that applications hold for themselves, made with it, are refused now: they get new ones by asking.");
}

const listExample = `
Example:
  codegrant keys list --db platform.db --key-file /etc/codegrant/platform.keys
`;

const rotateExamples = `
Examples:
  codegrant keys rotate --db platform.db --key-file /etc/codegrant/platform.keys
  codegrant keys rotate --db platform.db --lost
`;

const retireExamples = `
Examples:
  codegrant keys retire 1 --db platform.db --key-file /etc/codegrant/platform.keys
  codegrant keys retire 1 --db platform.db --now
`;
