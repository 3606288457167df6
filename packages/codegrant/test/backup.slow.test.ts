import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it } from "vitest";
import { loadDriver } from "../../sqlite/src/driver.ts";
import { run, runJson, type Serving, serve, temporaryFolder } from "./command.ts";
import { createUserAgent } from "./user-agent.ts";

const user = { login: "ninja", password: "correct horse battery", decision: "approve" } as const;

async function newDatabase(): Promise<{ readonly db: string; readonly to: string; readonly folder: string }> {
  const folder = path.join(temporaryFolder(), "backups");
  mkdirSync(folder);
  const db = path.join(path.dirname(folder), "platform.db");
  await (await openStore({ file: db })).close();
  return { db, folder, to: path.join(folder, "monday.db") };
}

/** Another file in the database's place, and nothing beside it that would mend it. */
function replace(db: string, content: string | Uint8Array): void {
  for (const file of [db, `${db}-wal`, `${db}-shm`]) rmSync(file, { force: true });
  writeFileSync(db, content, { mode: 0o600 });
}

/** The beginning of the encoded text: its end depends on what would follow. */
function spell(bytes: Uint8Array, encoding: string): Uint8Array {
  const text = Buffer.from(bytes).toString(encoding === "hex" ? "hex" : "base64");
  return Buffer.from(text.slice(0, -4));
}

