import { open } from "node:fs/promises";
import { CommandError, systemCode } from "../command-error.ts";

export interface ClientOptions {
  readonly clientId?: string;
  readonly secretFile?: string;
}

/** Longer than any secret, shorter than a file that was named by mistake. */
const maximumBytes = 4096;

export function findClientId({ clientId }: ClientOptions): string | undefined {
  return clientId ?? nonEmpty(process.env["CODEGRANT_CLIENT_ID"]);
}

/** From the file, else the environment. Never an argument: those stand in every list of processes. */
export async function findSecret({ secretFile }: ClientOptions): Promise<string | undefined> {
  if (secretFile === undefined) return nonEmpty(process.env["CODEGRANT_CLIENT_SECRET"]);
  return checkSecret(await readStart(secretFile), secretFile);
}

/** One line; a line break at its end is the editor's. */
export function checkSecret(text: string, from: string): string {
  const secret = text.replace(/\r?\n$/, "");
  if (secret !== "" && secret.length <= maximumBytes && !/[\r\n]/.test(secret)) return secret;
  throw new CommandError(`${from} must hold the client secret in one line and nothing else.`);
}

async function readStart(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const buffer = Buffer.alloc(maximumBytes + 2);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new CommandError(`The secret in ${file} cannot be read (${systemCode(error) ?? "unknown reason"}).`, {
      cause: error,
    });
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
