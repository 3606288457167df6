import { type RedisCommand, removeScript, saveScript } from "../src/redis-store.ts";

/** In the place of Redis where there is none: the commands that the store sends, and its scripts in JavaScript. */
export function redisStandIn(): RedisCommand {
  const hashes = new Map<string, { version: string; value: string }>();
  const names = new Map<string, Set<string>>();
  const scripts: Record<string, (keys: string[], words: string[]) => number> = {
    [saveScript]([record = "", index = ""], [ifVersion, version = "", value = "", expiresAt = "", kind, name = ""]) {
      if ((hashes.get(record)?.version ?? "") !== ifVersion) return 0;
      hashes.set(record, { version, value });
      if (expiresAt !== "" && Number(expiresAt) < Date.now() / 1_000) hashes.delete(record);
      if (kind !== "pending") names.set(index, new Set(names.get(index)).add(name));
      return 1;
    },
    [removeScript]([record = "", index = ""], [ifVersion, name = ""]) {
      if (hashes.get(record)?.version !== ifVersion) return 0;
      hashes.delete(record);
      names.get(index)?.delete(name);
      return 1;
    },
  };
  return async ([command, ...words]) => {
    if (command === "EVAL") {
      const [script = "", count = "", ...rest] = words;
      return scripts[script]?.(rest.slice(0, Number(count)), rest.slice(Number(count)));
    }
    const [key = "", from = "", , , , limit = ""] = words;
    if (command === "HMGET") return [hashes.get(key)?.version ?? null, hashes.get(key)?.value ?? null];
    if (command !== "ZRANGEBYLEX") throw new Error(`The stand-in knows no ${command}.`);
    const all = [...(names.get(key) ?? [])].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return all.filter((name) => from === "-" || name > from.slice(1)).slice(0, Number(limit));
  };
}
