import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Connection, isConnectionError } from "@codegrant/client";
import { CommandError } from "../command-error.ts";
import { formatTime } from "../output.ts";

/** Where a program gets a token that is good now, whenever it connects: one line of JSON for each connection. */
export interface TokenSocket {
  readonly address: string;
  close(): Promise<void>;
}

/** A program asks now and then; more at once are somebody's mistake. */
const maximumConnections = 32;
const timeoutMilliseconds = 30_000;

/** macOS has room for 104 bytes with a zero at the end, others for 108; what is longer is cut off, and lies elsewhere. */
const maximumAddressBytes = 103;

/**
 * Opens it in a folder that its owner alone can enter. Whoever can connect gets the token, as whoever is the same user
 * could read it from the store. Nothing is read: the connection itself is the question. `undefined` on Windows, where
 * a pipe has no folder and everyone on the machine may read from it.
 */
export async function openTokenSocket(connection: Connection): Promise<TokenSocket | undefined> {
  if (process.platform === "win32") return undefined;
  const base = path.join(tmpdir(), "codegrant-");
  // As mkdtemp will name it.
  if (Buffer.byteLength(`${base}XXXXXX/token`) > maximumAddressBytes) {
    throw new CommandError(
      `The temporary folder's path is too long for a socket. Set TMPDIR to a shorter one: ${base}`,
    );
  }
  const folder = await mkdtemp(base);
  const address = path.join(folder, "token");
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => void open.delete(socket));
    socket.setTimeout(timeoutMilliseconds, () => void socket.destroy());
    socket.resume();
    void answer(connection).then((line) => socket.end(`${line}\n`));
  });
  server.maxConnections = maximumConnections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, resolve);
  });
  return {
    address,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Never throws: the program on the other side learns what is wrong and what mends it. */
async function answer(connection: Connection): Promise<string> {
  try {
    const accessToken = (await connection.accessToken()).reveal();
    const { expiresAt, scopes } = await connection.status();
    const expires = expiresAt === undefined ? {} : { expires_at: formatTime(expiresAt) };
    return JSON.stringify({ access_token: accessToken, ...expires, scopes });
  } catch (error) {
    if (!isConnectionError(error)) return JSON.stringify({ error: "failed" });
    return JSON.stringify({ error: error.code, message: error.message, hint: error.hint });
  }
}
