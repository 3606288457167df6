import type { ClientStore, RecordKey, RecordOwner, StoredRecord } from "./client-store.ts";

interface Entry extends StoredRecord {
  readonly expiresAt: number | undefined;
}

/**
 * A store that forgets when the process ends: for tests, short scripts and trying things out.
 *
 * @example
 * const twitch = connect(provider, { clientId, clientSecret, scopes, store: createMemoryStore() });
 */
export function createMemoryStore(): ClientStore {
  const entries = new Map<string, Entry>();
  let lastVersion = 0;
  return {
    description: "in this process's memory, gone when it ends",
    find: async (key) => publicPart(entries.get(idOf(key))),
    async save(key, value, { ifVersion, expiresAt }) {
      const id = idOf(key);
      if (entries.get(id)?.version !== ifVersion) return { status: "changed" };
      lastVersion += 1;
      const version = String(lastVersion);
      entries.set(id, { key: keyOf(key), version, value, expiresAt });
      return { status: "saved", version };
    },
    async remove(key, ifVersion) {
      const id = idOf(key);
      if (entries.get(id)?.version !== ifVersion) return "changed";
      entries.delete(id);
      return "removed";
    },
    async list(of, { after, limit }) {
      const owner = ownerOf(of);
      return [...entries.values()]
        .filter(({ key }) => ownerOf(key) === owner && (after === undefined || key.name > after))
        .toSorted((a, b) => (a.key.name < b.key.name ? -1 : 1))
        .slice(0, limit)
        .map(({ key, version, value }) => ({ key, version, value }));
    },
    async removeExpired(nowSeconds) {
      for (const [id, { expiresAt }] of entries) {
        if (expiresAt !== undefined && expiresAt <= nowSeconds) entries.delete(id);
      }
    },
  };
}

function publicPart(entry: Entry | undefined): StoredRecord | undefined {
  return entry && { key: entry.key, version: entry.version, value: entry.value };
}

function ownerOf({ kind, provider, server, clientId }: RecordOwner): string {
  return JSON.stringify([kind, provider, server, clientId]);
}

function idOf(key: RecordKey): string {
  return JSON.stringify([ownerOf(key), key.name]);
}

function keyOf({ kind, provider, server, clientId, name }: RecordKey): RecordKey {
  return { kind, provider, server, clientId, name };
}
