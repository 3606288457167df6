import { createHash } from "node:crypto";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { openConnection } from "../src/connection.ts";
import { type Database, loadDriver } from "../src/driver.ts";
import { serverSchema } from "../src/server/schema.ts";
import { storeOver } from "../src/server/steps.ts";
import { prepareStatement } from "../src/statement.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();
const now = 1_700_000_000;
const [version1 = ""] = serverSchema.versions;

async function openRaw(file: string): Promise<Database> {
  const database = new (await loadDriver())(file);
  onTestFinished(() => database.close());
  return database;
}

/** A row or more in every table, with what was ended, deleted and spent. */
const rows = `
INSERT INTO applications (client_id, name, type, redirect_uris, secrets, owner_id, settings, epoch, token_epoch, created_at, deleted_at)
VALUES
  ('page', 'Page ü', 'public', 'https://a.example/cb', '[]', '1', '{"origins":["https://a.example","https://b.example"]}', 0, 7, ${now}, NULL),
  ('api', 'API', 'confidential', '', '[{"hash":"AQ","createdAt":1}]', NULL, '{"resourceServer":true,"resources":["https://api.example/"],"origins":["https://no.example"]}', 0, 8, ${now}, NULL),
  ('gone', 'Gone', 'public', '', '[]', NULL, '{"origins":["https://gone.example"]}', 1, 9, ${now}, ${now + 5});
INSERT INTO users (login, login_key, display_name, email, password_hash, created_at) VALUES ('Ada', 'ada', 'Ada', 'ada@a.example', 'phc', ${now});
INSERT INTO user_epochs VALUES ('1', 1), ('host|42', 3);
INSERT INTO sessions VALUES (x'01', 1, ${now}, ${now + 60});
INSERT INTO reset_links VALUES (1, x'02', ${now + 60});
INSERT INTO consents (user_id, application_id, epoch, since, last_used_day, answered, answered_query_hash, scopes, resources, redirect_uris)
VALUES ('1', 1, 1, ${now}, 19675, 2, x'03', 'a b', '', 'https://a.example/cb'), ('host|42', 3, 0, ${now}, NULL, 0, NULL, '', '', '');
INSERT INTO grants (id, consent_id, scopes, resources, key_id, proofs, consent_epoch, application_epoch, generation, predecessor, rotated_at,
  access_generation, access_revoked_through, code, created_at, exchanged_at, expires_at, refresh_expires_at, ended_at, ended_why, revision)
VALUES
  (4, 1, 'a', '', 1, zeroblob(24), 0, 0, 3, 2, ${now}, 3, 1, NULL, ${now}, ${now}, ${now + 900}, NULL, NULL, NULL, 5),
  (5, 2, 'a', '', 1, zeroblob(36), 0, 0, 0, 0, ${now}, 0, 0, '{"redirectUri":"x","failedTries":2}', ${now}, NULL, ${now + 60}, NULL, NULL, NULL, 2),
  (6, 1, 'a b', 'https://api.example/', 2, zeroblob(24), 1, 0, 1, 0, ${now}, 1, 0, NULL, ${now}, ${now}, ${now + 900}, ${now + 800}, NULL, NULL, 1);
INSERT INTO endings (at, why, epoch, user_id, application_id, consent_id, grant_id)
VALUES (${now + 3}, 'password', 0, '1', NULL, NULL, NULL), (${now + 5}, 'application', 0, NULL, 3, NULL, NULL), (${now + 6}, 'theft', 1, NULL, NULL, 1, 2);
INSERT INTO keys VALUES (1, x'04', ${now}), (2, x'05', ${now});
INSERT INTO events (at, event, user_id, application_id, request_id, detail) VALUES (${now}, 'consent', '1', 1, 'r', 'd');
`;

async function fileOfVersion1(): Promise<string> {
  const file = newFile();
  const schema = { ...serverSchema, versions: [version1] };
  const connection = await openConnection({ file, schema, lockTimeoutSeconds: 1, onWarning: () => {} });
  await connection.close();
  const database = new (await loadDriver())(file);
  database.exec(rows);
  database.close();
  return file;
}

function dump(database: Database): Record<string, unknown> {
  const tables = prepareStatement<{ name: string }>(
    database,
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('sqlite_stat1') ORDER BY name",
  ).all();
  return Object.fromEntries(
    tables.map(({ name }) => [name, prepareStatement<object>(database, `SELECT * FROM ${name}`).all()]),
  );
}

