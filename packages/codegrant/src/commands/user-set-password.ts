import { setPassword } from "@codegrant/server";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { note, printJson } from "../output.ts";
import { readPassword } from "../password-input.ts";
import { databaseOption, example, jsonOption, oneOf } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly login?: string;
  readonly passwordStdin?: true;
  readonly json?: true;
}

export function addUserSetPassword(user: Command): void {
  user
    .command("set-password")
    .description("set a user's password; ends their sessions and the tokens of every application they approved")
    .usage("<login> --db <file> [options]")
    .argument("[login]")
    .addOption(databaseOption())
    .option("--login <name>", "the same as the argument")
    .option("--password-stdin", "read the password from the first line of stdin (a terminal is asked for it otherwise)")
    .addOption(jsonOption())
    .addHelpText("after", example("codegrant user set-password ninja --db platform.db"))
    .action(set);
}

async function set(argument: string | undefined, options: Options): Promise<void> {
  const login = oneOf(argument, options.login, "login");
  const password = await readPassword({ fromStdin: options.passwordStdin === true });
  await withDatabase(options, {}, (platform) => setPassword(platform, login, password));
  if (options.json) printJson({ login, password_set: true });
  note(`The password of ${login} is set. Their sessions and the tokens of every application they approved have ended.`);
}
