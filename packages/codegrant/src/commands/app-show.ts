import type { Application, Platform } from "@codegrant/server";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { printFields, printJson } from "../output.ts";
import { applicationAsFields, applicationAsJson } from "./application-output.ts";
import { clientIdOption, databaseOption, example, jsonOption, oneOf } from "./options.ts";

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
    .addOption(clientIdOption())
    .addOption(jsonOption())
    .addHelpText("after", example("codegrant app show CLIENT_ID --db platform.db"))
    .action(show);
}

async function show(argument: string | undefined, options: Options): Promise<void> {
  const clientId = oneOf(argument, options.clientId, "client_id");
  const { application, ownerLogin } = await withDatabase(options, {}, async (platform) => {
    const found = await findApplication(platform, clientId);
    return { application: found, ownerLogin: await findOwnerLogin(platform, found) };
  });
  if (options.json) printJson(applicationAsJson(application, { ownerLogin }));
  else printFields(applicationAsFields(application, { ownerLogin }));
}

export async function findOwnerLogin({ store }: Platform, { ownerId }: Application): Promise<string | undefined> {
  return ownerId === undefined ? undefined : (await store.findUser(ownerId))?.login;
}

export async function findApplication(platform: Platform, clientId: string): Promise<Application> {
  const application = await platform.store.findApplication(clientId);
  if (application) return application;
  throw new CommandError(`There is no application with the client_id ${clientId}. See: codegrant app list`);
}