describe("version 2 of the database", () => {
  it("comes after a version 1 that stays word for word what it was when files were made with it", () => {
    expect(createHash("sha256").update(version1).digest("hex")).toBe(
      "2014ca9340c85dcb54200b9f27d4c5d380ad3799af991bec4e64723f30752761",
    );
  });

  it("keeps every row of a version 1 file", async () => {
    const file = await fileOfVersion1();
    const before = dump(await openRaw(file));
    expect(Object.values(before).filter((table) => (table as unknown[]).length === 0)).toEqual([]);
    await (await openStore({ file })).close();
    const database = await openRaw(file);
    expect(dump(database)).toMatchObject(before);
    expect(prepareStatement(database, "PRAGMA user_version").get()).toMatchObject({
      user_version: serverSchema.versions.length,
    });
    expect(prepareStatement(database, "PRAGMA integrity_check").get()).toMatchObject({ integrity_check: "ok" });
    expect(prepareStatement(database, "PRAGMA foreign_key_check").all()).toEqual([]);
  });

  it("answers the new questions about what a version 1 file holds", async () => {
    const store = await openStore({ file: await fileOfVersion1() });
    onTestFinished(() => store.close());
    expect(await store.listResources()).toEqual(["https://api.example/"]);
    const origins = ["https://a.example", "https://b.example", "https://no.example", "https://gone.example"];
    expect(await Promise.all(origins.map((origin) => store.hasOrigin(origin)))).toEqual([true, true, false, false]);
    await store.changeApplication(1, { settings: {} });
    expect(await store.hasOrigin("https://a.example")).toBe(false);
    expect((await store.listGrants({ now, limit: 10 })).map(({ grant }) => grant.id)).toEqual([6]);
    expect(await store.countGrantsByKey(now)).toEqual([{ keyId: 2, grants: 1 }]);
    const ended = await store.listEndedGrants({ now, since: 0, limit: 10 });
    expect(ended.map(({ grant }) => [grant.id, grant.ended])).toEqual([[4, { at: now + 3, why: "password" }]]);
    const told = await store.listEndings("1", 0);
    expect(told.map(({ at, why, application }) => [at, why, application.clientId])).toEqual([
      [now + 6, "theft", "page"],
      [now + 3, "password", "page"],
    ]);
  });

  it("goes on with the ids where version 1 left them", async () => {
    const store = await openStore({ file: await fileOfVersion1() });
    onTestFinished(() => store.close());
    const user = await store.createUser({ login: "bob", displayName: "Bob", createdAt: now });
    expect(user).toMatchObject({ id: "2" });
  });
});

/** Statements that read a whole table, and why they may. */
const mayScan: readonly (readonly [statement: RegExp, why: string])[] = [
  [/^INSERT INTO applications /, "SQLite's check of foreign keys, passed over while none is broken"],
  [/^SELECT id, check_value, created_at FROM keys/, "a key is added a few times a year"],
  [/^UPDATE consents SET epoch = epoch \+ 1, [^?]*$/, "ending everything ends everything"],
  [
    /^UPDATE applications SET token_epoch = \(token_epoch \+ 1 \+ \?\) % 4294967296$/,
    "ending everything ends everything",
  ],
];

describe("every statement of the store", () => {
  it("finds its rows by a key or an index, but for a few that want the whole table", async () => {
    const statements: string[] = [];
    const connection = await openConnection({
      file: newFile(),
      schema: serverSchema,
      lockTimeoutSeconds: 1,
      onWarning: () => {},
    });
    const store = storeOver({
      ...connection,
      prepare(sql) {
        statements.push(sql.trim().replaceAll(/\s+/g, " "));
        return connection.prepare(sql);
      },
      prepareArrays(sql) {
        statements.push(sql.trim().replaceAll(/\s+/g, " "));
        return connection.prepareArrays(sql);
      },
    });
    onTestFinished(() => store.close());
    expect(statements.length).toBeGreaterThan(80);

    const scans = statements.flatMap((statement) =>
      connection
        .prepare<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${statement}`)
        .all()
        .filter(({ detail }) => detail.startsWith("SCAN ") && !mayBeScanned.test(detail))
        .map(({ detail }) => ({ statement, detail })),
    );
    const unexpected = scans.filter(({ statement }) => !mayScan.some(([pattern]) => pattern.test(statement)));
    expect(unexpected).toEqual([]);
    const unused = mayScan.filter(([pattern]) => !scans.some(({ statement }) => pattern.test(statement)));
    expect(unused).toEqual([]);
  });
});

/** A JSON list, one row without a table, what a limited question found, and an index that holds only the rows that are wanted. */
const mayBeScanned =
  /^SCAN (?:\w+ VIRTUAL TABLE|CONSTANT ROW|\(subquery-1\)|a USING INDEX applications_resource_servers|endings USING INDEX endings_everything)/;
