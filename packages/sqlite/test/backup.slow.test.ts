import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Store } from "@codegrant/server";
import { backupStore, openStore } from "@codegrant/sqlite/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { openConnection } from "../src/connection.ts";
import { loadDriver } from "../src/driver.ts";
import { serverSchema } from "../src/server/schema.ts";
import { prepareStatement } from "../src/statement.ts";
import { damage, fill, settle } from "./damage.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();
const now = 1_700_000_000;
const writerProgram = fileURLToPath(new URL("children/writer.mjs", import.meta.url));
const backupProgram = fileURLToPath(new URL("children/backup.mjs", import.meta.url));

async function openAt(file: string): Promise<Store> {
  const store = await openStore({ file });
  onTestFinished(() => store.close());
  return store;
}

/** A folder of its own for each backup, so that a test sees whatever was left in it. */
function newTarget(): string {
  const folder = `${newFile()}-backups`;
  mkdirSync(folder);
  return join(folder, "monday.db");
}

const left = (to: string): readonly string[] => readdirSync(dirname(to));

describe("a backup", () => {
  it("is the database as it was, in one file that its owner alone can read, whatever the umask", async () => {
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    const [file, to] = [newFile(), newTarget()];
    const store = await openAt(file);
    const user = await store.createUser({ login: "ada", displayName: "Ada", createdAt: now });
    const { bytes } = await backupStore({ file, to });
    await store.createUser({ login: "bob", displayName: "Bob", createdAt: now });
    expect(left(to)).toEqual(["monday.db"]);
    expect([statSync(to).mode & 0o777, statSync(to).size]).toEqual([0o600, bytes]);
    const copy = await openAt(to);
    expect(await copy.listUsers({ limit: 10 })).toEqual([user]);
  });

  it("holds everything that was answered before it began, and is whole, while another process writes", async () => {
    const file = newFile();
    await (await openStore({ file })).close();
    const writer = spawn(process.execPath, [writerProgram, file, "0"], { stdio: ["ignore", "pipe", "inherit"] });
    onTestFinished(() => void writer.kill("SIGKILL"));
    const answered: string[] = [];
    const lines = createInterface({ input: writer.stdout });
    lines.on("line", (line) => answered.push(line));
    for (let round = 0; round < 3; round += 1) {
      const before = answered.length + 200;
      while (answered.length < before) await once(lines, "line");
      const promised = answered.filter((line) => line.startsWith("redeemed "));
      const to = newTarget();
      await backupStore({ file, to });
      const copy = await openAt(to);
      for (const line of promised) {
        const facts = await copy.findGrant(Number(line.split(" ")[1]));
        expect(facts?.grant.generation, line).toBeGreaterThanOrEqual(1);
      }
      const raw = new (await loadDriver())(to);
      expect(prepareStatement(raw, "PRAGMA integrity_check").get()).toMatchObject({ integrity_check: "ok" });
      raw.close();
    }
    writer.kill("SIGKILL");
    await once(writer, "close");
    const count = answered.filter((line) => line.startsWith("ended ")).length;
    expect(count, "the writer went on meanwhile").toBeGreaterThan(100);
  });

  it("keeps no writer waiting: what is under way elsewhere is neither held up nor in it", async () => {
    const [file, to] = [newFile(), newTarget()];
    const store = await openAt(file);
    await store.createUser({ login: "ada", displayName: "Ada", createdAt: now });
    const other = new (await loadDriver())(file);
    onTestFinished(() => other.close());
    other.exec("BEGIN IMMEDIATE; DELETE FROM users");
    await backupStore({ file, to });
    other.exec("COMMIT");
    expect(await (await openAt(to)).listUsers({ limit: 10 })).toHaveLength(1);
    expect(await store.listUsers({ limit: 10 })).toHaveLength(0);
  });

  it("gives ids on where the database had them, also those of rows that are gone", async () => {
    const [file, to] = [newFile(), newTarget()];
    await openAt(file);
    const raw = new (await loadDriver())(file);
    raw.exec(
      `INSERT INTO users (login, login_key, display_name, created_at) VALUES ('a', 'a', 'A', 1); DELETE FROM users`,
    );
    raw.close();
    await backupStore({ file, to });
    const created = await (await openAt(to)).createUser({ login: "ada", displayName: "Ada", createdAt: now });
    expect(created).toMatchObject({ id: "2" });
  });

  it("of a database of an older version is of that version, and the database stays so", async () => {
    const [file, to] = [newFile(), newTarget()];
    const schema = { ...serverSchema, versions: serverSchema.versions.slice(0, 1) };
    const older = await openConnection({ file, schema, lockTimeoutSeconds: 1, onWarning: () => {} });
    await backupStore({ file, to });
    expect(older.prepare("PRAGMA user_version").get()).toMatchObject({ user_version: 1 });
    await older.close();
    const copy = new (await loadDriver())(to);
    expect(prepareStatement(copy, "PRAGMA user_version").get()).toMatchObject({ user_version: 1 });
    copy.close();
    expect(await (await openAt(to)).listResources()).toEqual([]);
  });

  it("overwrites nothing", async () => {
    const [file, to] = [newFile(), newTarget()];
    await openAt(file);
    writeFileSync(to, "my holiday");
    const refusal = { code: "ERR_STORE_EXISTS", message: /overwrites nothing: choose another name/ };
    await expect(backupStore({ file, to })).rejects.toMatchObject(refusal);
    expect(readFileSync(to, "utf8")).toBe("my holiday");
    expect(left(to)).toEqual(["monday.db"]);
    await expect(backupStore({ file, to: dirname(to) })).rejects.toMatchObject(refusal);
    await expect(backupStore({ file, to: file })).rejects.toMatchObject(refusal);
    await openAt(file);
  });

  it("says so where another backup to the same name runs or was broken off, and leaves its file", async () => {
    const [file, to] = [newFile(), newTarget()];
    await openAt(file);
    writeFileSync(`${to}.partial`, "half");
    await expect(backupStore({ file, to })).rejects.toMatchObject({
      code: "ERR_STORE_EXISTS",
      message: /monday\.db\.partial is there: .* remove that file and try again/,
    });
    expect(left(to)).toEqual(["monday.db.partial"]);
  });

  it("of twenty to one name at once one is made", async () => {
    const [file, to] = [newFile(), newTarget()];
    await openAt(file);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => backupStore({ file, to })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(left(to)).toEqual(["monday.db"]);
  });

  it("into a folder that is not there says which", async () => {
    const file = newFile();
    await openAt(file);
    const to = join(`${file}-nowhere`, "monday.db");
    await expect(backupStore({ file, to })).rejects.toMatchObject({
      code: "ERR_STORE_NOT_WRITABLE",
      message: `The backup ${to}.partial cannot be made: there is no folder ${dirname(to)}. Choose another place, or make that folder writable.`,
    });
  });

  it("that the disk cuts off is removed, and says so", async () => {
    const [file, to] = [newFile(), newTarget()];
    await fill(await openAt(file), 2_000);
    // A limit on the size of files stands for a disk that is full: the write fails in the middle of the copy.
    const script = `ulimit -f 40; exec "$0" "$@"`;
    const limited = spawn("bash", ["-c", script, process.execPath, backupProgram, file, to], { stdio: "pipe" });
    let said = "";
    limited.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await once(limited, "close");
    expect(said).toMatch(new RegExp(`^ERR_STORE_(FULL|DAMAGED) The disk that holds .*${basename(to)}`));
    expect(left(to)).toEqual([]);
  });

  it("of a damaged database is refused, and nothing is left that looks like a backup", async () => {
    const [file, to] = [newFile(), newTarget()];
    const store = await openStore({ file });
    await fill(store, 2_000);
    await store.close();
    await damage(file, "grants");
    await expect(backupStore({ file, to })).rejects.toMatchObject({ code: "ERR_STORE_DAMAGED" });
    expect(left(to)).toEqual([]);
  });

  it("of a database that was cut short is refused", async () => {
    const [file, to] = [newFile(), newTarget()];
    const store = await openStore({ file });
    await fill(store, 2_000);
    await store.close();
    await settle(file);
    truncateSync(file, Math.floor(statSync(file).size / 8192) * 4096);
    await expect(backupStore({ file, to })).rejects.toMatchObject({ code: "ERR_STORE_DAMAGED" });
    expect(left(to)).toEqual([]);
  });

  it.each([
    ["that is not there", () => {}, "ERR_STORE_NOT_FOUND", /no database at .*Check the name/],
    ["that is empty", (file: string) => writeFileSync(file, ""), "ERR_STORE_NOT_A_DATABASE", /is empty/],
    ["that is a text", (file: string) => writeFileSync(file, "a".repeat(9_000)), "ERR_STORE_NOT_A_DATABASE", /not a/],
  ] as const)("of a file %s is refused, and no file is made", async (_, make, code, message) => {
    const [file, to] = [newFile(), newTarget()];
    make(file);
    const before = readdirSync(dirname(file));
    await expect(backupStore({ file, to })).rejects.toMatchObject({ code, message });
    expect(readdirSync(dirname(file))).toEqual(before);
    expect(left(to)).toEqual([]);
  });

  it("of a database of another program, or of a newer version, is refused and that file is left as it is", async () => {
    for (const [pragma, code] of [
      ["application_id = 5", "ERR_STORE_FOREIGN"],
      ["user_version = 1000", "ERR_STORE_NEWER"],
    ] as const) {
      const [file, to] = [newFile(), newTarget()];
      await (await openStore({ file })).close();
      const raw = new (await loadDriver())(file);
      raw.exec(`PRAGMA ${pragma}; PRAGMA wal_checkpoint(TRUNCATE)`);
      raw.close();
      const before = readFileSync(file);
      await expect(backupStore({ file, to })).rejects.toMatchObject({ code });
      expect(readFileSync(file).equals(before)).toBe(true);
      expect(left(to)).toEqual([]);
    }
  });
});
