import type { ClientStore, RecordKey, RecordOwner, StoredRecord } from "@codegrant/client";

/** One command to Redis; `client.sendCommand` of node-redis, `client.call` of ioredis. */
export type RedisCommand = (words: string[]) => Promise<unknown>;

/**
 * Connections in Redis, for any number of processes on any number of machines. A value holds secrets in the open: give
 * Redis a password and TLS, and `appendfsync always` if a token must survive a power cut.
 *
 * @example
 * const client = await createClient({ url: "redis://localhost" }).connect(); // node-redis
 * const store = createRedisStore((words) => client.sendCommand(words));
 */
export function createRedisStore(command: RedisCommand): ClientStore {
  const run = (script: string, keys: string[], words: string[]): Promise<unknown> =>
    command(["EVAL", script, String(keys.length), ...keys, ...words]);

  async function find(key: RecordKey): Promise<StoredRecord | undefined> {
    const [version, value] = (await command(["HMGET", recordOf(key), "version", "value"])) as (string | null)[];
    if (version == null || value == null) return undefined;
    return { key, version, value };
  }

  return {
    description: "in Redis, not encrypted",
    find,
    async save(key, value, { ifVersion = "", expiresAt = "" }) {
      const version = crypto.randomUUID();
      const words = [ifVersion, version, value, String(expiresAt), key.kind, key.name];
      const saved = await run(saveScript, [recordOf(key), namesOf(key)], words);
      return saved === 1 ? { status: "saved", version } : { status: "changed" };
    },
    async remove(key, ifVersion) {
      const removed = await run(removeScript, [recordOf(key), namesOf(key)], [ifVersion, key.name]);
      return removed === 1 ? "removed" : "changed";
    },
    async list({ kind, provider, server, clientId }, { after, limit }) {
      const owner = { kind, provider, server, clientId };
      const from = after === undefined ? "-" : `(${after}`;
      const names = (await command(["ZRANGEBYLEX", namesOf(owner), from, "+", "LIMIT", "0", `${limit}`])) as string[];
      const found = await Promise.all(names.map((name) => find({ ...owner, name })));
      return found.filter((record) => record !== undefined);
    },
    // Redis forgets by itself.
    removeExpired: async () => undefined,
  };
}

/** Compares and sets in one step. Logins under way come and go and are never listed, so they are not named. */
export const saveScript = `
if (redis.call("HGET", KEYS[1], "version") or "") ~= ARGV[1] then return 0 end
redis.call("HSET", KEYS[1], "version", ARGV[2], "value", ARGV[3])
if ARGV[4] == "" then redis.call("PERSIST", KEYS[1]) else redis.call("EXPIREAT", KEYS[1], ARGV[4]) end
if ARGV[5] ~= "pending" then redis.call("ZADD", KEYS[2], 0, ARGV[6]) end
return 1`;

export const removeScript = `
if redis.call("HGET", KEYS[1], "version") ~= ARGV[1] then return 0 end
redis.call("DEL", KEYS[1])
redis.call("ZREM", KEYS[2], ARGV[2])
return 1`;

/** In braces, so that a cluster keeps an owner's records and their names on one node. */
function ownerOf({ kind, provider, server, clientId }: RecordOwner): string {
  return `codegrant:{${[kind, provider, server, clientId].map(encodeURIComponent).join(":")}}`;
}

const recordOf = (key: RecordKey): string => `${ownerOf(key)}:record:${key.name}`;
/** A sorted set whose members all have the score 0, so that Redis keeps them by their bytes: by code points. */
const namesOf = (of: RecordOwner): string => `${ownerOf(of)}:names`;
