import type { Connection, LogoutResult } from "@codegrant/client";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { findApplication, openWorkplace } from "../connections/open-connection.ts";
import { formatTarget, parseTarget } from "../connections/target.ts";
import { note, printJson, visible } from "../output.ts";
import { addConnectionCommand, type ConnectionOptions, exitCodeHelp, runOnConnection } from "./connection-command.ts";
import { jsonOption } from "./options.ts";

interface Options extends ConnectionOptions {
  readonly json?: true;
}

export function addLogout(program: Command): void {
  addConnectionCommand(program, "logout", "revoke a connection's tokens at the provider, and forget them here")
    .usage("<name> [options]")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action((name: string | undefined, options: Options) => runOnConnection(() => logout(name, options)));
}

async function logout(name: string | undefined, options: Options): Promise<void> {
  const workplace = openWorkplace();
  const target = parseTarget(name, options);
  if ((await workplace.applications.list(formatTarget(target))).length === 0) return note(nothingThere);
  const application = await findApplication(workplace, target, options);
  const connection = workplace.connect(application, options.account);
  const wasConnected = (await connection.accounts()).some(({ account }) => account === connection.accountName);
  const result = await connection.logout();
  // The secret was kept for the connections alone.
  if (result.forgotten) await workplace.applications.remove(application, connection.accountName);
  const { forgotten, revoked } = result;
  if (options.json) printJson({ account: connection.accountName, revoked, forgotten });
  if (result.error !== undefined) throw failure(connection, result, visible(result.error.hint));
  note(wasConnected ? sentences[revoked] : nothingThere);
}

const nothingThere = "There was no such connection.";

function failure({ provider: { title } }: Connection, { forgotten }: LogoutResult, hint: string): CommandError {
  return forgotten
    ? new CommandError(
        `Forgotten here, but ${title} did not revoke the tokens: disconnect the application there.\n${hint}`,
      )
    : new CommandError(`The connection could not be forgotten.\n${hint}`);
}

const sentences: Readonly<Record<LogoutResult["revoked"], string>> = {
  revoked: "Revoked at the provider, and forgotten here.",
  unknown: "The provider did not know the token any more. Forgotten here.",
  failed: "Forgotten here.",
  not_offered: "Forgotten here. This provider cannot revoke: disconnect the application in its settings.",
  unreadable:
    "Forgotten here. What was kept could not be read, so nothing was revoked: disconnect the application at the provider.",
  nothing_to_revoke: "Forgotten here; there was no token left to revoke.",
};

const help = `
With the last connection of an application its secret is forgotten, too. It ends with 1 if the provider could not be
asked to revoke; the tokens are forgotten here all the same.
${exitCodeHelp}
Examples:
  codegrant logout twitch
  codegrant logout twitch --account bot
`;
