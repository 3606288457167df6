import { timingSafeEqual } from "node:crypto";
import { findUserById } from "../accounts.ts";
import type { Platform } from "../platform.ts";
import type { KeyRecord } from "../records.ts";
import type { Store } from "../store.ts";
import { createKeyRing } from "../tokens/key-ring.ts";
import { recordEvent } from "./record-event.ts";

/** A key that the database has been used with, and how it stands. */
export interface DescribedKey {
  readonly id: number;
  readonly createdAt: number;
  /** `missing`: not in the ring. `different`: the ring holds another key under this id, so it is not used. */
  readonly state: "current" | "good" | "missing" | "different";
  /** Living grants that name it. */
  readonly grants: number;
}

/** Every key id ever given, ascending, with the grants on it. */
export async function listKeys(platform: Pick<Platform, "store" | "keys" | "now">): Promise<readonly DescribedKey[]> {
  const [records, counts] = await Promise.all([
    platform.store.listKeys(),
    platform.store.countGrantsByKey(platform.now()),
  ]);
  const grants = new Map(counts.map((count) => [count.keyId, count.grants]));
  return records.map((record) => ({
    id: record.id,
    createdAt: record.createdAt,
    state: stateOf(platform, record),
    grants: grants.get(record.id) ?? 0,
  }));
}

/** Who must approve again if the key is gone: at most 50, by login where there is one. */
export async function listUsersOfKey(
  platform: Pick<Platform, "accounts" | "now"> & {
    readonly store: Pick<Store, "findUser" | "findUserEpoch" | "listUsersOfKey">;
  },
  keyId: number,
): Promise<readonly string[]> {
  const ids = await platform.store.listUsersOfKey(keyId, { now: platform.now(), limit: maximumUsers });
  const users = await Promise.all(ids.map((id) => findUserById(platform, id)));
  return ids.map((id, index) => users[index]?.login ?? id);
}

export const maximumUsers = 50;

/**
 * Gives a new secret a key id that no key of this database ever had, and lists it there. `held` are the ids of a key
 * file that the database may not know yet. Undefined when all 255 are used up.
 */
export async function addKey(
  platform: Platform,
  secret: Uint8Array,
  held: readonly number[],
): Promise<number | undefined> {
  for (;;) {
    const used = new Set([...held, ...(await platform.store.listKeys()).map(({ id }) => id)]);
    const id = nextId(used);
    if (id === undefined) return undefined;
    const { checkValue } = createKeyRing([{ id, secret }]).current;
    // Taken: another command was faster, so its id is listed at the next look.
    if ((await platform.store.addKey({ id, checkValue, createdAt: platform.now() })) === "taken") continue;
    await recordEvent(platform, { event: "key.added", detail: `key ${id}` });
    return id;
  }
}

/** Above all others: after a restored backup, the database may have forgotten the latest that were given up. */
function nextId(used: ReadonlySet<number>): number | undefined {
  const above = Math.max(0, ...used) + 1;
  if (above <= maximumKeyId) return above;
  return Array.from({ length: maximumKeyId }, (_, index) => index + 1).find((id) => !used.has(id));
}

/** For the audit: the key has been taken out of the key file. */
export async function recordRetiredKey(platform: Platform, id: number): Promise<void> {
  await recordEvent(platform, { event: "key.retired", detail: `key ${id}` });
}

/** One byte of every token. */
const maximumKeyId = 255;

/** Ends every living grant that names the key, so that it can be given up; returns how many. The cleaner reports each. */
export async function endGrantsOfKey(platform: Platform, keyId: number): Promise<number> {
  const ended = await platform.store.endGrantsOfKey(keyId, { at: platform.now(), why: "key" });
  await recordEvent(platform, { event: "key.grantsEnded", detail: `key ${keyId}, ${ended} grants` });
  return ended;
}

function stateOf({ keys }: Pick<Platform, "keys">, { id, checkValue }: KeyRecord): DescribedKey["state"] {
  const key = keys.find(id);
  if (key === undefined) return "missing";
  const same = key.checkValue.length === checkValue.length && timingSafeEqual(key.checkValue, checkValue);
  if (!same) return "different";
  return key.id === keys.current.id ? "current" : "good";
}
