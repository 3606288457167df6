import { createInterface } from "node:readline/promises";
import { CommandError } from "./command-error.ts";

/** Asks a person before something that cannot be undone. A script meant what it said and is not asked. */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    terminal.close();
  }
  throw new CommandError("Nothing was changed.");
}
