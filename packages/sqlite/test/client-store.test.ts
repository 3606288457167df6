import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { connect, twitch } from "@codegrant/client";
import { clientStoreContract } from "@codegrant/client/contract";
import { type OpenedClientStore, openClientStore } from "@codegrant/sqlite/client";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSealer } from "../src/client/sealer.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();
const key = randomBytes(32);

async function open(file = newFile(), keys: readonly Uint8Array[] = [key]): Promise<OpenedClientStore> {
  const store = await openClientStore({ file, keys });
  onTestFinished(() => store.close());
  return store;
}

const record = {
  kind: "connection",
  provider: "twitch",
  server: "https://id.twitch.tv/oauth2",
  clientId: "client",
  name: "bot",
} as const;

describe("the SQLite store of connections", () => {
  const files = new WeakMap<object, string>();
  const openFile = async (file: string) => {
    const store = await open(file);
    files.set(store, file);
    return store;
  };

  it.each(clientStoreContract)("$name", async ({ run }) => {
    const again = async (store: object) => openFile(files.get(store) ?? "");
    await expect(run(Object.assign(() => openFile(newFile()), { again }))).resolves.toBeUndefined();
  });

  it("says that it is encrypted, and its file is for its owner alone", async () => {
    const file = newFile();
    const store = await open(file);
    expect(store.description).toMatch(/encrypted$/);
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  });

  it("refuses a server's database, and the server's store refuses this one", async () => {
    const [mine, theirs] = [newFile(), newFile()];
    await (await open(mine)).close();
    await (await openStore({ file: theirs })).close();
    await expect(open(theirs)).rejects.toMatchObject({ code: "ERR_STORE_FOREIGN" });
    await expect(openStore({ file: mine })).rejects.toMatchObject({ code: "ERR_STORE_FOREIGN" });
  });
});

describe("what it holds", () => {
  it("is in none of its files in the clear", async () => {
    const file = newFile();
    const store = await open(file);
    await store.save(record, "refresh-token-in-the-clear", { ifVersion: undefined });
    const bytes = [file, `${file}-wal`].map((name) => readFileSync(name).toString("latin1")).join("");
    expect(bytes).not.toContain("refresh-token");
    expect(bytes).toContain("twitch");
  });

  it("is read under an old key while that is still there, and sealed under the newest when it is saved", async () => {
    const file = newFile();
    const first = await open(file);
    const { version } = saved(await first.save(record, "one", { ifVersion: undefined }));
    const newest = randomBytes(32);
    const both = await open(file, [newest, key]);
    expect((await both.find(record))?.value).toBe("one");
    await both.save(record, "two", { ifVersion: version });
    expect((await (await open(file, [newest])).find(record))?.value).toBe("two");
    expect((await first.find(record))?.value).toBeUndefined();
  });

  it("and cannot be read is said to be there, and a login overwrites it", async () => {
    const file = newFile();
    await (await open(file)).save(record, "one", { ifVersion: undefined });
    const store = await open(file, [randomBytes(32)]);
    const connection = connect(twitch, { clientId: "client", clientSecret: "secret", scopes: [], store });
    expect(await connection.accounts()).toEqual([
      expect.objectContaining({ account: "bot", state: "needs_login", isUnreadable: true }),
    ]);
    expect(await connection.account("bot").status()).toMatchObject({ isUnreadable: true });
    const found = await store.find(record);
    expect(await store.save(record, "new", { ifVersion: found?.version })).toMatchObject({ status: "saved" });
  });

  it("opens only where it was put", () => {
    const sealer = createSealer([key]);
    const sealed = sealer.seal("value", "ada");
    expect(sealer.open(sealed, "ada")).toBe("value");
    expect(sealer.open(sealed, "grace")).toBeUndefined();
    for (let index = 0; index < sealed.length; index++) {
      const damaged = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(sealer.open(damaged, "ada")).toBeUndefined();
    }
    expect(sealer.open(sealed.subarray(0, 20), "ada")).toBeUndefined();
  });

  it.each([[[]], [[new Uint8Array(31)]], [["short"]]])("is not sealed under %j, which is no key", (keys) => {
    expect(() => createSealer(keys)).toThrow(TypeError);
  });
});

function saved(result: Awaited<ReturnType<OpenedClientStore["save"]>>): { readonly version: string } {
  if (result.status !== "saved") throw new Error("not saved");
  return result;
}
