import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { openConnection } from "../src/connection.ts";
import { loadDriver } from "../src/driver.ts";
import { explain } from "../src/store-error.ts";
import { damage, fill, settle } from "./damage.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

async function open(file: string) {
  const warnings: string[] = [];
  const store = await openStore({ file, lockTimeoutSeconds: 0.05, onWarning: (sentence) => warnings.push(sentence) });
  onTestFinished(() => store.close());
  return { store, warnings };
}

const key = { id: 1, checkValue: new Uint8Array(16), createdAt: 1_700_000_000 };

describe("the database file", () => {
  it("is its owner's alone, and so are its folder and the files beside it, whatever the umask (ST-03)", async () => {
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    const file = join(`${newFile()}-folder`, "deeper", "store.db");
    const { store, warnings } = await open(file);
    await store.addKey(key);
    expect([file, `${file}-wal`, `${file}-shm`].map(mode)).toEqual(["600", "600", "600"]);
    expect([dirname(file), dirname(dirname(file))].map(mode)).toEqual(["700", "700"]);
    expect(warnings).toEqual([]);
  });

  it("is reported where others can read it, or replace it, with what to do (ST-03)", async () => {
    const file = join(`${newFile()}-folder`, "store.db");
    const { store } = await open(file);
    chmodSync(file, 0o644);
    chmodSync(`${file}-wal`, 0o620);
    chmodSync(dirname(file), 0o777);
    const { warnings } = await open(file);
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toBe(`Others on this machine can read or write ${file}: run chmod 600 on it.`);
    expect(warnings[1]).toContain(`${file}-wal`);
    expect(warnings[2]).toBe(`Others on this machine can replace files in ${dirname(file)}: run chmod go-w on it.`);
    await store.addKey(key);
  });

  it("in a shared folder that protects its files, such as a temporary one, is no cause for a warning", async () => {
    const file = join(`${newFile()}-folder`, "store.db");
    mkdirSync(dirname(file));
    chmodSync(dirname(file), 0o1777);
    expect((await open(file)).warnings).toEqual([]);
  });

  it.each([
    ["a text", "My shopping list"],
    ["a long text", "line\n".repeat(1000)],
    ["noise", Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 167) % 256))],
  ])("that is %s is refused and left as it is", async (_, content) => {
    const file = newFile();
    writeFileSync(file, content);
    await expect(open(file)).rejects.toMatchObject({
      name: "StoreError",
      code: "ERR_STORE_NOT_A_DATABASE",
      message: `${file} is not a database: check the name, or move that file away.`,
    });
    expect(readFileSync(file)).toEqual(Buffer.from(content));
  });

  it("of another program is refused and left as it is", async () => {
    const file = newFile();
    const other = new (await loadDriver())(file);
    other.exec("CREATE TABLE notes (t TEXT); INSERT INTO notes VALUES ('mine')");
    other.close();
    const before = readFileSync(file);
    await expect(open(file)).rejects.toMatchObject({ code: "ERR_STORE_FOREIGN", message: /another program/ });
    expect(readFileSync(file)).toEqual(before);
  });

  it("of a newer version is refused and left as it is", async () => {
    const file = newFile();
    await (await open(file)).store.close();
    const newer = new (await loadDriver())(file);
    newer.exec("PRAGMA user_version = 1000; PRAGMA wal_checkpoint(TRUNCATE)");
    newer.close();
    const before = readFileSync(file);
    await expect(open(file)).rejects.toMatchObject({ code: "ERR_STORE_NEWER", message: /update the program/ });
    expect(readFileSync(file)).toEqual(before);
  });

  it.each([50, 100, 4_096, 8_192, 65_536])(
    "that was cut short after %i bytes is refused and left as it is",
    async (length) => {
      const [whole, file] = [newFile(), newFile()];
      await (await open(whole)).store.close();
      await settle(whole);
      const rest = readFileSync(whole).subarray(0, length);
      writeFileSync(file, rest, { mode: 0o600 });
      await expect(open(file)).rejects.toMatchObject({ code: "ERR_STORE_DAMAGED", message: /restore a backup/ });
      expect(readFileSync(file).equals(rest)).toBe(true);
    },
  );

  it("that has a spoiled page says so where it is read, and serves the rest", async () => {
    const file = newFile();
    const { store } = await open(file);
    await fill(store, 2_000);
    await store.close();
    await damage(file, "grants");
    const { store: again } = await open(file);
    expect(await again.findApplication("client1")).toMatchObject({ name: "Printer" });
    const damaged = { code: "ERR_STORE_DAMAGED", message: /is damaged: stop whatever uses it and restore a backup/ };
    await expect(again.listGrants({ now: 1_700_000_000, limit: 200, userId: "nobody" })).rejects.toMatchObject(damaged);
    await expect(again.countGrantsByKey(1_700_000_000)).rejects.toMatchObject(damaged);
    const ending = { at: 1_700_000_000, why: "revoke" } as const;
    const ids = Array.from({ length: 100 }, (_, index) => 20 * index + 1);
    const outcomes: PromiseSettledResult<string>[] = [];
    for (const id of ids) outcomes.push(...(await Promise.allSettled([again.endGrant(id, ending)])));
    expect(outcomes).toContainEqual({ status: "rejected", reason: expect.objectContaining({ code: damaged.code }) });
    expect(outcomes).toContainEqual({ status: "fulfilled", value: "ended" });
    await again.createUser({ login: "ada", displayName: "Ada", createdAt: 1_700_000_000 });
  });

  it("that another process holds is refused once the time to wait is over", async () => {
    const file = newFile();
    await open(file);
    const other = new (await loadDriver())(file);
    onTestFinished(() => other.close());
    other.exec("BEGIN IMMEDIATE");
    await expect(open(file)).rejects.toMatchObject({ code: "ERR_STORE_LOCKED", message: /try again/ });
    other.exec("ROLLBACK");
    await open(file);
  });

  it("that is a folder, or lies in something that is none, is refused with a sentence", async () => {
    const folder = dirname(newFile());
    await expect(open(folder)).rejects.toMatchObject({ code: "ERR_STORE_NOT_WRITABLE", message: /that is a folder/ });
    const file = newFile();
    writeFileSync(file, "");
    await expect(open(join(file, "store.db"))).rejects.toMatchObject({
      code: "ERR_STORE_NOT_WRITABLE",
      message: /Choose another file/,
    });
  });

  it("that is empty becomes a store, as an interrupted start leaves it", async () => {
    const file = newFile();
    writeFileSync(file, "");
    expect(await (await open(file)).store.listKeys()).toEqual([]);
  });

  it.each([
    [5, "ERR_STORE_LOCKED"],
    [517, "ERR_STORE_LOCKED"],
    [6, "ERR_STORE_LOCKED"],
    [8, "ERR_STORE_NOT_WRITABLE"],
    [1544, "ERR_STORE_NOT_WRITABLE"],
    [14, "ERR_STORE_NOT_WRITABLE"],
    [10, "ERR_STORE_DAMAGED"],
    [11, "ERR_STORE_DAMAGED"],
    [13, "ERR_STORE_FULL"],
    [26, "ERR_STORE_NOT_A_DATABASE"],
  ])("SQLite's error %i is told as %s, with the cause kept", (errcode, code) => {
    const cause = Object.assign(new Error("SQLite's words"), { errcode });
    expect(explain(cause, "/x.db")).toMatchObject({ code, cause, message: /\/x\.db.*[:,] / });
  });

  it.each([
    ["database is locked", "ERR_STORE_LOCKED"],
    ["database disk image is malformed", "ERR_STORE_DAMAGED"],
    ["database or disk is full", "ERR_STORE_FULL"],
    ["file is not a database", "ERR_STORE_NOT_A_DATABASE"],
  ])("SQLite's words without a number are known too: %s", (words, code) => {
    const cause = Object.assign(new Error(words), { code: "ERR_SQLITE_ERROR" });
    expect(explain(cause, "/x.db")).toMatchObject({ code, cause });
    expect(explain(new Error(words), "/x.db")).toMatchObject({ message: words });
  });

  it("an error that is not the database's stays what it is", () => {
    const cause = new TypeError("ours");
    expect(explain(cause, "/x.db")).toBe(cause);
  });
});

