import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { checkStore, openStore } from "@codegrant/sqlite/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { openConnection } from "../src/connection.ts";
import { type Database, loadDriver } from "../src/driver.ts";
import { serverSchema } from "../src/server/schema.ts";
import { damage, fill, settle } from "./damage.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();
const now = 1_700_000_000;
const day = 86_400;
const newest = serverSchema.versions.length;

const check = (file: string, at = now) => checkStore({ file, now: at, keepEndedSeconds: 30 * day });

async function openRaw(file: string): Promise<Database> {
  const raw = new (await loadDriver())(file);
  onTestFinished(() => raw.close());
  return raw;
}

describe("a check of the database", () => {
  it("finds nothing wrong with a new one, beside a server that has it open", async () => {
    const file = newFile();
    const store = await openStore({ file });
    onTestFinished(() => store.close());
    await store.addKey({ id: 1, checkValue: new Uint8Array(16), createdAt: now });
    const report = await check(file);
    expect(report).toMatchObject({
      schemaVersion: newest,
      newestSchemaVersion: newest,
      problems: [],
      overdue: [],
      warnings: [],
    });
    expect(report.rows).toMatchObject({ applications: 0, grants: 0, keys: 1, users: 0 });
    expect(report.bytes.writeAheadLog).toBeGreaterThan(0);
    expect(report.bytes.database).toBe(statSync(file).size);
  });

  it("counts the rows of each table, and what is free inside the file", async () => {
    const file = newFile();
    const store = await openStore({ file });
    onTestFinished(() => store.close());
    await fill(store, 2_000);
    const full = await check(file);
    expect(full.rows).toMatchObject({ applications: 1, consents: 1, grants: 2_000 });
    expect(full.bytes.free).toBe(0);
    (await openRaw(file)).exec("DELETE FROM grants WHERE id < 2000");
    const emptied = await check(file);
    expect(emptied.rows).toMatchObject({ grants: 1 });
    expect(emptied.bytes.free).toBeGreaterThan(100_000);
  });

  it("changes nothing, also where the database is of an older version", async () => {
    const file = newFile();
    const schema = { ...serverSchema, versions: serverSchema.versions.slice(0, 1) };
    await (await openConnection({ file, schema, lockTimeoutSeconds: 1, onWarning: () => {} })).close();
    await settle(file);
    const before = readFileSync(file);
    expect(await check(file)).toMatchObject({ schemaVersion: 1, newestSchemaVersion: newest, problems: [] });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.each([
    [
      "sessions",
      `INSERT INTO sessions VALUES (x'01', 1, 1, ${now - day}, NULL), (x'02', 1, 1, ${now - 2 * day}, NULL)`,
      2 * day,
    ],
    ["reset_links", `INSERT INTO reset_links VALUES (1, x'01', ${now - day})`, day],
    [
      "device_requests",
      `INSERT INTO device_requests VALUES (1, x'01', x'02', 1, 'twitch', '', '', 1, ${now - day}, 0, NULL)`,
      day,
    ],
    ["revoked_application_tokens", `INSERT INTO revoked_application_tokens VALUES (1, x'01', ${now - day})`, day],
    ["events", `INSERT INTO events (at, event) VALUES (${now - 31 * day}, 'x')`, day],
    [
      "endings",
      `INSERT INTO endings (at, why, epoch) VALUES (${now - 33 * day}, 'user', 0), (${now}, 'user', 0)`,
      3 * day,
    ],
    ["grants", `UPDATE grants SET expires_at = ${now - day} WHERE id < 3`, day],
    ["grants", `UPDATE grants SET ended_at = ${now - 35 * day}, ended_why = 'revoke' WHERE id = 1`, 5 * day],
  ])("tells of %s that the cleaner should have dealt with, and since when", async (table, statement, age) => {
    const file = newFile();
    const store = await openStore({ file });
    onTestFinished(() => store.close());
    await store.createUser({ login: "ada", displayName: "Ada", createdAt: now });
    await fill(store, 4);
    expect((await check(file)).overdue).toEqual([]);
    (await openRaw(file)).exec(statement);
    expect((await check(file)).overdue).toEqual([{ table, rows: expect.any(Number), since: now - age }]);
    for (const _ of [1, 2, 3]) {
      await store.cleanGrants({ afterId: 0, limit: 100, now, removeEndedBefore: now - 30 * day });
      await store.cleanRest(now, now - 30 * day);
    }
    expect((await check(file)).overdue, "the cleaner removes just these").toEqual([]);
  });

  it("gives the cleaner two hours", async () => {
    const file = newFile();
    const store = await openStore({ file });
    onTestFinished(() => store.close());
    await store.createUser({ login: "ada", displayName: "Ada", createdAt: now });
    await store.createSession({ secretHash: new Uint8Array(32), userId: "1", createdAt: now, expiresAt: now + 60 });
    expect((await check(file, now + 60 + 7_200)).overdue).toEqual([]);
    expect((await check(file, now + 61 + 7_200)).overdue).toEqual([{ table: "sessions", rows: 1, since: now + 60 }]);
  });

  it("names what is damaged, and counts what can still be counted", async () => {
    const file = newFile();
    const store = await openStore({ file });
    await fill(store, 2_000);
    await store.close();
    await damage(file, "grants");
    const report = await check(file);
    expect(report.problems).toContain("grants: database disk image is malformed");
    expect(report.rows).toMatchObject({ applications: 1, consents: 1 });
  });

  it("names what is missing from a database that was cut short", async () => {
    const file = newFile();
    const store = await openStore({ file });
    await fill(store, 2_000);
    await store.close();
    await settle(file);
    truncateSync(file, Math.floor(statSync(file).size / 8192) * 4096);
    const { problems } = await check(file);
    // Which part depends on how SQLite meets it.
    expect(problems).toContainEqual(expect.stringMatching(/^(?:grants|the \w+): database disk image is malformed$/));
  });

  it("names a row that belongs to nothing", async () => {
    const file = newFile();
    const store = await openStore({ file });
    onTestFinished(() => store.close());
    const raw = await openRaw(file);
    raw.exec("PRAGMA foreign_keys = OFF; INSERT INTO consents (user_id, application_id) VALUES ('ada', 9), ('bob', 9)");
    expect((await check(file)).problems).toEqual(["a row of consents names one of applications that is not there"]);
  });

  it.each([
    ["is not there", undefined, "ERR_STORE_NOT_FOUND"],
    ["is empty", "", "ERR_STORE_NOT_A_DATABASE"],
    ["is a text", "line\n".repeat(2_000), "ERR_STORE_NOT_A_DATABASE"],
  ])("refuses a file that %s, with what to do", async (_, content, code) => {
    const file = newFile();
    if (content !== undefined) writeFileSync(file, content);
    await expect(check(file)).rejects.toMatchObject({ code, message: /[.:] / });
  });
});
