import { spawn } from "node:child_process";
import { constants } from "node:os";
import { CommandError, systemCode } from "../command-error.ts";

/** Those that a person or a supervisor sends; the program decides what they mean. */
const passedOn: readonly NodeJS.Signals[] = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGWINCH",
];
/** A terminal sends these to the program by itself. */
const sentByTerminal: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGQUIT", "SIGWINCH"]);

/**
 * Runs the program in this terminal, without a shell, and resolves to the exit code it ended with; a signal ends it
 * with 128 and the signal's number, as shells have it. Throws a `CommandError` if it cannot be started.
 */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn(program, parameters, { stdio: "inherit", env });
  const listeners = passedOn.map((signal) => {
    const listener = (): void => {
      if (!(process.stdin.isTTY && sentByTerminal.has(signal))) child.kill(signal);
    };
    process.on(signal, listener);
    return [signal, listener] as const;
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error) => reject(notStarted(program, error)));
      child.once("exit", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  }
}

function notStarted(program: string, error: Error): CommandError {
  const code = systemCode(error);
  const reason = code === "ENOENT" ? "there is no such program" : (code ?? error.message);
  return new CommandError(`${program} could not be started: ${reason}.`, { cause: error });
}
