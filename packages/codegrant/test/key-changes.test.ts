import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createChangeableKeyRing, createPlatform, type LogEntry, type Platform, type Store } from "@codegrant/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { retireKey, rotateKeys } from "../src/key-changes.ts";
import { formatKeys, newKey, readKeyFile, withLockedKeyFile } from "../src/key-file.ts";
import { watchKeys } from "../src/key-watch.ts";
import { openKeys } from "../src/keys.ts";
import { platformSettings } from "../src/platform-settings.ts";
import { grantedAt, storeWithGrants } from "./grants.ts";

let folder: string;
const keyFile = (): string => path.join(folder, "platform.keys");
const source = () => ({ keyFile: keyFile() });
const nothing = (): void => undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "codegrant-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  readonly platform: Platform;
  readonly store: Store;
  readonly logged: LogEntry[];
  /** Lets the server look at its key file. */
  look(): Promise<void>;
  step(seconds: number): void;
}

/** A server on its key file, with one grant made with each key id given. */
async function running(...keyIds: readonly number[]): Promise<Running> {
  const store = await storeWithGrants(...keyIds);
  let now = grantedAt;
  const logged: LogEntry[] = [];
  const keys = createChangeableKeyRing(await openKeys(source(), store, now, nothing));
  const log = (entry: LogEntry): void => void logged.push(entry);
  const platform = createPlatform({
    store,
    keys,
    settings: platformSettings({ issuer: "http://localhost:8080" }),
    now: () => now,
    log,
  });
  const watch = watchKeys({ source: source(), store, ring: keys, now: () => now, log });
  await watch.stop(); // the test looks by itself
  const step = (seconds: number): void => {
    now += seconds;
  };
  return { platform, store, logged, look: watch.look, step };
}

const ids = (keys: readonly { readonly id: number }[] | undefined) => keys?.map(({ id }) => id);
const asked = { endsGrants: false, asks: false };

describe("rotating the keys", () => {
  it("adds one that a running server takes up, and the old one goes on verifying", async () => {
    const on = await running(1);
    const old = on.platform.keys.current;
    expect(await rotateKeys({ platform: on.platform, keyFile: keyFile() }, false)).toBe(2);
    expect(ids(readKeyFile(keyFile()))).toEqual([1, 2]);
    expect(on.platform.keys.current.id).toBe(1);
    await on.look();
    expect(on.platform.keys.current.id).toBe(2);
    expect(on.platform.keys.find(1)?.checkValue).toEqual(old.checkValue);
    expect(on.logged).toEqual([{ level: "info", event: "keys.taken", detail: "key 2 is current, 1 verifies" }]);
  });

  it("twenty times at once gives twenty keys, and none is written over", async () => {
    const { platform } = await running();
    const change = { platform, keyFile: keyFile() };
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => rotateKeys(change, false)));
    const made = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
    expect(made.length).toBeGreaterThan(0);
    expect(ids(readKeyFile(keyFile()))).toEqual([1, ...made]);
    for (const sentence of refused) expect(sentence).toMatch(/Another command is changing the key file/);
  });

  it("never gives an id twice, not even after the newest key was lost", async () => {
    const { platform } = await running();
    const change = { platform, keyFile: keyFile() };
    await rotateKeys(change, false);
    rmSync(keyFile());
    await expect(rotateKeys(change, false)).rejects.toThrow(/There is no key file.*--lost/);
    expect(await rotateKeys(change, true)).toBe(3);
    expect(ids(readKeyFile(keyFile()))).toEqual([3]);
    await expect(rotateKeys(change, true)).rejects.toThrow(/is there. Leave out --lost/);
  });

  it("refuses the key file of another database", async () => {
    const { platform } = await running();
    writeFileSync(keyFile(), formatKeys([newKey(1, grantedAt)]), { mode: 0o600 });
    await expect(rotateKeys({ platform, keyFile: keyFile() }, false)).rejects.toThrow(/another database/);
    expect(ids(readKeyFile(keyFile()))).toEqual([1]);
  });

  it("leaves the file to its owner alone, and neither draft nor lock behind (ST-03)", async () => {
    const { platform } = await running();
    await rotateKeys({ platform, keyFile: keyFile() }, false);
    expect(statSync(keyFile()).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["platform.keys"]);
  });

  it("is not held up by the lock of a command that was killed", async () => {
    const { platform } = await running();
    writeFileSync(`${keyFile()}.lock`, "999999999");
    expect(await rotateKeys({ platform, keyFile: keyFile() }, false)).toBe(2);
    await withLockedKeyFile(keyFile(), async () => {
      await expect(rotateKeys({ platform, keyFile: keyFile() }, false)).rejects.toThrow(/Try again in a moment/);
    });
  });
});

