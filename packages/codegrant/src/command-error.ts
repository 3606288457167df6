/**
 * Something a person can put right. Its message is the whole of what the terminal shows: what is wrong and what to do,
 * in sentences, without a stack. Anything else that reaches the end of a command is our own mistake.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** 2 for a command line that cannot be understood, 1 for everything else; commands of connections have their own. */
  readonly exitCode: ExitCode;

  constructor(message: string, options: { readonly exitCode?: ExitCode; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.exitCode = options.exitCode ?? 1;
  }
}

/** A program that was run for the user has ended; the command ends as it did, and says nothing of its own. */
export class ProgramEnded extends Error {
  override readonly name = "ProgramEnded";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`The program ended with ${exitCode}.`);
    this.exitCode = exitCode;
  }
}

export type ExitCode = 1 | 2 | 3 | 4;

/** The command line itself is wrong. */
export function usageError(message: string): CommandError {
  return new CommandError(message, { exitCode: 2 });
}

/** The code of an error from the system, such as `EACCES`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
