import type { Command } from "commander";
import { openConnection } from "../connections/open-connection.ts";
import { formatTarget, parseTarget } from "../connections/target.ts";
import { printJson } from "../output.ts";
import { addConnectionCommand, type ConnectionOptions, exitCodeHelp, runOnConnection } from "./connection-command.ts";
import { statusAsFields, statusAsJson } from "./connection-output.ts";
import { jsonOption } from "./options.ts";

interface Options extends ConnectionOptions {
  readonly json?: true;
}

export function addRefresh(program: Command): void {
  addConnectionCommand(program, "refresh", "refresh a connection's tokens now, also where token would not yet")
    .usage("<name> [options]")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action((name: string | undefined, options: Options) => runOnConnection(() => refresh(name, options)));
}

async function refresh(name: string | undefined, options: Options): Promise<void> {
  const target = parseTarget(name, options);
  const connection = await openConnection(target, options);
  const status = await connection.refresh();
  if (options.json) printJson(statusAsJson(status));
  else statusAsFields(formatTarget(target), status);
}

const help = `${exitCodeHelp}
Examples:
  codegrant refresh twitch
  codegrant refresh --server http://localhost:8080 --account bot --json
`;
