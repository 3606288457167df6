import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { clientStoreContract } from "@codegrant/client/contract";
import { afterAll, describe, expect, it } from "vitest";
import type { RedisCommand } from "../src/redis-store.ts";
import { openRedis } from "./redis-connection.ts";
import { redisStandIn } from "./redis-stand-in.ts";
import { redisStores } from "./redis-stores.ts";

const program = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
  .map((folder) => path.join(folder, "redis-server"))
  .find((file) => existsSync(file));
const closing: (() => void)[] = [];

afterAll(() => {
  for (const close of closing) close();
});

const places: [place: string, connect: () => Promise<RedisCommand>][] = [
  ["a stand-in for Redis", async () => redisStandIn()],
  // On machines that have it.
  ...(program === undefined ? [] : [["Redis itself", connectTo(program)] as [string, () => Promise<RedisCommand>]]),
];

describe.each(places)("the Redis store, over %s", (_place, connect) => {
  it.each(clientStoreContract)("$name", async ({ run }) => {
    await expect(run(redisStores(connect))).resolves.toBeUndefined();
  });
});

/** Each connection finds Redis empty. It is started with the first. */
function connectTo(file: string): () => Promise<RedisCommand> {
  let port: Promise<number> | undefined;
  return async () => {
    port ??= startRedis(file);
    const { command, close } = openRedis(await port);
    closing.push(close);
    await command(["FLUSHALL"]);
    return command;
  };
}

async function startRedis(file: string): Promise<number> {
  const port = await freePort();
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const server: ChildProcess = spawn(file, options, { stdio: "ignore" });
  closing.push(() => server.kill());
  for (let tries = 0; tries < 100; tries++) {
    const { command, close } = openRedis(port);
    const answer = await command(["PING"]).catch(() => undefined);
    close();
    if (answer === "PONG") return port;
    await sleep(50);
  }
  throw new Error("redis-server does not answer.");
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, "127.0.0.1", () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
