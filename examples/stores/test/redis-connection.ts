import { connect } from "node:net";
import type { RedisCommand } from "../src/redis-store.ts";

/** Enough of Redis's protocol for a test: one connection, answers in the order of the commands. */
export function openRedis(port: number): { command: RedisCommand; close(): void } {
  const socket = connect(port, "127.0.0.1");
  const waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  let buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (let read = readAnswer(buffer, 0); read !== undefined; read = readAnswer(buffer, 0)) {
      buffer = buffer.subarray(read.end);
      const one = waiting.shift();
      if (read.value instanceof Error) one?.reject(read.value);
      else one?.resolve(read.value);
    }
  });
  socket.on("error", (error) => {
    for (const one of waiting.splice(0)) one.reject(error);
  });
  return {
    command: (words) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
        socket.write(`*${words.length}\r\n${parts.join("")}`);
      }),
    close: () => socket.destroy(),
  };
}

/** The answer that begins at `from`, if all of it is there. */
function readAnswer(buffer: Buffer, from: number): { value: unknown; end: number } | undefined {
  const lineEnd = buffer.indexOf("\r\n", from);
  if (lineEnd === -1) return undefined;
  const line = buffer.toString("utf8", from + 1, lineEnd);
  const end = lineEnd + 2;
  const kind = String.fromCharCode(buffer[from] ?? 0);
  if (kind === "+") return { value: line, end };
  if (kind === "-") return { value: new Error(line), end };
  if (kind === ":") return { value: Number(line), end };
  if (line === "-1") return { value: null, end };
  if (kind === "$") {
    const after = end + Number(line);
    return buffer.length < after + 2 ? undefined : { value: buffer.toString("utf8", end, after), end: after + 2 };
  }
  const items: unknown[] = [];
  let at = end;
  for (let index = 0; index < Number(line); index++) {
    const item = readAnswer(buffer, at);
    if (item === undefined) return undefined;
    items.push(item.value);
    at = item.end;
  }
  return { value: items, end: at };
}
