import type { Application, Platform } from "@codegrant/server";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { printFields, printJson } from "../output.ts";
import { applicationAsFields, applicationAsJson } from "./application-output.ts";
import { databaseOption, jsonOption, oneOf } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly clientId?: string;
  readonly json?: true;
}

export function addAppShow(app: Command): void {
  app
    .command("show")
    .description("show one application; its secret is not kept and cannot be shown")
    .usage("<client_id> --db <file> [options]")
    .argument("[client_id]")
    .addOption(databaseOption())
    .option("--client-id <id>", "the same as the argument")
    .addOption(jsonOption())
    .action(show);
}

async function show(argument: string | undefined, options: Options): Promise<void> {
  const clientId = oneOf(argument, options.clientId, "client_id");
  const { application, ownerLogin } = await withDatabase(options, {}, async (platform) => {
    const found = await findApplication(platform, clientId);
    const owner = found.ownerId === undefined ? undefined : await platform.store.findUser(found.ownerId);
    return { application: found, ownerLogin: owner?.login };
  });
  if (options.json) printJson(applicationAsJson(application, { ownerLogin }));
  else printFields(applicationAsFields(application, { ownerLogin }));
}

export async function findApplication(platform: Platform, clientId: string): Promise<Application> {
  const application = await platform.store.findApplication(clientId);
  if (application) return application;
  throw new CommandError(`There is no application with the client_id ${clientId}. See: codegrant app list`);
}
