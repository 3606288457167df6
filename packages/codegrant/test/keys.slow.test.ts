import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it } from "vitest";
import { formatKeys, readKeyFile } from "../src/key-file.ts";
import { run, runJson, type Serving, serve, temporaryFolder } from "./command.ts";
import { addGrants } from "./grants.ts";

const database = (): string => path.join(temporaryFolder(), "platform.db");

/** A database that has been served once, and so has a key. */
async function servedDatabase(): Promise<string> {
  const db = database();
  await (await serve(["--db", db])).stop();
  return db;
}

async function withGrant(db: string): Promise<void> {
  const store = await openStore({ file: db });
  await addGrants(store, [1], Math.floor(Date.now() / 1000));
  await store.close();
}

/** As if an hour had passed since the keys were made. */
function makeOlder(keyFile: string): void {
  const older = (readKeyFile(keyFile) ?? []).map((key) => ({ ...key, createdAt: key.createdAt - 3_600 }));
  writeFileSync(keyFile, formatKeys(older));
}

async function untilLogged(server: Serving, pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 400 && !pattern.test(server.stderr()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 25));
  return server.stderr();
}

describe("codegrant keys", () => {
  it("rotate and retire beside a running server, which takes the file up by itself and loses no token", async () => {
    const db = database();
    const server = await serve(["--db", db]);
    const made: { client_id: string; client_secret: string } = await runJson([
      ...["app", "create", "--db", db, "--name", "Printer", "--redirect-uri", "http://localhost/"],
    ]);
    const body = new URLSearchParams({ ...made, grant_type: "client_credentials" });
    const issue = async (): Promise<string> => {
      const answer = await fetch(`${server.url}/oauth2/token`, { method: "POST", body });
      return String(((await answer.json()) as Record<string, unknown>)["access_token"]);
    };
    const statusOf = async (token: string): Promise<number> =>
      (await fetch(`${server.url}/oauth2/validate`, { headers: { authorization: `Bearer ${token}` } })).status;
    const old = await issue();
    expect(await runJson(["keys", "rotate", "--db", db])).toMatchObject({ id: 2 });
    expect(await untilLogged(server, /keys\.taken/)).toMatch(/key 2 is current, 1 verifies/);
    expect([await statusOf(old), await statusOf(await issue())]).toEqual([200, 200]);
    expect(await runJson(["keys", "list", "--db", db])).toMatchObject([
      { id: 1, state: "good", grants: 0 },
      { id: 2, state: "current", grants: 0 },
    ]);
    makeOlder(`${db}.keys`);
    expect(await runJson(["keys", "retire", "1", "--db", db])).toEqual({ id: 1, retired: true, grants_ended: 0 });
    await untilLogged(server, /key 2 is current"/);
    expect(await statusOf(old)).toBe(401);
    expect(await server.stop()).toBe(0);
  });

  it("a running server says that its key file was emptied, and goes on", async () => {
    const db = database();
    const server = await serve(["--db", db]);
    const before = readFileSync(`${db}.keys`);
    writeFileSync(`${db}.keys`, "");
    const log = await untilLogged(server, /keys\.notTaken/);
    expect(log).toMatch(/does not hold keys.*The server goes on with the keys it has/);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    writeFileSync(`${db}.keys`, before);
    await untilLogged(server, /keys\.taken/);
    expect(await server.stop()).toBe(0);
  });

  it("retire is refused while grants need the key, names whom it would cut off, and does it with --now", async () => {
    const db = await servedDatabase();
    await withGrant(db);
    await run(["keys", "rotate", "--db", db]);
    makeOlder(`${db}.keys`);
    const refused = await run(["keys", "retire", "1", "--db", db]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/1 living grants were made with key 1 \(user1\), so it stays/);
    const retired = await run(["keys", "retire", "1", "--db", db, "--now"]);
    expect(retired).toMatchObject({ code: 0, stdout: "" });
    expect(await runJson(["grants", "ended", "--db", db])).toMatchObject([{ login: "user1", why: "key" }]);
  });

  it("a lost key file is replaced with --lost: the server starts, says who must approve again, and serves the rest", async () => {
    const db = await servedDatabase();
    await withGrant(db);
    copyFileSync(`${db}.keys`, `${db}.copy`);
    rmSync(`${db}.keys`);
    const refused = await run(["serve", "--port", "0", "--db", db]);
    expect(refused.stderr).toMatch(/--key-file FILE.*codegrant keys rotate --lost/);
    expect((await run(["keys", "rotate", "--db", db, "--lost"])).code).toBe(0);
    const server = await serve(["--db", db]);
    expect(server.stderr()).toMatch(
      /does not hold key 1, which 1 living grant was made with.*user1 must approve again/,
    );
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await server.stop();
    // Found again after all: both keys in one file, and nobody is cut off.
    const both = [...(readKeyFile(`${db}.copy`) ?? []), ...(readKeyFile(`${db}.keys`) ?? [])];
    writeFileSync(`${db}.keys`, formatKeys(both));
    const whole = await serve(["--db", db]);
    expect(whole.stderr()).not.toMatch(/must approve again/);
  });
});
