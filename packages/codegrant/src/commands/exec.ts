import type { Command } from "commander";
import { CommandError, ProgramEnded } from "../command-error.ts";
import { openConnection } from "../connections/open-connection.ts";
import { parseTarget } from "../connections/target.ts";
import { runProgram } from "../exec/run-program.ts";
import { openTokenSocket } from "../exec/token-socket.ts";
import { addConnectionCommand, type ConnectionOptions, exitCodeHelp, runOnConnection } from "./connection-command.ts";

interface Options extends ConnectionOptions {
  readonly env: string;
}

export function addExec(program: Command): void {
  addConnectionCommand(program, "exec", "run a program with a fresh token in its environment, and a socket for more")
    .argument("[program...]", "after --, with its own arguments; no shell reads them")
    .usage("<name> [options] -- <program> [arguments]")
    .option("--env <name>", "the variable that holds the token", "ACCESS_TOKEN")
    .addHelpText("after", help)
    .action((name: string | undefined, rest: readonly string[], options: Options, command: Command) =>
      runOnConnection(() => execute(splitAtDashes(command, name, rest), options)),
    );
}

interface Line {
  readonly name: string | undefined;
  readonly program: string;
  readonly parameters: readonly string[];
}

/** Commander drops the dashes, so where they stood is counted from the line as it was typed. */
function splitAtDashes(command: Command, name: string | undefined, rest: readonly string[]): Line {
  const typed = typedLine(command.parent);
  const dashes = typed.indexOf("--");
  const operands = name === undefined ? rest : [name, ...rest];
  const before = dashes === -1 ? [] : operands.slice(0, operands.length - (typed.length - dashes - 1));
  const [program, ...parameters] = operands.slice(before.length);
  if (dashes === -1 || program === undefined || before.length > 1) {
    throw new CommandError("Write -- before the program: codegrant exec twitch -- node bot.js");
  }
  return { name: before[0], program, parameters };
}

/** Commander keeps it and its types do not say so. */
function typedLine(program: Command | null): readonly unknown[] {
  return program !== null && "rawArgs" in program && Array.isArray(program.rawArgs) ? program.rawArgs : [];
}

async function execute({ name, parameters, program }: Line, options: Options): Promise<void> {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(options.env)) {
    throw new CommandError(`--env must be a variable's name, such as ACCESS_TOKEN. It was: ${options.env}`);
  }
  const connection = await openConnection(parseTarget(name, options), options);
  const accessToken = (await connection.accessToken()).reveal();
  const socket = await openTokenSocket(connection);
  const stop = connection.keep();
  // The secret is for getting tokens, and the program gets those.
  const { CODEGRANT_CLIENT_SECRET: _secret, ...inherited } = process.env;
  const given = { CODEGRANT_CLIENT_ID: connection.clientId, CODEGRANT_TOKEN_SOCKET: socket?.address };
  try {
    throw new ProgramEnded(
      await runProgram(program, parameters, { ...inherited, ...given, [options.env]: accessToken }),
    );
  } finally {
    stop();
    await socket?.close();
  }
}

const help = `
The token in ACCESS_TOKEN (or --env NAME) is good at the start and ends like every token. Whenever the program connects
again, it connects to the Unix socket in CODEGRANT_TOKEN_SOCKET and reads one line of JSON: {"access_token":"…"}, always
fresh, or {"error":"…"} with what to do (none on Windows: ask codegrant token there). CODEGRANT_CLIENT_ID is the application; its secret is not handed on. Signals go
to the program, and the command ends with its exit code.
${exitCodeHelp}
Examples:
  codegrant exec twitch -- node bot.js
  codegrant exec twitch --account bot --env TWITCH_TOKEN -- ./bot
`;
