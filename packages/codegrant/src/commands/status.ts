import type { ConnectionStatus } from "@codegrant/client";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import type { KeptApplication } from "../connections/application-store.ts";
import { findClientId } from "../connections/client-options.ts";
import { exitCodes } from "../connections/exit-codes.ts";
import { formatLogin, openWorkplace, type Workplace } from "../connections/open-connection.ts";
import { formatTarget, parseTarget } from "../connections/target.ts";
import { formatTime, note, printJson, printTable } from "../output.ts";
import { addConnectionCommand, type ConnectionOptions, exitCodeHelp, runOnConnection } from "./connection-command.ts";
import { needsLogin, stateOf, statusAsFields, statusAsJson, userOf } from "./connection-output.ts";
import { jsonOption } from "./options.ts";

interface Options extends ConnectionOptions {
  readonly json?: true;
}

interface Row {
  readonly application: KeptApplication;
  readonly status: ConnectionStatus;
}

export function addStatus(program: Command): void {
  addConnectionCommand(program, "status", "show connections: whose, which scopes, until when, and what to do")
    .usage("[name] [options]")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action((name: string | undefined, options: Options) => runOnConnection(() => show(name, options)));
}

async function show(name: string | undefined, options: Options): Promise<void> {
  const isOfOne = name !== undefined || options.server !== undefined || options.issuer !== undefined;
  const target = isOfOne ? formatTarget(parseTarget(name, options)) : undefined;
  const rows = await findRows(openWorkplace(), target, options);
  if (options.json)
    printJson(rows.map(({ application, status }) => ({ ...names(application), ...statusAsJson(status) })));
  else printRows(rows);
  if (target === undefined) return;
  if (rows.length > 0 && !rows.some(({ status }) => needsLogin(status))) return;
  throw new CommandError(`Log in: ${formatLogin(target, options.account)}`, { exitCode: exitCodes.loginNeeded });
}

async function findRows(
  { applications, connect }: Workplace,
  target: string | undefined,
  options: Options,
): Promise<readonly Row[]> {
  const clientId = findClientId(options);
  const rows: Row[] = [];
  for (const application of await applications.list(target)) {
    if (clientId !== undefined && application.clientId !== clientId) continue;
    for (const status of await connect(application).accounts()) {
      if (options.account === undefined || status.account === options.account) rows.push({ application, status });
    }
  }
  return rows;
}

function names({ target, clientId }: KeptApplication): Record<string, string> {
  return { name: target, client_id: clientId };
}

function printRows(rows: readonly Row[]): void {
  const [first] = rows;
  if (first === undefined) return note("There is no connection yet.");
  if (rows.length === 1) return statusAsFields(first.application.target, first.status);
  printTable(
    ["NAME", "ACCOUNT", "USER", "STATE", "EXPIRES"],
    rows.map(({ application, status }) => [
      application.target,
      status.account,
      userOf(status),
      stateOf(status),
      status.expiresAt === undefined ? "" : formatTime(status.expiresAt),
    ]),
  );
  note(`Kept ${first.status.storedIn}.`);
}

const help = `
It asks nobody: it tells what is known here. With a name it ends with 4 if one of the connections shown needs a login.
${exitCodeHelp}
Examples:
  codegrant status
  codegrant status twitch --account bot --json
`;
