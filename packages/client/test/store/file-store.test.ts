import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientStoreContract } from "@codegrant/client/contract";
import { createFileStore } from "@codegrant/client/node";
import { describe, expect, it, onTestFinished } from "vitest";
import { recordKey, saved } from "../../src/contract/store-case.ts";
import type { ClientStore } from "../../src/index.ts";

const folders = new WeakMap<ClientStore, string>();

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "codegrant-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function open(folder = join(temporaryFolder(), "state", "tokens")): ClientStore {
  const store = createFileStore({ folder });
  folders.set(store, folder);
  return store;
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe("the file store", () => {
  it.each(clientStoreContract)("$name", async ({ run }) => {
    const again = async (store: ClientStore): Promise<ClientStore> => open(folders.get(store));
    await expect(run(Object.assign(async () => open(), { again }))).resolves.toBeUndefined();
  });

  it("says where the tokens lie and that they are not encrypted", () => {
    expect(createFileStore({ folder: "/srv/bot" }).description).toMatch(/\/srv\/bot.*not encrypted/);
  });
});

describe("its files", () => {
  it("are for their owner alone, also after umask 000 and over a file others could read (CT-01)", async () => {
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    const folder = join(temporaryFolder(), "tokens");
    mkdirSync(folder, { mode: 0o755 });
    const store = open(folder);
    let version = await saved(store, recordKey(), "one");
    const [file = ""] = readdirSync(folder);
    expect([modeOf(folder), modeOf(join(folder, file))]).toEqual(["700", "600"]);
    chmodSync(join(folder, file), 0o644);
    version = await saved(store, recordKey(), "two", { ifVersion: version });
    expect(modeOf(join(folder, file))).toBe("600");
    expect(version).not.toBe("");
  });

  it("are whole, old or new, when a save fails, and no half-written one stays (CT-02)", async () => {
    const folder = join(temporaryFolder(), "tokens");
    const store = open(folder);
    await saved(store, recordKey(), "one");
    const [file = ""] = readdirSync(folder);
    // A folder under the file's name: nothing can be renamed onto it, as nothing can onto a full disk.
    rmSync(join(folder, file));
    mkdirSync(join(folder, file));
    writeFileSync(join(folder, file, "in the way"), "");
    await expect(store.save(recordKey(), "two", { ifVersion: undefined })).rejects.toThrow(/EISDIR|Is a directory/);
    expect(readdirSync(folder)).toEqual([file]);
  });

  it("are never written through a link, and a taken temporary name is no way in (CT-03)", async () => {
    const parent = temporaryFolder();
    const folder = join(parent, "tokens");
    const store = open(folder);
    await saved(store, recordKey(), "one");
    const [file = ""] = readdirSync(folder);
    const victim = join(parent, "victim");
    writeFileSync(victim, "mine");
    rmSync(join(folder, file));
    symlinkSync(victim, join(folder, file));
    await expect(store.find(recordKey())).rejects.toThrow("is a link");
    await expect(store.save(recordKey(), "two", { ifVersion: undefined })).rejects.toThrow("is a link");
    expect(readFileSync(victim, "utf8")).toBe("mine");
  });

  it("do not lie in a folder that is a link to another (CT-03)", async () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, "elsewhere"));
    symlinkSync(join(parent, "elsewhere"), join(parent, "tokens"));
    await expect(open(join(parent, "tokens")).save(recordKey(), "one", { ifVersion: undefined })).rejects.toThrow(
      "leads elsewhere",
    );
    expect(readdirSync(join(parent, "elsewhere"))).toEqual([]);
  });

  it("leave nothing behind once removed: no copy, no lock, no leftover of a killed save", async () => {
    const folder = join(temporaryFolder(), "tokens");
    const store = open(folder);
    const version = await saved(store, recordKey(), "one");
    const [file = ""] = readdirSync(folder);
    writeFileSync(join(folder, `${file}.0123456789abcdef.tmp`), "half");
    await store.remove(recordKey(), version);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("are unlocked at once when the process that locked them is gone (CT-08)", async () => {
    const folder = join(temporaryFolder(), "tokens");
    const store = open(folder);
    const version = await saved(store, recordKey(), "one");
    const [file = ""] = readdirSync(folder);
    const { identifyProcess } = await import("../../src/node/process-identity.ts");
    const holder = { ...identifyProcess(), startedAt: "another start" };
    writeFileSync(join(folder, `${file}.lock`), JSON.stringify({ id: "0", holder }));
    await saved(store, recordKey(), "two", { ifVersion: version });
    expect(existsSync(join(folder, `${file}.lock`))).toBe(false);
  });
});
