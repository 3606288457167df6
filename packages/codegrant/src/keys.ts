import { timingSafeEqual } from "node:crypto";
import { createKeyRing, type KeyRing, listKeys, listUsersOfKey, type Store } from "@codegrant/server";
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
 * A key that living grants need and the file lacks is told to `warn` with those whom it cuts off; the rest is served.
 */
export async function openKeys(
  source: KeySource,
  store: Store,
  now: number,
  warn: (sentence: string) => void,
): Promise<KeyRing> {
  const { ring, lost } = await check(await loadKeys(source, store, now), originOf(source), store, now);
  for (const one of lost) warn(await lostKey(one, originOf(source), store, now));
  return ring;
}

/**
 * The keys that the file holds now, for a server that runs with `current`. Throws a `CommandError` that says why it
 * goes on with those it has: the file is gone, damaged or another one, or lacks a key that living grants need.
 */
export async function reloadKeys(source: KeySource, store: Store, current: KeyRing, now: number): Promise<KeyRing> {
  const keys = readKeyFile(source.keyFile);
  if (keys === undefined) throw new CommandError(`The key file ${source.keyFile} is gone. Put it back from your copy.`);
  const { ring, lost } = await check(keys, originOf(source), store, now);
  const needed = lost.find(({ id }) => current.find(id) !== undefined);
  if (needed) throw new CommandError(await lostKey(needed, originOf(source), store, now));
  return ring;
}

interface LostKey {
  readonly id: number;
  readonly state: "missing" | "different";
  /** Living ones that were made with it. */
  readonly grants: number;
}

/** Lists new keys in the database, so that no id is ever given to a second key, and tells the keys that are good. */
async function check(
  keys: readonly KeyFileKey[],
  origin: string,
  store: Store,
  now: number,
): Promise<{ readonly ring: KeyRing; readonly lost: readonly LostKey[] }> {
  const given = createKeyRing(keys);
  const listed = new Map((await store.listKeys()).map(({ id, checkValue }) => [id, checkValue]));
  const isKnown = given.all().some(({ id, checkValue }) => isSame(listed.get(id), checkValue));
  // Before anything is listed, so that another database's file leaves no trace in this one.
  if (listed.size > 0 && !isKnown) throw foreignKeys(origin);
  for (const { id, checkValue } of given.all())
    if (!listed.has(id)) await store.addKey({ id, checkValue, createdAt: now });
  // Read again: a server that starts at the same moment may have listed its own.
  const described = await listKeys({ store, keys: given, now: () => now });
  const unusable = described.flatMap(({ id, state, grants }) =>
    state === "missing" || state === "different" ? [{ id, state, grants }] : [],
  );
  const good = keys.filter(({ id }) => !unusable.some((one) => one.id === id));
  if (good.length === 0) throw foreignKeys(origin);
  // A key that was retired is missing too, and nobody is cut off by that.
  return {
    ring: createKeyRing(good),
    lost: unusable.filter(({ state, grants }) => grants > 0 || state === "different"),
  };
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

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one?.length === other.length && timingSafeEqual(one, other);
}

function originOf({ keyFile, keys }: KeySource): string {
  return keys === undefined ? `The key file ${keyFile}` : "CODEGRANT_KEYS";
}

function missingKeyFile(file: string): CommandError {
  return new CommandError(
    `The key file ${file} is not there, but this database has been used with one. ` +
      "Put it back from your copy, or say where it is with --key-file FILE. " +
      "A new one is not made by itself, because nobody's tokens would work with it; if the old one is lost for good, " +
      "make one with: codegrant keys rotate --lost",
  );
}

function foreignKeys(origin: string): CommandError {
  return new CommandError(
    `${origin} holds none of the keys that this database has been used with. ` +
      "Name the right key file with --key-file FILE, or the database that belongs to it with --db FILE.",
  );
}

const maximumNamed = 10;

async function lostKey({ id, state, grants }: LostKey, origin: string, store: Store, now: number): Promise<string> {
  const why = state === "missing" ? "does not hold" : "holds something else as";
  return (
    `${origin} ${why} key ${id}, which ${countOf(grants)} made with. ` +
    `Unless you put it back, ${await nameUsers({ store, now: () => now }, id)} must approve again.`
  );
}

const countOf = (grants: number): string => (grants === 1 ? "1 living grant was" : `${grants} living grants were`);

/** Whom it concerns, in a sentence: ten of them by name. */
export async function nameUsers(platform: Parameters<typeof listUsersOfKey>[0], keyId: number): Promise<string> {
  const logins = await listUsersOfKey(platform, keyId);
  const named = logins.slice(0, maximumNamed).join(", ");
  if (logins.length === 0) return "nobody";
  return logins.length > maximumNamed ? `${named} and others` : named;
}
