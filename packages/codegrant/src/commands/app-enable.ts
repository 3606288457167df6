import { disableApplication, enableApplication } from "@codegrant/server";
import type { Command } from "commander";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { note, printJson, visible } from "../output.ts";
import { findApplication } from "./app-show.ts";
import { clientIdOption, databaseOption, example, jsonOption, oneOf } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly clientId?: string;
  readonly json?: true;
}

export function addAppDisable(app: Command): void {
  describe(
    app.command("disable"),
    "refuse an application and let its tokens rest; nothing is ended, and its developer cannot undo it",
  ).action((argument: string | undefined, options: Options) => set(argument, options, true));
}

export function addAppEnable(app: Command): void {
  describe(app.command("enable"), "serve a disabled application again; its tokens come back").action(
    (argument: string | undefined, options: Options) => set(argument, options, false),
  );
}

function describe(command: Command, description: string): Command {
  return command
    .description(description)
    .usage("<client_id> --db <file> [options]")
    .argument("[client_id]")
    .addOption(databaseOption())
    .addOption(clientIdOption())
    .addOption(jsonOption())
    .addHelpText("after", example(`codegrant app ${command.name()} CLIENT_ID --db platform.db`));
}

async function set(argument: string | undefined, options: Options, disabled: boolean): Promise<void> {
  const clientId = oneOf(argument, options.clientId, "client_id");
  const { name } = await withDatabase(options, {}, async (platform) => {
    const { id } = await findApplication(platform, clientId);
    return disabled ? disableApplication(platform, id) : enableApplication(platform, id);
  });
  if (options.json) printJson({ client_id: clientId, disabled });
  note(
    disabled
      ? `${visible(name)} is disabled: it gets no tokens, and those it has are inactive until it is enabled.`
      : `${visible(name)} is enabled, and its living tokens are good again.`,
  );
}
