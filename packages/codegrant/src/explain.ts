import { CommandError, type ExitCode } from "./command-error.ts";

/** What a person reads at the end of a command that failed, and its exit code. Never a stack trace. */
export async function explain(error: unknown): Promise<{ readonly message: string; readonly exitCode: ExitCode }> {
  if (error instanceof CommandError) return { message: error.message, exitCode: error.exitCode };
  // Whatever threw one has loaded its module already; the commands of the other end need not.
  const [{ InputError }, { StoreError }] = await Promise.all([
    import("@codegrant/server"),
    import("@codegrant/sqlite/server"),
  ]);
  if (error instanceof StoreError || error instanceof InputError) return { message: error.message, exitCode: 1 };
  const reason = error instanceof Error ? error.message : String(error);
  const stack = process.env["CODEGRANT_DEBUG"] && error instanceof Error ? `\n${error.stack}` : "";
  return { message: `Codegrant failed, and this is a mistake of its own: ${reason}${stack}`, exitCode: 1 };
}
