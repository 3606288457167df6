import { type ConnectionError, isConnectionError } from "@codegrant/client";
import { type Command, type CommanderError, Option } from "commander";
import { CommandError, type ExitCode } from "../command-error.ts";
import type { ClientOptions } from "../connections/client-options.ts";
import { exitCodes } from "../connections/exit-codes.ts";
import type { TargetOptions } from "../connections/target.ts";
import { visible } from "../output.ts";

export interface ConnectionOptions extends TargetOptions, ClientOptions {
  readonly account?: string;
}

/** A command about a connection: how it is named, and exit codes of its own, also for a wrong command line. */
export function addConnectionCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .exitOverride(refuse)
    .configureOutput({ outputError: () => undefined })
    .argument("[name]", "a provider, such as twitch, or the address of an issuer")
    .option("--server <url>", "a Codegrant server; the name is then rfc6749 (unless given), twitch or kraken")
    .option("--issuer <url>", "any server by its issuer, in place of the name")
    .option("--client-id <id>", "which application (or CODEGRANT_CLIENT_ID)")
    .option("--secret-file <file>", "its secret (or CODEGRANT_CLIENT_SECRET)")
    .option("--account <name>", "which of several connections, a name of your choice")
    .addOption(new Option("--insecure-http", "http beyond this machine: for a closed container network only"));
}

/** Runs it; an error of the connection ends in what to do, and the exit code for it. */
export async function runOnConnection(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    throw isConnectionError(error) ? commandError(error) : error;
  }
}

export function commandError(error: ConnectionError): CommandError {
  const { code, hint, message } = error;
  const exitCode = exitCodeOf.get(code) ?? exitCodes.failed;
  const more = clientCodes.has(code) ? `\n${whereTheSecretIs}` : "";
  return new CommandError(`${visible(message)}\n${visible(hint)}${more}`, { exitCode, cause: error });
}

const clientCodes: ReadonlySet<string> = new Set(["invalid_client", "unauthorized_client"]);
const whereTheSecretIs =
  "Here the secret comes from CODEGRANT_CLIENT_SECRET or --secret-file FILE; login --again keeps the one it is given.";

const exitCodeOf: ReadonlyMap<string, ExitCode> = new Map([
  ["access_denied", exitCodes.declined],
  ["ERR_TIMEOUT", exitCodes.timedOut],
  ["ERR_LOGIN_NEEDED", exitCodes.loginNeeded],
  ["ERR_REFRESH_UNCERTAIN", exitCodes.loginNeeded],
]);

/** Here 2 means that the user declined, so a wrong command line is 1. Help, when it was asked for, is no error. */
function refuse(error: CommanderError): never {
  if (error.exitCode === 0) throw error;
  throw new CommandError(
    `${error.message.replace(/^error: /, "codegrant: ")}\nAdd --help to see what this command takes.`,
  );
}

export const exitCodeHelp = `
Exit codes:
  0 done, 2 the user declined, 3 timed out, 4 log in again, 1 anything else
`;
