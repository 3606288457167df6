import { deleteUser } from "@codegrant/server";
import type { Command } from "commander";
import { confirm } from "../confirm.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { note, printJson } from "../output.ts";
import { databaseOption, example, jsonOption, oneOf } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly login?: string;
  readonly withApplications?: true;
  readonly yes?: true;
  readonly json?: true;
}

export function addUserDelete(user: Command): void {
  user
    .command("delete")
    .description("delete a user; ends their sessions and the tokens of every application they approved")
    .usage("<login> --db <file> [options]")
    .argument("[login]")
    .addOption(databaseOption())
    .option("--login <name>", "the same as the argument")
    .option("--with-applications", "delete the applications they registered too; otherwise one who has any is kept")
    .option("--yes", "do not ask first (a terminal is asked, a script is not)")
    .addOption(jsonOption())
    .addHelpText("after", example("codegrant user delete ninja --db platform.db"))
    .action(remove);
}

async function remove(argument: string | undefined, options: Options): Promise<void> {
  const login = oneOf(argument, options.login, "login");
  const { applications } = await withDatabase(options, {}, async (platform) => {
    if (!options.yes) await confirm(`Delete ${login}, and end all that applications may do for them?`);
    return deleteUser(platform, login, { withApplications: options.withApplications === true });
  });
  if (options.json) printJson({ login, deleted: true, applications });
  note(`${login} is deleted${applications === 0 ? "" : `, and ${applications} of their applications with them`}.`);
}
