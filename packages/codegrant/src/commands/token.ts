import type { Command } from "commander";
import { openConnection } from "../connections/open-connection.ts";
import { parseTarget } from "../connections/target.ts";
import { formatTime, print, printJson } from "../output.ts";
import { addConnectionCommand, type ConnectionOptions, exitCodeHelp, runOnConnection } from "./connection-command.ts";
import { jsonOption } from "./options.ts";

interface Options extends ConnectionOptions {
  readonly json?: true;
}

export function addToken(program: Command): void {
  addConnectionCommand(program, "token", "print an access token that is good now, and nothing else")
    .usage("<name> [options]")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action((name: string | undefined, options: Options) => runOnConnection(() => token(name, options)));
}

async function token(name: string | undefined, options: Options): Promise<void> {
  const connection = await openConnection(parseTarget(name, options), options);
  const accessToken = (await connection.accessToken()).reveal();
  if (!options.json) return print(accessToken);
  const { expiresAt, scopes } = await connection.status();
  const expires = expiresAt === undefined ? {} : { expires_at: formatTime(expiresAt) };
  printJson({ access_token: accessToken, ...expires, scopes });
}

const help = `
It is refreshed first where it must be; of many commands at once only one does. A program that runs for hours should ask
again whenever it connects, or use @codegrant/client.
${exitCodeHelp}
Examples:
  codegrant token twitch
  TOKEN=$(codegrant token twitch --account bot) || exit
`;
