import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createMemoryStore } from "@codegrant/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatKeys, newKey, readKeyFile } from "../src/key-file.ts";
import { openKeys } from "../src/keys.ts";

const at = 1_800_000_000;
let folder: string;
let said: string[];
const keyFile = (): string => path.join(folder, "platform.keys");
const say = (sentence: string): void => void said.push(sentence);
const write = (...keys: readonly ReturnType<typeof newKey>[]): void =>
  writeFileSync(keyFile(), formatKeys(keys), { mode: 0o600 });

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "codegrant-keys-"));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the keys of a server", () => {
  it("are made for a database that never had one, and found again", async () => {
    const store = createMemoryStore();
    const first = await openKeys({ keyFile: keyFile() }, store, at, say);
    const again = await openKeys({ keyFile: keyFile() }, store, at, say);
    expect(again.current.checkValue).toEqual(first.current.checkValue);
    const listed = await store.listKeys();
    expect(listed.map(({ id, createdAt }) => [id, createdAt])).toEqual([[1, at]]);
    expect(Buffer.from(listed[0]?.checkValue ?? [])).toEqual(first.current.checkValue);
    expect(said).toEqual([]);
  });

  it("are made once by servers that start at the same moment", async () => {
    const store = createMemoryStore();
    const rings = await Promise.all([1, 2, 3].map(() => openKeys({ keyFile: keyFile() }, store, at, say)));
    expect(new Set(rings.map((ring) => ring.current.checkValue.toString("hex"))).size).toBe(1);
  });

  it("are not made anew when the file is lost: that would cut everybody off", async () => {
    const store = createMemoryStore();
    await openKeys({ keyFile: keyFile() }, store, at, say);
    rmSync(keyFile());
    await expect(openKeys({ keyFile: keyFile() }, store, at, say)).rejects.toThrow(/is not there.*--key-file FILE/);
    expect(readKeyFile(keyFile())).toBeUndefined();
  });

  it("of another database are refused", async () => {
    const store = createMemoryStore();
    await openKeys({ keyFile: keyFile() }, store, at, say);
    write(newKey(1, at));
    await expect(openKeys({ keyFile: keyFile() }, store, at, say)).rejects.toThrow(/holds none of the keys/);
  });

  it("take up a new one as current, and keep those before", async () => {
    const store = createMemoryStore();
    const [old, young] = [newKey(1, at), newKey(2, at)];
    write(old);
    await openKeys({ keyFile: keyFile() }, store, at, say);
    write(old, young);
    const ring = await openKeys({ keyFile: keyFile() }, store, at, say);
    expect(ring.current.id).toBe(2);
    expect(ring.find(1)).toBeDefined();
    expect((await store.listKeys()).map(({ id }) => id)).toEqual([1, 2]);
  });

  it.each([
    ["missing", "does not hold key 1", (young: ReturnType<typeof newKey>) => [young]],
    ["another one", "holds something else as key 1", (young: ReturnType<typeof newKey>) => [newKey(1, at), young]],
  ])("serve the rest when one is %s, and say whom it cuts off", async (_, sentence, left) => {
    const store = createMemoryStore();
    const young = newKey(2, at);
    write(newKey(1, at), young);
    await openKeys({ keyFile: keyFile() }, store, at, say);
    write(...left(young));
    const inUse = {
      ...store,
      countGrantsByKey: async () => [{ keyId: 1, grants: 2 }],
      listUsersOfKey: async () => ["host-7", "host-8"],
    };
    const ring = await openKeys({ keyFile: keyFile() }, inUse, at, say);
    expect(ring.all().map(({ id }) => id)).toEqual([2]);
    expect(said).toEqual([expect.stringContaining(sentence)]);
    expect(said[0]).toContain("must approve again (2 grants): host-7, host-8.");
  });

  it("say nothing of one that was retired: nobody misses it", async () => {
    const store = createMemoryStore();
    const young = newKey(2, at);
    write(newKey(1, at), young);
    await openKeys({ keyFile: keyFile() }, store, at, say);
    write(young);
    await openKeys({ keyFile: keyFile() }, store, at, say);
    expect(said).toEqual([]);
  });

  it("may come from the environment, and then no file is made", async () => {
    const keys = formatKeys([newKey(7, at)]);
    const ring = await openKeys({ keyFile: keyFile(), keys }, createMemoryStore(), at, say);
    expect(ring.current.id).toBe(7);
    expect(readKeyFile(keyFile())).toBeUndefined();
  });

  it("from the environment that are none are named without being shown", async () => {
    const opened = openKeys({ keyFile: keyFile(), keys: "hunter2" }, createMemoryStore(), at, say);
    await expect(opened).rejects.toThrow(/CODEGRANT_KEYS does not hold keys/);
    await expect(opened).rejects.not.toThrow(/hunter2/);
  });
});
