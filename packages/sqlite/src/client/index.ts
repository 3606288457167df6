import { randomBytes } from "node:crypto";
import type { ClientStore, RecordKey, StoredRecord } from "@codegrant/client";
import { openConnection } from "../connection.ts";
import { clientSchema } from "./schema.ts";
import { createSealer, type Sealer, type SealingKey } from "./sealer.ts";

export { StoreError, type StoreErrorCode } from "../store-error.ts";
export type { SealingKey } from "./sealer.ts";

export interface ClientStoreOptions {
  /** Made if it is not there, readable by its owner alone. Two more files, `-wal` and `-shm`, lie beside it. */
  readonly file: string;
  /** The first encrypts, each of them decrypts: put a new key first, and leave the old one until all have been saved. */
  readonly keys: readonly SealingKey[];
  /** How long to wait for another process that writes; 5 by default. The event loop stands still meanwhile. */
  readonly lockTimeoutSeconds?: number;
  /** Told, in a sentence, of files that others on the machine can read or replace. */
  readonly onWarning?: (sentence: string) => void;
}

/** A `ClientStore` that is closed when the program ends. */
export interface OpenedClientStore extends ClientStore {
  close(): Promise<void>;
}

/**
 * Opens the application's store of connections in an SQLite file, encrypted (AES-256-GCM), for any number of processes
 * on one machine. A save is on the disk before it answers. What was sealed under a key that is gone stays, is found as
 * unreadable, and is overwritten by the next login.
 *
 * Throws a `StoreError` whose message says what to do, `TypeError` for keys that are too short.
 *
 * ```ts
 * import { openClientStore } from "@codegrant/sqlite/client";
 *
 * const store = await openClientStore({ file: "/var/lib/bot/connections.db", keys: [key] });
 * ```
 */
export async function openClientStore({
  file,
  keys,
  lockTimeoutSeconds = 5,
  onWarning = () => {},
}: ClientStoreOptions): Promise<OpenedClientStore> {
  const sealer = createSealer(keys);
  const connection = await openConnection({ file, lockTimeoutSeconds, onWarning, schema: clientSchema });
  const { prepare, read, write } = connection;
  // What is removed is overwritten, also within the file.
  const secureDelete = prepare("PRAGMA secure_delete = ON");
  await read(() => secureDelete.get());

  const columns = "kind, provider, server, client_id, name, version, value";
  const isRecord = "kind = ? AND provider = ? AND server = ? AND client_id = ? AND name = ?";
  const find = prepare<Row>(`SELECT ${columns} FROM records WHERE ${isRecord}`);
  const list = prepare<Row>(
    `SELECT ${columns} FROM records WHERE kind = ? AND provider = ? AND server = ? AND client_id = ? AND name > ? ORDER BY name LIMIT ?`,
  );
  const insert = prepare(
    `INSERT INTO records (${columns}, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const update = prepare(`UPDATE records SET version = ?, value = ?, expires_at = ? WHERE ${isRecord} AND version = ?`);
  const remove = prepare(`DELETE FROM records WHERE ${isRecord} AND version = ?`);
  const removeExpired = prepare("DELETE FROM records WHERE expires_at <= ?");

  return {
    description: `in the SQLite file ${file}, encrypted`,
    find: (key) =>
      read(() => {
        const row = find.get(...partsOf(key));
        return row && recordOf(row, sealer);
      }),
    save: (key, value, { ifVersion, expiresAt = null }) =>
      write(() => {
        const version = randomBytes(12).toString("hex");
        const sealed = sealer.seal(value, placeOf(key));
        const { changes } =
          ifVersion === undefined
            ? insert.run(...partsOf(key), version, sealed, expiresAt)
            : update.run(version, sealed, expiresAt, ...partsOf(key), ifVersion);
        return changes === 1 ? { status: "saved", version } : { status: "changed" };
      }),
    remove: (key, ifVersion) =>
      write(() => (remove.run(...partsOf(key), ifVersion).changes === 1 ? "removed" : "changed")),
    list: ({ kind, provider, server, clientId }, { after = "", limit }) =>
      read(() => list.all(kind, provider, server, clientId, after, limit).map((row) => recordOf(row, sealer))),
    removeExpired: (nowSeconds) =>
      write(() => {
        removeExpired.run(nowSeconds);
      }),
    close: connection.close,
  };
}

interface Row {
  readonly kind: string;
  readonly provider: string;
  readonly server: string;
  readonly client_id: string;
  readonly name: string;
  readonly version: string;
  readonly value: Uint8Array;
}

function recordOf(row: Row, sealer: Sealer): StoredRecord {
  const { kind, provider, server, client_id: clientId, name, version, value } = row;
  const key: RecordKey = { kind: kind === "pending" ? "pending" : "connection", provider, server, clientId, name };
  return { key, version, value: sealer.open(value, placeOf(key)) };
}

function partsOf({ kind, provider, server, clientId, name }: RecordKey): [string, string, string, string, string] {
  return [kind, provider, server, clientId, name];
}

function placeOf(key: RecordKey): string {
  return JSON.stringify(partsOf(key));
}