describe("retiring a key", () => {
  it("is refused while living grants were made with it, and says how many and whose", async () => {
    const { platform, step } = await running(1, 1);
    const change = { platform, keyFile: keyFile() };
    await rotateKeys(change, false);
    step(120);
    await expect(retireKey(change, 1, asked)).rejects.toThrow(/2 living grants .*\(user1, user2\).*--now/);
    expect(ids(readKeyFile(keyFile()))).toEqual([1, 2]);
  });

  it("with the wish to end them ends those grants alone, and the server gives the key up", async () => {
    const { platform, store, look, step } = await running(1, 1);
    const change = { platform, keyFile: keyFile() };
    await rotateKeys(change, false);
    await look();
    step(120);
    expect(await retireKey(change, 1, { endsGrants: true, asks: false })).toEqual({ grants: 2 });
    const ended = await store.listEndedGrants({ since: 0, now: platform.now(), limit: 10 });
    expect(ended.map(({ grant }) => grant.ended?.why)).toEqual(["key", "key"]);
    expect(ids(readKeyFile(keyFile()))).toEqual([2]);
    await look();
    expect(ids(platform.keys.all())).toEqual([2]);
  });

  it("needs nothing else when no grant needs it", async () => {
    const { platform, step } = await running();
    const change = { platform, keyFile: keyFile() };
    await rotateKeys(change, false);
    await expect(retireKey(change, 1, asked)).rejects.toThrow(/younger than two minutes/);
    step(120);
    expect(await retireKey(change, 1, asked)).toEqual({ grants: 0 });
    expect(await rotateKeys(change, false)).toBe(3);
  });

  it.each([
    [1, /makes the new tokens/],
    [7, /There is no key 7/],
  ])("is refused for key %i, which is current or nobody's", async (id, sentence) => {
    const { platform } = await running();
    await expect(retireKey({ platform, keyFile: keyFile() }, id, asked)).rejects.toThrow(sentence);
  });

  it("ends what was made with a key that is lost", async () => {
    const { platform, step } = await running(1);
    const change = { platform, keyFile: keyFile() };
    rmSync(keyFile());
    await rotateKeys(change, true);
    step(120);
    expect(await retireKey(change, 1, { endsGrants: true, asks: false })).toEqual({ grants: 1 });
  });
});

describe("a running server whose key file", () => {
  it.each([
    ["is emptied", () => writeFileSync(keyFile(), ""), /does not hold keys/],
    ["is damaged", () => writeFileSync(keyFile(), '{"keys":[{"id":1,"sec'), /does not hold keys/],
    ["is removed", () => rmSync(keyFile()), /is gone/],
    ["is another database's", () => writeKeys(newKey(1, grantedAt)), /holds none of the keys/],
    ["loses a key that grants need", () => writeKeys(keysOfFile()[1]), /does not hold key 1.*user1 must approve again/],
    ["holds another key under an id", () => writeKeys(newKey(1, 5), keysOfFile()[1]), /something else as key 1/],
  ])("%s says so once in its log and goes on with the keys it has", async (_, change, sentence) => {
    writeKeys(newKey(1, grantedAt), newKey(2, grantedAt));
    const on = await running(1);
    const before = readKeyFile(keyFile()) ?? [];
    change();
    for (let looks = 0; looks < 3; looks++) await on.look();
    expect(on.logged).toHaveLength(1);
    expect(on.logged[0]).toMatchObject({
      level: "error",
      event: "keys.notTaken",
      detail: expect.stringMatching(sentence),
    });
    expect(JSON.stringify(on.logged)).not.toContain(Buffer.from(before[0]?.secret ?? "?").toString("base64url"));
    expect(ids(on.platform.keys.all())).toEqual([1, 2]);
    expect(await on.store.listKeys()).toHaveLength(2);
    writeKeys(...before);
    await on.look();
    expect(on.logged.at(-1)).toMatchObject({ event: "keys.taken" });
  });
});

function writeKeys(...keys: readonly (ReturnType<typeof newKey> | undefined)[]): void {
  const given = keys.filter((key) => key !== undefined);
  writeFileSync(keyFile(), formatKeys(given), { mode: 0o600 });
}

function keysOfFile(): readonly ReturnType<typeof newKey>[] {
  return readKeyFile(keyFile()) ?? [];
}
