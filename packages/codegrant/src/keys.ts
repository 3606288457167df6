import { timingSafeEqual } from "node:crypto";
import { createKeyRing, type Key, type KeyRing, type Store } from "@codegrant/server";
import { CommandError } from "./command-error.ts";
import { createKeyFile, type KeyFileKey, parseKeys, readKeyFile } from "./key-file.ts";

export interface KeySource {
  readonly keyFile: string;
  /** What `CODEGRANT_KEYS` holds; it takes the place of the file. */
  readonly keys?: string | undefined;
}

/**
 * The keys a server works with, checked against those its database has seen. A key file is made only for a database
 * that has never had a key: a lost one must be put back, since a new one would silently cut everybody off.
 * A key that the database knows and the file lacks is told to `warn`, and the rest is served.
 */
export async function openKeys(
  source: KeySource,
  store: Pick<Store, "listKeys" | "addKey">,
  now: number,
  warn: (sentence: string) => void,
): Promise<KeyRing> {
  const origin = source.keys === undefined ? `The key file ${source.keyFile}` : "CODEGRANT_KEYS";
  const keys = await loadKeys(source, store, now);
  const known = await register(createKeyRing(keys), store, now);
  const good = keys.filter(({ id }) => known.get(id) === "good");
  if (good.length === 0) throw foreignKeys(origin);
  for (const [id, state] of known) if (state !== "good") warn(lostKey(id, origin, state));
  return createKeyRing(good);
}

async function loadKeys(
  { keyFile, keys }: KeySource,
  store: Pick<Store, "listKeys">,
  now: number,
): Promise<readonly KeyFileKey[]> {
  if (keys !== undefined) return parseKeys(keys, "The environment variable CODEGRANT_KEYS");
  const found = readKeyFile(keyFile);
  if (found) return found;
  if ((await store.listKeys()).length > 0) throw missingKeyFile(keyFile);
  // Another process may have made it a moment ago.
  const made = createKeyFile(keyFile, now) ?? readKeyFile(keyFile);
  if (made) return made;
  throw missingKeyFile(keyFile);
}

type KeyState = "good" | "missing" | "different";

/** Lists new keys in the database, so that no id is ever given to a second key; says of each listed key how it stands. */
async function register(
  ring: KeyRing,
  store: Pick<Store, "listKeys" | "addKey">,
  now: number,
): Promise<ReadonlyMap<number, KeyState>> {
  const listed = new Set((await store.listKeys()).map((record) => record.id));
  for (const { id, checkValue } of ring.all()) {
    if (!listed.has(id)) await store.addKey({ id, checkValue, createdAt: now });
  }
  const records = await store.listKeys(); // again: a server that starts at the same moment may have listed its own
  return new Map(records.map((record) => [record.id, stateOf(ring.find(record.id), record.checkValue)]));
}

function stateOf(key: Key | undefined, checkValue: Uint8Array): KeyState {
  if (key === undefined) return "missing";
  const same = key.checkValue.length === checkValue.length && timingSafeEqual(key.checkValue, checkValue);
  return same ? "good" : "different";
}

function missingKeyFile(file: string): CommandError {
  return new CommandError(
    `The key file ${file} is not there, but this database has been used with one. ` +
      "Put it back from your copy, or say where it is with --key-file FILE. " +
      "A new one is not made, because nobody's tokens would work with it.",
  );
}

function foreignKeys(origin: string): CommandError {
  return new CommandError(
    `${origin} holds none of the keys that this database has been used with. ` +
      "Name the right key file with --key-file FILE, or the database that belongs to it with --db FILE.",
  );
}

function lostKey(id: number, origin: string, state: KeyState): string {
  const why = state === "missing" ? "does not hold" : "holds something else as";
  return (
    `${origin} ${why} key ${id}, which this database has been used with. ` +
    `Users whose tokens were made with key ${id} must approve again, unless you put it back.`
  );
}
