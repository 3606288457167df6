import { createResetLink } from "@codegrant/server";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { print, printJson } from "../output.ts";
import { databaseOption, issuerOption, jsonOption, oneOf } from "./options.ts";
import { linkAsJson, noteAboutLink } from "./reset-link-output.ts";

interface Options extends DatabaseOptions {
  readonly login?: string;
  readonly json?: true;
}

export function addUserReset(user: Command): void {
  user
    .command("reset")
    .description("print a link, good once and for an hour, with which the user sets a new password")
    .usage("<login> --db <file> [options]")
    .argument("[login]")
    .addOption(databaseOption())
    .option("--login <name>", "the same as the argument")
    .addOption(issuerOption())
    .addOption(jsonOption())
    .addHelpText("after", examples)
    .action(reset);
}

async function reset(argument: string | undefined, options: Options): Promise<void> {
  const login = oneOf(argument, options.login, "login");
  const link = await withDatabase(options, {}, (platform) => createResetLink(platform, login));
  if (options.json) printJson({ login, ...linkAsJson(link) });
  else print(link.url);
  noteAboutLink(link, options.issuer);
}

const examples = `
Example:
  codegrant user reset ninja --db platform.db --issuer http://localhost:8080
`;
