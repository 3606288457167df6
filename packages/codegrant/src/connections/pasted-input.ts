import { CommandError } from "../command-error.ts";
import { note } from "../output.ts";

/**
 * What somebody pastes, whole: from a pipe to its end, at a terminal to the line that completes it (or Ctrl-D). It is
 * never an argument: an address with a code in it would stand in the shell's history.
 */
export async function readPasted(question: string): Promise<string> {
  const { stdin } = process;
  const isTyped = stdin.isTTY;
  if (isTyped) note(question);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maximumBytes) throw new CommandError("This is longer than any answer. Paste the answer alone.");
    if (isTyped && isComplete(Buffer.concat(chunks).toString("utf8"))) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

const maximumBytes = 65_536;

/** One line, unless it is JSON that goes on. */
function isComplete(text: string): boolean {
  if (!text.endsWith("\n") || text.trim() === "") return false;
  if (!text.trimStart().startsWith("{")) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
