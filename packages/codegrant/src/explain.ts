import { CommandError, type ExitCode } from "./command-error.ts";

/** What a person reads at the end of a command that failed, and its exit code. Never a stack trace. */
export async function explain(thrown: unknown): Promise<{ readonly message: string; readonly exitCode: ExitCode }> {
  if (thrown instanceof CommandError) return { message: thrown.message, exitCode: thrown.exitCode };
  // Whatever threw one has loaded its module already; the commands of the other end need not.
  const [{ InputError }, { StoreError }] = await Promise.all([
    import("@codegrant/server"),
    import("@codegrant/sqlite/server"),
  ]);
  if (thrown instanceof StoreError || thrown instanceof InputError) return { message: thrown.message, exitCode: 1 };
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const stack = process.env["CODEGRANT_DEBUG"] && thrown instanceof Error ? `\n${thrown.stack}` : "";
  return { message: `Codegrant failed, and this is a mistake of its own: ${reason}${stack}`, exitCode: 1 };
}
