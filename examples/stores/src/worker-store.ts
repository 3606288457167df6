import type { ClientStore, RecordKey, RecordOwner, SaveOptions, StoredRecord } from "@codegrant/client";

/** What this needs of the storage of a worker's durable object (`ctx.storage`). */
export interface DurableStorage {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<boolean>;
  list(options: { prefix: string; startAfter?: string; limit?: number }): Promise<Map<string, unknown>>;
  transaction<Result>(work: (storage: DurableStorage) => Promise<Result>): Promise<Result>;
}

/**
 * Connections in a durable object. A worker's plain KV cannot be a store: it has no "only if it is still so", and two
 * places may read an old value for a minute, so that a refresh token would be spent twice.
 *
 * @example
 * export class Connections extends DurableObject {
 *   store = createWorkerStore(this.ctx.storage);
 * }
 */
export function createWorkerStore(storage: DurableStorage): ClientStore {
  const changeIf = (key: RecordKey, ifVersion: string | undefined, change: Change): Promise<boolean> =>
    storage.transaction(async (inside) => {
      const kept = (await inside.get(placeOf(key))) as Kept | undefined;
      if (kept?.version !== ifVersion) return false;
      await change(inside);
      return true;
    });

  return {
    description: "in a durable object of this worker",
    async find(key) {
      return recordOf((await storage.get(placeOf(key))) as Kept | undefined);
    },
    async save(key, value, { ifVersion, expiresAt }: SaveOptions) {
      const version = crypto.randomUUID();
      const kept: Kept = { key: keyOf(key), version, value, expiresAt };
      const isSaved = await changeIf(key, ifVersion, (inside) => inside.put(placeOf(key), kept));
      return isSaved ? { status: "saved", version } : { status: "changed" };
    },
    async remove(key, ifVersion) {
      return (await changeIf(key, ifVersion, (inside) => inside.delete(placeOf(key)))) ? "removed" : "changed";
    },
    async list(of, { after, limit }) {
      const prefix = ownerOf(of);
      const start = after === undefined ? {} : { startAfter: prefix + after };
      const found = await storage.list({ prefix, limit, ...start });
      return [...found.values()].flatMap((kept) => recordOf(kept as Kept) ?? []);
    },
    async removeExpired(nowSeconds) {
      for (const [place, kept] of await storage.list({ prefix: "record:", limit: maximumLooked })) {
        const { expiresAt } = kept as Kept;
        if (expiresAt !== undefined && expiresAt <= nowSeconds) await storage.delete(place);
      }
    },
  };
}

/** At once; the rest waits for the next time. */
const maximumLooked = 1_000;

type Change = (inside: DurableStorage) => Promise<unknown>;

interface Kept extends StoredRecord {
  readonly expiresAt: number | undefined;
}

function recordOf(kept: Kept | undefined): StoredRecord | undefined {
  return kept && { key: kept.key, version: kept.version, value: kept.value };
}

/** Logins under way first, since they are the ones that expire. */
function ownerOf({ kind, provider, server, clientId }: RecordOwner): string {
  const order = kind === "pending" ? 0 : 1;
  return `record:${order}:${[provider, server, clientId].map(encodeURIComponent).join(":")}:`;
}

/** The storage keeps its keys by their bytes in UTF-8: names stand in the order of their code points. */
const placeOf = (key: RecordKey): string => ownerOf(key) + key.name;

function keyOf({ kind, provider, server, clientId, name }: RecordKey): RecordKey {
  return { kind, provider, server, clientId, name };
}
