import type { DurableStorage } from "../src/worker-store.ts";

/** A stand-in for the storage of a durable object: keys by their bytes, transactions one after the other. */
export function createStorage(): DurableStorage {
  const entries = new Map<string, unknown>();
  let last: Promise<unknown> = Promise.resolve();
  const plain: Omit<DurableStorage, "transaction"> = {
    get: async (key) => structuredClone(entries.get(key)),
    put: async (key, value) => void entries.set(key, structuredClone(value)),
    delete: async (key) => entries.delete(key),
    async list({ prefix, startAfter = "", limit = Number.POSITIVE_INFINITY }) {
      const keys = [...entries.keys()].filter((key) => key.startsWith(prefix) && isAfter(key, startAfter));
      const sorted = keys.toSorted((a, b) => (isAfter(a, b) ? 1 : -1)).slice(0, limit);
      return new Map(sorted.map((key) => [key, structuredClone(entries.get(key))]));
    },
  };
  const storage: DurableStorage = {
    ...plain,
    transaction(work) {
      const result = last.then(() => work(storage));
      last = result.catch(() => undefined);
      return result;
    },
  };
  return storage;
}

function isAfter(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) > 0;
}