describe("versions of the database", () => {
  const versions = [
    "CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1)",
    "ALTER TABLE a ADD COLUMN m INTEGER",
    "UPDATE a SET m = n + 1",
  ];

  async function openWith(file: string, known: readonly string[], applicationId = 7) {
    const schema = { applicationId, versions: known };
    const connection = await openConnection({ file, schema, lockTimeoutSeconds: 1, onWarning: () => {} });
    onTestFinished(() => connection.close());
    return connection;
  }

  it.each([1, 2, 3])("a database of version %i is brought to the newest, and its rows with it", async (version) => {
    const file = newFile();
    await (await openWith(file, versions.slice(0, version))).close();
    const connection = await openWith(file, versions);
    expect(connection.prepare("SELECT n, m FROM a").get()).toMatchObject({ n: 1, m: 2 });
    expect(connection.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 3 });
  });

  it("a step that fails leaves the database as it was, to be opened by the older program", async () => {
    const file = newFile();
    await (await openWith(file, versions.slice(0, 1))).close();
    await expect(openWith(file, [...versions.slice(0, 2), "UPDATE nothing SET m = 1"])).rejects.toThrow(/nothing/);
    const older = await openWith(file, versions.slice(0, 1));
    expect(older.prepare("SELECT * FROM a").get()).toMatchObject({ n: 1 });
  });

  it("several programs that start on a new file at once make it once", async () => {
    const file = newFile();
    const connections = await Promise.all([1, 2, 3, 4].map(() => openWith(file, versions)));
    expect(connections[3]?.prepare("SELECT count(*) AS n FROM a").get()).toMatchObject({ n: 1 });
  });

  it("the other end's database is refused", async () => {
    const file = newFile();
    await (await openWith(file, versions, 7)).close();
    await expect(openWith(file, versions, 8)).rejects.toMatchObject({ code: "ERR_STORE_FOREIGN" });
  });
});