describe("codegrant backup", () => {
  it("writes one file beside a running server, its owner's alone, and names it (ST-03)", async () => {
    const { db, folder, to } = await newDatabase();
    await serve(["--db", db]);
    const { code, stdout, stderr } = await run(["backup", to, "--db", db]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${to}\n` });
    expect(stderr).toMatch(/^\d+\.\d kB, checked and on the disk\. The keys are not in it: /);
    expect(readdirSync(folder)).toEqual(["monday.db"]);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    const json = await runJson(["backup", path.join(folder, "tuesday.db"), "--db", db]);
    expect(json).toEqual({ file: path.join(folder, "tuesday.db"), bytes: statSync(to).size });
  });

  it("holds no key, token, secret or password in any spelling, and neither does a check's report (ST-01, ST-11)", async () => {
    const { db, to } = await newDatabase();
    const server = await serve(["--db", db]);
    const app = await platformOn(db);
    const { access_token, refresh_token } = await connect(server, app);
    const keys = readFileSync(`${db}.keys`, "utf8").match(/[\w-]{40,}/g) ?? [];
    expect(keys.length).toBeGreaterThan(0);
    await run(["backup", to, "--db", db]);
    const report = await run(["check", "--db", to, "--json"]);
    const copy = Buffer.concat([readFileSync(to), Buffer.from(report.stdout + report.stderr)]);
    expect(copy.includes("ninja"), "what it should hold").toBe(true);
    for (const secret of [...keys, access_token, refresh_token, app.client_secret, user.password]) {
      const bytes = Buffer.from(secret);
      const spellings = [bytes, Buffer.from(secret, "base64url"), ...["hex", "base64"].map((as) => spell(bytes, as))];
      for (const spelling of spellings) expect(copy.includes(Buffer.from(spelling))).toBe(false);
    }
  });

  it.each([
    ["over a file that is there", ({ to }: { to: string }) => writeFileSync(to, "mine"), /overwrites nothing/],
    [
      "of a database that is not there",
      ({ db }: { db: string }) => rmSync(db),
      /There is no database at .*platform\.db/,
    ],
    ["of a text", ({ db }: { db: string }) => replace(db, "a".repeat(5_000)), /is not a database/],
    [
      "into a folder that is not there",
      ({ folder }: { folder: string }) => rmSync(folder, { recursive: true }),
      /there is no folder/,
    ],
    [
      "into a folder that is read-only",
      ({ folder }: { folder: string }) => chmodSync(folder, 0o500),
      /the system says EACCES/,
    ],
  ])("is refused %s, in one sentence, and leaves nothing", async (_, spoil, sentence) => {
    const all = await newDatabase();
    spoil(all);
    const before = existsSync(all.folder) ? readdirSync(all.folder) : [];
    const { code, stdout, stderr } = await run(["backup", all.to, "--db", all.db], { boundByModes: true });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(existsSync(all.folder) ? readdirSync(all.folder) : []).toEqual(before);
  });

  it("asks for the file's name and the database", async () => {
    expect((await run(["backup", "--db", "x.db"])).code).toBe(2);
    expect((await run(["backup", "x.db"])).code).toBe(2);
  });
});

describe("codegrant check", () => {
  it("says version, integrity, counts and sizes beside a running server, and ends with 0", async () => {
    const { db } = await newDatabase();
    await serve(["--db", db]);
    const { code, stdout, stderr } = await run(["check", "--db", db]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(
      /^integrity +ok\nschema version +\d+\nsize +\S+ kB, of it free 0 bytes\nwrite-ahead log +\S+ \S+\ncleaner +keeps up\nTABLE/,
    );
    expect(stdout).toMatch(/\nkeys +1\n/);
    expect(await runJson(["check", "--db", db])).toMatchObject({
      integrity: "ok",
      problems: [],
      schema_version: expect.any(Number),
      bytes: { database: statSync(db).size },
      rows: { keys: 1, grants: 0 },
      overdue: [],
    });
  });

  it("ends with 1 where the database is damaged, says what is, and what to do", async () => {
    const { db } = await newDatabase();
    const raw = new (await loadDriver())(db);
    raw.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    raw.close();
    const whole = readFileSync(db);
    replace(db, whole.subarray(0, Math.floor(whole.length / 8192) * 4096));
    const { code, stdout, stderr } = await run(["check", "--db", db]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^integrity +broken\n/);
    expect(stdout).toMatch(/\nPROBLEM\n.*malformed\n/);
    expect(stderr).toMatch(/is damaged\. Stop what runs on it, .* restore a backup/);
    const json = await run(["check", "--db", db, "--json"]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({ integrity: "broken" });
  });

  it("tells of a cleaner that is behind, and ends with 0", async () => {
    const { db } = await newDatabase();
    const store = await openStore({ file: db });
    await store.createUser({ login: "ada", displayName: "Ada", createdAt: 1 });
    await store.createSession({ secretHash: new Uint8Array(32), userId: "1", createdAt: 1, expiresAt: 1_700_000_000 });
    await store.close();
    const { code, stdout, stderr } = await run(["check", "--db", db]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\ncleaner +is behind\n/);
    expect(stdout).toMatch(/\nsessions +1 +1 since 2023-11-14T22:13:20Z\n/);
    expect(stderr).toMatch(/is one running\?/);
  });

  it("says that a newer program wrote the database, and leaves it as it is", async () => {
    const { db } = await newDatabase();
    const raw = new (await loadDriver())(db);
    raw.exec("PRAGMA user_version = 1000; PRAGMA wal_checkpoint(TRUNCATE)");
    raw.close();
    const before = readFileSync(db);
    for (const args of [["check"], ["backup", `${db}.copy`], ["app", "list"], ["serve", "--port", "0"]]) {
      const { code, stderr } = await run([...args, "--db", db]);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /written by a newer version of this program \(1000; this one knows \d+\): update the program\.\n$/,
      );
    }
    expect(readFileSync(db).equals(before)).toBe(true);
    expect(existsSync(`${db}.copy`)).toBe(false);
  });
});

/** What docs/operations.md promises of a restored backup, step by step as it says. */
describe("a backup that is restored", () => {
  it("keeps whoever was exchanged before it, knows nobody who came after, and brings back what was revoked since", async () => {
    const { db, to } = await newDatabase();
    let server = await serve(["--db", db]);
    const app = await platformOn(db);
    const [idle, busy, revoked] = [await connect(server, app), await connect(server, app), await connect(server, app)];
    const waitingCode = await approve(server, app);

    await run(["backup", to, "--db", db]);

    let latest = busy;
    for (let round = 0; round < 3; round += 1) latest = await refreshed(server, app, latest);
    const exchangedSince = await exchange(server, app, waitingCode);
    const approvedSince = await connect(server, app);
    expect((await revoke(server, app, revoked)).status).toBe(200);
    expect(await isAlive(server, revoked)).toBe(false);

    await server.stop();
    replace(db, readFileSync(to));
    server = await serve(["--db", db]);

    // Exchanged before the backup: nobody is locked out, however often they refreshed since.
    expect(await isAlive(server, idle)).toBe(true);
    expect(await isAlive(server, latest)).toBe(true);
    const idleNow = await refreshed(server, app, idle);
    const latestNow = await refreshed(server, app, latest);
    // Approved or exchanged since: the user approves again.
    for (const tokens of [approvedSince, exchangedSince]) {
      expect(await isAlive(server, tokens)).toBe(false);
      expect((await refresh(server, app, tokens)).status).toBe(400);
    }
    // Revoked since: lives again, until the documented step.
    expect(await isAlive(server, revoked)).toBe(true);

    expect((await run(["grants", "end", "--all", "--yes", "--db", db])).code).toBe(0);
    for (const tokens of [idleNow, latestNow, revoked, approvedSince, exchangedSince]) {
      expect(await isAlive(server, tokens)).toBe(false);
      expect((await refresh(server, app, tokens)).status).toBe(400);
    }
    expect(await isAlive(server, await connect(server, app))).toBe(true);
  });
});

interface Application {
  readonly client_id: string;
  readonly client_secret: string;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

const redirectUri = "http://localhost/";

/** A user, and an application. */
async function platformOn(db: string): Promise<Application> {
  await run(["user", "create", "--db", db, "--login", user.login, "--password-stdin"], { input: user.password });
  return runJson(["app", "create", "--db", db, "--name", "Printer", "--redirect-uri", redirectUri]);
}

async function approve({ url }: Serving, { client_id }: Application): Promise<string> {
  const query = { response_type: "code", client_id, redirect_uri: redirectUri, scope: "user:read:email", state: "s" };
  const { left } = await createUserAgent().walk(
    `${url}/oauth2/authorize?${new URLSearchParams(query).toString()}`,
    user,
  );
  return left?.searchParams.get("code") ?? "";
}

const post = ({ url }: Serving, address: string, form: Record<string, string>): Promise<Response> =>
  fetch(url + address, { method: "POST", body: new URLSearchParams(form) });

async function exchange(server: Serving, app: Application, code: string): Promise<Tokens> {
  const answer = await post(server, "/oauth2/token", {
    client_id: app.client_id,
    client_secret: app.client_secret,
    grant_type: "authorization_code",
    redirect_uri: redirectUri,
    code,
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Tokens;
}

const connect = async (server: Serving, app: Application): Promise<Tokens> =>
  exchange(server, app, await approve(server, app));

const refresh = (server: Serving, app: Application, tokens: Tokens): Promise<Response> =>
  post(server, "/oauth2/token", {
    client_id: app.client_id,
    client_secret: app.client_secret,
    grant_type: "refresh_token",
    refresh_token: tokens.refresh_token,
  });

async function refreshed(server: Serving, app: Application, tokens: Tokens): Promise<Tokens> {
  const answer = await refresh(server, app, tokens);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Tokens;
}

const revoke = (server: Serving, { client_id }: Application, tokens: Tokens): Promise<Response> =>
  post(server, "/oauth2/revoke", { client_id, token: tokens.refresh_token });

async function isAlive({ url }: Serving, tokens: Tokens): Promise<boolean> {
  const headers = { authorization: `OAuth ${tokens.access_token}` };
  return (await fetch(`${url}/oauth2/validate`, { headers })).status === 200;
}
