import { deleteApplication } from "@codegrant/server";
import type { Command } from "commander";
import { confirm } from "../confirm.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { note, printJson, visible } from "../output.ts";
import { findApplication } from "./app-show.ts";
import { clientIdOption, databaseOption, example, jsonOption, oneOf } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly clientId?: string;
  readonly yes?: true;
  readonly json?: true;
}

export function addAppDelete(app: Command): void {
  app
    .command("delete")
    .description("delete an application; every token it holds ends at once")
    .usage("<client_id> --db <file> [options]")
    .argument("[client_id]")
    .addOption(databaseOption())
    .addOption(clientIdOption())
    .option("--yes", "do not ask first (a terminal is asked, a script is not)")
    .addOption(jsonOption())
    .addHelpText("after", example("codegrant app delete CLIENT_ID --db platform.db"))
    .action(remove);
}

async function remove(argument: string | undefined, options: Options): Promise<void> {
  const clientId = oneOf(argument, options.clientId, "client_id");
  const name = await withDatabase(options, {}, async (platform) => {
    const application = await findApplication(platform, clientId);
    if (!options.yes) await confirm(`Delete ${visible(application.name)} (${clientId}) and end all its tokens?`);
    await deleteApplication(platform, application.id);
    return application.name;
  });
  if (options.json) printJson({ client_id: clientId, deleted: true });
  note(`${visible(name)} is deleted, and every token it held has ended.`);
}
