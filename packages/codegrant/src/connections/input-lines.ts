import { StringDecoder } from "node:string_decoder";
import { CommandError } from "../command-error.ts";
import { promptHidden } from "../password-input.ts";
import { checkSecret } from "./client-options.ts";

/** Standard input: first the secret, if it comes from there, then whatever a person pastes. */
export interface Input {
  /** Asks a person at a terminal; a script sends it as the first line. */
  readSecret(): Promise<string>;
  readonly pasted: AsyncIterable<string>;
  /** Reads no more, so that the process can end. */
  close(): void;
}

export function openInput(): Input {
  const lines = readLines(process.stdin);
  return {
    async readSecret() {
      if (process.stdin.isTTY) return checkSecret(await promptHidden("Client secret: "), "The answer");
      const first = await lines.next();
      return checkSecret(first.done === true ? "" : first.value, "The first line of stdin");
    },
    pasted: lines,
    close: () => void process.stdin.destroy(),
  };
}

/** Longer than any address that a browser shows. */
const maximumLineLength = 16_384;

async function* readLines(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string, void> {
  const decoder = new StringDecoder("utf8");
  let text = "";
  for await (const chunk of stream) {
    const lines = (text + decoder.write(Buffer.from(chunk))).split(/\r?\n/);
    text = lines.pop() ?? "";
    yield* lines;
    if (text.length > maximumLineLength) throw new CommandError("Stdin holds more than an address.");
  }
  if (text !== "") yield text;
}
