import { InputError } from "@codegrant/server";
import { StoreError } from "@codegrant/sqlite/server";
import { CommandError, type ExitCode } from "./command-error.ts";

/** What a person reads at the end of a command that failed, and its exit code. Never a stack trace. */
export function explain(error: unknown): { readonly message: string; readonly exitCode: ExitCode } {
  if (error instanceof CommandError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof StoreError || error instanceof InputError) return { message: error.message, exitCode: 1 };
  const reason = error instanceof Error ? error.message : String(error);
  const stack = process.env["CODEGRANT_DEBUG"] && error instanceof Error ? `\n${error.stack}` : "";
  return { message: `Codegrant failed, and this is a mistake of its own: ${reason}${stack}`, exitCode: 1 };
}
