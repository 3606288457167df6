import { timingSafeEqual } from "node:crypto";
import { createKeyRing, type Key, type KeyRecord, type KeyRing, listUsersOfKey, type Store } from "@codegrant/server";
import { CommandError } from "./command-error.ts";
import { createKeyFile, type KeyFileKey, parseKeys, readKeyFile } from "./key-file.ts";
import { sentenceOfLostKey } from "./lost-key.ts";

export interface KeySource {
  readonly keyFile: string;
  /** What `CODEGRANT_KEYS` holds; it takes the place of the file. */
  readonly keys?: string | undefined;
}

export type KeyStore = Pick<
  Store,
  "listKeys" | "addKey" | "countGrantsByKey" | "listUsersOfKey" | "findUser" | "findUserEpoch"
>;

/**
 * The keys a server works with, checked against those its database has seen. A key file is made only for a database
 * that has never had a key: a lost one must be put back, since a new one would silently cut everybody off.
 * A key that grants need and the file lacks is told to `warn`, with those it cuts off, and the rest is served.
 */
export async function openKeys(
  source: KeySource,
  store: KeyStore,
  now: number,
  warn: (sentence: string) => void,
): Promise<KeyRing> {
  const origin = source.keys === undefined ? originOf(source.keyFile) : "CODEGRANT_KEYS";
  return check(await loadKeys(source, store, now), origin, store, now, warn);
}

/**
 * The keys of a file that changed while the server runs. Stricter than at the start, for there is a good ring to stay
 * with: throws a `CommandError` for a file that is gone, holds no keys, or holds another secret under a known id.
 */
export async function reopenKeys(
  keyFile: string,
  store: KeyStore,
  now: number,
  warn: (sentence: string) => void,
): Promise<KeyRing> {
  const keys = readKeyFile(keyFile);
  if (keys === undefined) throw new CommandError(`${originOf(keyFile)} is gone. Put it back from your copy.`);
  const ring = createKeyRing(keys);
  const different = (await store.listKeys()).find((record) => stateOf(ring.find(record.id), record) === "different");
  if (different) throw changedSecret(originOf(keyFile), different.id);
  return check(keys, originOf(keyFile), store, now, warn);
}

export type KeyState = "good" | "missing" | "different";

/** How a key that the database lists stands in a ring. */
export function stateOf(key: Key | undefined, { checkValue }: KeyRecord): KeyState {
  if (key === undefined) return "missing";
  const same = key.checkValue.length === checkValue.length && timingSafeEqual(key.checkValue, checkValue);
  return same ? "good" : "different";
}

export function missingKeyFile(file: string): CommandError {
  return new CommandError(
    `The key file ${file} is not there, but this database has been used with one. ` +
      "Put it back from your copy, or say where it is with --key-file FILE. " +
      "A new one is not made, because nobody's tokens would work with it. " +
      "If it is lost for good, begin a new one with: codegrant keys rotate --lost",
  );
}

async function loadKeys({ keyFile, keys }: KeySource, store: KeyStore, now: number): Promise<readonly KeyFileKey[]> {
  if (keys !== undefined) return parseKeys(keys, "The environment variable CODEGRANT_KEYS");
  const found = readKeyFile(keyFile);
  if (found) return found;
  if ((await store.listKeys()).length > 0) throw missingKeyFile(keyFile);
  // Another process may have made it a moment ago.
  const made = createKeyFile(keyFile, now) ?? readKeyFile(keyFile);
  if (made) return made;
  throw missingKeyFile(keyFile);
}

async function check(
  keys: readonly KeyFileKey[],
  origin: string,
  store: KeyStore,
  now: number,
  warn: (sentence: string) => void,
): Promise<KeyRing> {
  const known = await register(createKeyRing(keys), store, now);
  const good = keys.filter(({ id }) => known.get(id) === "good");
  if (good.length === 0) throw foreignKeys(origin);
  const counts = new Map((await store.countGrantsByKey(now)).map(({ keyId, grants }) => [keyId, grants]));
  for (const [id, state] of known) {
    const grants = counts.get(id) ?? 0;
    // A key that was retired is missing too, and nobody misses it.
    if (state === "good" || (state === "missing" && grants === 0)) continue;
    const users = await listUsersOfKey({ store, now: () => now }, id);
    warn(sentenceOfLostKey({ id, state, origin, grants, users }));
  }
  return createKeyRing(good);
}

/** Lists new keys in the database, so that no id is ever given to a second key; says of each listed key how it stands. */
async function register(ring: KeyRing, store: KeyStore, now: number): Promise<ReadonlyMap<number, KeyState>> {
  const listed = new Set((await store.listKeys()).map((record) => record.id));
  for (const { id, checkValue } of ring.all()) {
    if (!listed.has(id)) await store.addKey({ id, checkValue, createdAt: now });
  }
  const records = await store.listKeys(); // again: a server that starts at the same moment may have listed its own
  return new Map(records.map((record) => [record.id, stateOf(ring.find(record.id), record)]));
}

const originOf = (keyFile: string): string => `The key file ${keyFile}`;

function foreignKeys(origin: string): CommandError {
  return new CommandError(
    `${origin} holds none of the keys that this database has been used with. ` +
      "Name the right key file with --key-file FILE, or the database that belongs to it with --db FILE.",
  );
}

function changedSecret(origin: string, id: number): CommandError {
  return new CommandError(
    `${origin} holds something else as key ${id} than this database has been used with. Put the right one back.`,
  );
}
