import {
  createKeyRing,
  type DescribedKey,
  endGrantsOfKey,
  listKeys,
  type Platform,
  type Store,
} from "@codegrant/server";
import { CommandError } from "./command-error.ts";
import { confirm } from "./confirm.ts";
import { type KeyFileKey, newKey, readKeyFile, replaceKeyFile, withLockedKeyFile } from "./key-file.ts";
import { nameUsers } from "./keys.ts";

export interface KeyChange {
  readonly platform: Platform;
  readonly keyFile: string;
}

/**
 * Adds a key to the file, which makes new tokens from now on; the others verify what they made. A running server takes
 * it up by itself. `isLost` allows a file that is not there: then only the new key is in it. Returns the key's id.
 */
export async function rotateKeys({ platform, keyFile }: KeyChange, isLost: boolean): Promise<number> {
  return withLockedKeyFile(keyFile, async () => {
    const { store } = platform;
    const keys = readKeyFile(keyFile);
    if (keys === undefined && !isLost) throw missing(keyFile);
    if (keys !== undefined && isLost) throw new CommandError(`The key file ${keyFile} is there. Leave out --lost.`);
    const now = platform.now();
    await checkBelongs(keys ?? [], store, keyFile);
    const key = await claimKey(keys ?? [], store, now);
    replaceKeyFile(keyFile, [...(keys ?? []), key]);
    await store.recordEvent({ at: now, event: "key.rotated", detail: `key ${key.id}` });
    return key.id;
  });
}

export interface Retired {
  /** How many had to end for it. */
  readonly grants: number;
}

/**
 * Takes a key out of the file. Refused while living grants name it, unless `endsGrants`; and for the current one. A key
 * that is lost is not in the file any more: then only its grants end.
 */
export async function retireKey(
  { platform, keyFile }: KeyChange,
  id: number,
  { endsGrants, asks }: { readonly endsGrants: boolean; readonly asks: boolean },
): Promise<Retired> {
  return withLockedKeyFile(keyFile, async () => {
    const keys = readKeyFile(keyFile) ?? [];
    const grants = (await describeKeys(platform, keys)).find((key) => key.id === id)?.grants;
    if (grants === undefined) throw new CommandError(`There is no key ${id}. See: codegrant keys list`);
    checkIsOld(keys, id, platform.now());
    if (grants > 0) {
      const users = await nameUsers(platform, id);
      if (!endsGrants) throw inUse(id, grants, users);
      if (asks) await confirm(`End ${grants} grants made with key ${id}? ${users} must approve again.`);
    }
    // First the grants: a running server gives up no key that living grants need.
    const ended = grants > 0 ? await endGrantsOfKey(platform, id) : 0;
    if (keys.some((key) => key.id === id))
      replaceKeyFile(
        keyFile,
        keys.filter((key) => key.id !== id),
      );
    await platform.store.recordEvent({ at: platform.now(), event: "key.retired", detail: `key ${id}` });
    return { grants: ended };
  });
}

/** Every key that the database knows, as it stands with the file's. */
export async function describeKeys(
  platform: Pick<Platform, "store" | "now">,
  keys: readonly KeyFileKey[],
): Promise<readonly DescribedKey[]> {
  const nobodys = { id: 255, secret: new Uint8Array(32) };
  const ring = createKeyRing(keys.length === 0 ? [nobodys] : keys);
  const described = await listKeys({ ...platform, keys: ring });
  return keys.length === 0 ? described.map((key) => ({ ...key, state: "missing" })) : described;
}

/** In the database first, so that an id is never given twice, whatever becomes of the file. */
async function claimKey(keys: readonly KeyFileKey[], store: Store, now: number): Promise<KeyFileKey> {
  const used = [...keys, ...(await store.listKeys())].map(({ id }) => id);
  const id = Math.max(0, ...used) + 1;
  if (id > 255) throw new CommandError("This database has been used with 255 keys, and there are no more ids.");
  const key = newKey(id, now);
  const { checkValue } = createKeyRing([key]).current;
  if ((await store.addKey({ id, checkValue, createdAt: now })) === "added") return key;
  throw new CommandError("Another command has added a key at the same moment. Look with keys list, and try again.");
}

async function checkBelongs(keys: readonly KeyFileKey[], store: Store, keyFile: string): Promise<void> {
  if (keys.length === 0) return;
  const listed = await store.listKeys();
  if (listed.length === 0) return; // a server has yet to start on this database
  const ring = createKeyRing(keys);
  const known = listed.some(({ id, checkValue }) =>
    Buffer.from(checkValue).equals(ring.find(id)?.checkValue ?? Buffer.of()),
  );
  if (!known)
    throw new CommandError(`The key file ${keyFile} belongs to another database. Name the right one with --key-file.`);
}

/** A server that has not looked at the file yet may still make codes with the key that was current. */
const graceSeconds = 120;

function checkIsOld(keys: readonly KeyFileKey[], id: number, now: number): void {
  const current = keys.at(-1);
  if (current === undefined) return;
  if (current.id === id)
    throw new CommandError(`Key ${id} makes the new tokens. Make another first: codegrant keys rotate`);
  if (keys.some((key) => key.id === id) && now < current.createdAt + graceSeconds)
    throw new CommandError(
      `Key ${current.id} is younger than two minutes, and what was made with key ${id} until now is still on its way. ` +
        "Try again in two minutes.",
    );
}

function inUse(id: number, grants: number, users: string): CommandError {
  return new CommandError(
    `${grants} living grants were made with key ${id} (${users}), so it stays. It falls free as their tokens are ` +
      "refreshed or expire. If it has leaked, end them with --now: those users must approve again.",
  );
}

function missing(keyFile: string): CommandError {
  return new CommandError(
    `There is no key file ${keyFile}. Say where it is with --key-file FILE. If it is lost for good, add --lost: ` +
      "whoever holds tokens made with it must approve again.",
  );
}
