import type { ClientStore } from "@codegrant/client";
import type { OpenClientStore } from "@codegrant/client/contract";
import { createRedisStore, type RedisCommand } from "../src/redis-store.ts";

/** Stores over a connection each, for the contract. */
export function redisStores(connect: () => Promise<RedisCommand>): OpenClientStore {
  const commands = new Map<ClientStore, RedisCommand>();
  const openOver = async (command: RedisCommand): Promise<ClientStore> => {
    const store = createRedisStore(command);
    commands.set(store, command);
    return store;
  };
  const again = async (store: ClientStore): Promise<ClientStore> => openOver(commands.get(store) ?? (await connect()));
  return Object.assign(async () => openOver(await connect()), { again });
}
