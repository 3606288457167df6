import type { Store } from "@codegrant/server";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Database, loadDriver } from "../src/driver.ts";
import { prepareStatement } from "../src/statement.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();
const now = 1_700_000_000;

/** Five users, one application, and 7,000 grants with gaps between their ids; every hundredth on key 2. */
async function openWithGrants(): Promise<{ readonly store: Store; readonly raw: Database }> {
  const file = newFile();
  await (await openStore({ file })).close();
  const raw = new (await loadDriver())(file);
  raw.exec(`
    INSERT INTO applications (client_id, name, type, redirect_uris, secrets, settings, token_epoch, created_at)
      VALUES ('client1', 'Printer', 'public', '', '[]', '{}', 1, ${now});
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
      INSERT INTO consents (user_id, application_id, since) SELECT 'user' || i, 1, ${now} FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7000)
      INSERT INTO grants (id, consent_id, scopes, resources, key_id, proofs, consent_epoch, application_epoch, generation,
        predecessor, rotated_at, access_generation, access_revoked_through, created_at, exchanged_at, expires_at)
      SELECT i * 3 + (i / 2000) * 1000000, 1 + i % 5, 'a', '', 1 + (i % 100 = 0), zeroblob(24), 0, 0, 1, 0, ${now}, 1, 0,
        ${now}, ${now}, ${now + 900} FROM n;
  `);
  const store = await openStore({ file });
  onTestFinished(async () => {
    raw.close();
    await store.close();
  });
  return { store, raw };
}

/** All pages, as a command gathers them. */
async function gather<Item extends { readonly grant: { readonly id: number } }>(
  list: (page: { readonly afterId: number; readonly limit: number }) => Promise<readonly Item[]>,
): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let afterId = 0; ; ) {
    const page = await list({ afterId, limit: 200 });
    ids.push(...page.map(({ grant }) => grant.id));
    const last = page.at(-1);
    if (last === undefined) return ids;
    afterId = last.grant.id;
  }
}

/** Walks as the cleaner does; the steps it took and what they ended. */
async function walk(store: Store): Promise<{ readonly steps: number; readonly ended: number }> {
  let ended = 0;
  let afterId: number | undefined = 0;
  for (let steps = 0; ; steps++) {
    if (afterId === undefined) return { steps, ended };
    const step: Awaited<ReturnType<Store["cleanGrants"]>> = await store.cleanGrants({
      afterId,
      limit: 500,
      now: now + 10,
      removeEndedBefore: now,
    });
    ended += step.ended.length;
    afterId = step.nextAfterId;
  }
}

const count = (raw: Database, table: string): number =>
  prepareStatement<{ n: number }>(raw, `SELECT count(*) AS n FROM ${table}`).get()?.n ?? -1;

describe("a question about all grants", () => {
  it("walks over gaps between ids and meets each grant once", async () => {
    const { store } = await openWithGrants();
    const ids = await gather((page) => store.listGrants({ now, ...page }));
    expect(ids.length).toBe(7_000);
    expect(new Set(ids).size).toBe(7_000);
    expect((await gather((page) => store.listGrants({ now, userId: "user3", ...page }))).length).toBe(1_400);
    expect(await store.countGrantsByKey(now)).toEqual([
      { keyId: 1, grants: 6_930 },
      { keyId: 2, grants: 70 },
    ]);
    expect(await store.listUsersOfKey(1, { now, limit: 10 })).toHaveLength(5);
    expect(await store.listUsersOfKey(2, { now, limit: 10 })).toEqual(["user1"]);
  });

  it("leaves room for other work: what is asked meanwhile is answered first", async () => {
    const { store } = await openWithGrants();
    const order: string[] = [];
    const counted = store.countGrantsByKey(now).then(() => order.push("all counted"));
    await new Promise((resolve) => setImmediate(resolve));
    const found = store.findGrant(3).then(() => order.push("one found"));
    await Promise.all([counted, found]);
    expect(order).toEqual(["one found", "all counted"]);
  });

  it("ends the grants of a key in short steps, none twice", async () => {
    const { store, raw } = await openWithGrants();
    expect(await store.endGrantsOfKey(1, { at: now + 1, why: "key" })).toBe(6_930);
    expect(count(raw, "endings")).toBe(6_930);
    expect(await store.countGrantsByKey(now)).toEqual([{ keyId: 2, grants: 70 }]);
    const ended = await gather((page) => store.listEndedGrants({ now, since: 0, why: "key", ...page }));
    expect(ended.length).toBe(6_930);
  });

  it("DO-07: ends all of one user's at once, by one row, and tells of each in short steps", async () => {
    const { store, raw } = await openWithGrants();
    await store.endUserGrants("user3", { at: now + 1, why: "password" });
    expect(count(raw, "endings")).toBe(1);
    expect(await store.listGrants({ now, userId: "user3", limit: 200 })).toEqual([]);
    expect((await gather((page) => store.listGrants({ now, ...page }))).length).toBe(5_600);
    expect(await walk(store)).toEqual({ steps: 15, ended: 1_400 });
    expect((await walk(store)).ended).toBe(0);
  });

  it("ends everything with one row for the reason, however many consents there are", async () => {
    const { store, raw } = await openWithGrants();
    await store.endEverything({ at: now + 1, why: "operator" });
    expect(count(raw, "endings")).toBe(1);
    expect(await store.listGrants({ now, limit: 200 })).toEqual([]);
    const ended = await gather((page) => store.listEndedGrants({ now, since: now + 1, ...page }));
    expect(ended.length).toBe(7_000);
  });
});

describe("the cleaner", () => {
  it("removes all that expired, however much it is, and nothing else", async () => {
    const { store, raw } = await openWithGrants();
    const many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)";
    raw.exec(`
      INSERT INTO users (login, login_key, display_name, created_at) VALUES ('ada', 'ada', 'Ada', ${now});
      ${many} INSERT INTO sessions SELECT CAST(printf('%032d', i) AS BLOB), 1, ${now}, ${now} + (i > 11990), NULL FROM n;
      ${many} INSERT INTO device_requests (device_code_hash, user_code_hash, application_id, family, scopes, resources,
        created_at, expires_at) SELECT CAST(i AS BLOB), CAST(i AS BLOB), 1, 'twitch', '', '', 1, ${now} + (i > 11990) FROM n;
      ${many} INSERT INTO revoked_application_tokens SELECT 1, CAST(i AS BLOB), ${now} + (i > 11990) FROM n;
      ${many} INSERT INTO events (at, event) SELECT ${now} - (i <= 11990), 'x' FROM n;
    `);
    await store.cleanRest(now, now);
    const tables = ["sessions", "device_requests", "revoked_application_tokens", "events"];
    expect(tables.map((table) => count(raw, table))).toEqual([10, 10, 10, 10]);
  });
});
