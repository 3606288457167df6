import { isUtf8 } from "node:buffer";
import { once } from "node:events";
import { StringDecoder } from "node:string_decoder";
import { CommandError, usageError } from "./command-error.ts";
import { note } from "./output.ts";

const maximumBytes = 4096;

/**
 * A password from stdin's first line, or from a person who types it twice. It is never an argument: those stand in the
 * shell's history and in every list of processes.
 */
export async function readPassword({ fromStdin }: { readonly fromStdin: boolean }): Promise<string> {
  if (fromStdin) return readFirstLine();
  if (!process.stdin.isTTY) {
    throw usageError("Send the password on stdin with --password-stdin, or run the command in a terminal to type it.");
  }
  const password = await promptHidden("New password: ");
  if ((await promptHidden("Again, to be sure: ")) === password) return password;
  throw new CommandError("The two were not the same. Nothing was changed; run the command again.");
}

async function readFirstLine(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maximumBytes) throw usageError("Stdin holds more than a password.");
  }
  const bytes = Buffer.concat(chunks);
  // What is replaced on the way would be a password that nobody can type.
  if (!isUtf8(bytes)) throw usageError("The password is not written in UTF-8. Send it in UTF-8.");
  const line = /^[^\r\n]*/.exec(bytes.toString("utf8"))?.[0] ?? "";
  if (line === "") throw usageError("Stdin was empty. Send the password as its first line.");
  return line;
}

/** Raw mode, so that nothing typed is shown. Enter ends, Backspace takes one back, Ctrl-C stops the command. */
export async function promptHidden(question: string): Promise<string> {
  const { stdin } = process;
  process.stderr.write(question);
  stdin.setRawMode(true);
  stdin.resume();
  const typed: string[] = [];
  const decoder = new StringDecoder("utf8");
  try {
    for (;;) {
      const [chunk] = (await once(stdin, "data")) as [Buffer];
      for (const character of decoder.write(chunk)) {
        if (character === "\r" || character === "\n") return typed.join("");
        if (character === "\u0003" || character === "\u0004") throw new CommandError("Stopped. Nothing was changed.");
        if (character === "\u007f" || character === "\b") typed.pop();
        else if (character >= " ") typed.push(character);
        if (typed.length > maximumBytes) throw new CommandError("That is longer than a password.");
      }
    }
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    note("");
  }
}
