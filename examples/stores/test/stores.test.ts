import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientStore } from "@codegrant/client";
import { clientStoreContract, type OpenClientStore } from "@codegrant/client/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRedisStore, type RedisCommand } from "../src/redis-store.ts";
import { createWorkerStore } from "../src/worker-store.ts";
import { createStorage } from "./durable-storage.ts";
import { openRedis } from "./redis-connection.ts";
import { redisStandIn } from "./redis-stand-in.ts";

describe("the worker's store, over a stand-in for a durable object's storage", () => {
  const storages = new Map<ClientStore, ReturnType<typeof createStorage>>();
  const openOver = async (storage = createStorage()): Promise<ClientStore> => {
    const store = createWorkerStore(storage);
    storages.set(store, storage);
    return store;
  };
  const open = Object.assign(() => openOver(), { again: (store: ClientStore) => openOver(storages.get(store)) });
  it.each(clientStoreContract)("$name", async ({ run }) => {
    await expect(run(open)).resolves.toBeUndefined();
  });
});

describe("the Redis store, over a stand-in for Redis", () => {
  const open = redisStores(async () => redisStandIn());
  it.each(clientStoreContract)("$name", async ({ run }) => {
    await expect(run(open)).resolves.toBeUndefined();
  });
});

const program = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
  .map((folder) => path.join(folder, "redis-server"))
  .find((file) => existsSync(file));

// The same promises of Redis itself, on machines that have it.
if (program !== undefined) {
  describe("the Redis store, over Redis", () => {
    let server: ChildProcess;
    let port = 0;
    const connections: ReturnType<typeof openRedis>[] = [];
    beforeAll(async () => {
      port = await freePort();
      server = spawn(program, ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
      for (let tries = 0; tries < 100 && !(await isUp(port)); tries++) await sleep(50);
    });
    afterAll(() => {
      for (const { close } of connections) close();
      server.kill();
    });
    const open = redisStores(async () => {
      const connection = openRedis(port);
      connections.push(connection);
      return connection.command;
    });
    it.each(clientStoreContract)("$name", async ({ run }) => {
      await openRedis(port).command(["FLUSHALL"]);
      await expect(run(open)).resolves.toBeUndefined();
    });
  });
}

function redisStores(connect: () => Promise<RedisCommand>): OpenClientStore {
  const commands = new Map<ClientStore, RedisCommand>();
  const openOver = async (command: RedisCommand): Promise<ClientStore> => {
    const store = createRedisStore(command);
    commands.set(store, command);
    return store;
  };
  const again = async (store: ClientStore): Promise<ClientStore> => openOver(commands.get(store) ?? (await connect()));
  return Object.assign(async () => openOver(await connect()), { again });
}

async function isUp(port: number): Promise<boolean> {
  const { command, close } = openRedis(port);
  const answer = await command(["PING"]).catch(() => undefined);
  close();
  return answer === "PONG";
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listener = createServer().listen(0, "127.0.0.1", () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
