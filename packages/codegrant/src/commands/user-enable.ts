import { disableUser, enableUser } from "@codegrant/server";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { note, printJson } from "../output.ts";
import { databaseOption, example, jsonOption, oneOf } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly login?: string;
  readonly json?: true;
}

export function addUserDisable(user: Command): void {
  describe(
    user.command("disable"),
    "let a user sign in no more; ends their sessions and the tokens of every application they approved",
  ).action((argument: string | undefined, options: Options) => set(argument, options, true));
}

export function addUserEnable(user: Command): void {
  describe(user.command("enable"), "let a disabled user sign in again; what was ended stays ended").action(
    (argument: string | undefined, options: Options) => set(argument, options, false),
  );
}

function describe(command: Command, description: string): Command {
  return command
    .description(description)
    .usage("<login> --db <file> [options]")
    .argument("[login]")
    .addOption(databaseOption())
    .option("--login <name>", "the same as the argument")
    .addOption(jsonOption())
    .addHelpText("after", example(`codegrant user ${command.name()} ninja --db platform.db`));
}

async function set(argument: string | undefined, options: Options, disabled: boolean): Promise<void> {
  const login = oneOf(argument, options.login, "login");
  await withDatabase(options, {}, (platform) =>
    disabled ? disableUser(platform, login) : enableUser(platform, login),
  );
  if (options.json) printJson({ login, disabled });
  note(
    disabled
      ? `${login} is disabled. Their sessions and the tokens of every application they approved have ended.`
      : `${login} is enabled and may sign in again. Applications have to be approved anew.`,
  );
}
