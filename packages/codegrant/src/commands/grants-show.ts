import { type DescribedGrant, findGrant, type Platform } from "@codegrant/server";
import type { Command } from "commander";
import { CommandError, usageError } from "../command-error.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { printFields, printJson } from "../output.ts";
import { grantAsFields, grantAsJson } from "./grant-output.ts";
import { databaseOption, example, jsonOption } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly json?: true;
}

export function addGrantsShow(grants: Command): void {
  grants
    .command("show")
    .description("show one grant, living or ended")
    .usage("<id> --db <file> [options]")
    .argument("<id>")
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText("after", example("codegrant grants show 17 --db platform.db"))
    .action(show);
}

async function show(argument: string, options: Options): Promise<void> {
  const id = parseGrantId(argument);
  const grant = await withDatabase(options, {}, (platform) => requireGrant(platform, id));
  if (options.json) printJson(grantAsJson(grant));
  else printFields(grantAsFields(grant));
}

/** As it stands in the first column of `grants list`. */
export function parseGrantId(text: string): number {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (id > 0) return id;
  throw usageError(`A grant's id is a number, as in the first column of grants list. It was: ${text}`);
}

export async function requireGrant(platform: Platform, id: number): Promise<DescribedGrant> {
  const grant = await findGrant(platform, id);
  if (grant) return grant;
  throw new CommandError(`There is no grant ${id}. See: codegrant grants list, or codegrant grants ended`);
}
