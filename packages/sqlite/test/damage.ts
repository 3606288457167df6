import { closeSync, openSync, writeSync } from "node:fs";
import type { Store } from "@codegrant/server";
import { loadDriver } from "../src/driver.ts";
import { prepareStatement } from "../src/statement.ts";

/** Grants enough for a table of many pages. */
export async function fill(store: Store, grants: number): Promise<void> {
  const now = 1_700_000_000;
  const { id: applicationId } = await store.createApplication({
    clientId: "client1",
    name: "Printer",
    type: "confidential",
    redirectUris: ["https://printer.example/callback"],
    secrets: [],
    settings: {},
    tokenEpoch: 1,
    createdAt: now,
  });
  const grant = {
    scopes: ["user:read:email"],
    resources: [],
    keyId: 1,
    proof: new Uint8Array(12),
    consentEpoch: 0,
    applicationEpoch: 0,
    generation: 1,
    predecessor: 0,
    rotatedAt: now,
    accessGeneration: 1,
    accessRevokedThrough: 0,
    codeHash: new Uint8Array(12),
    challengePrefix: new Uint8Array(0),
    createdAt: now,
    exchangedAt: now,
    expiresAt: now + 900,
    refreshExpiresAt: now + 900,
  };
  const epochs = { userEpoch: 0, applicationEpoch: 0, consentEpoch: 0, consentAnswered: 0 };
  const approve = () => store.approve({ userId: "ada", applicationId, ...epochs, at: now, grant: () => grant });
  await Promise.all(Array.from({ length: grants }, approve));
}

/** Everything in the file itself, and nothing beside it: for a test that spoils the file. */
export async function settle(file: string): Promise<void> {
  const database = new (await loadDriver())(file);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

/** Overwrites one page of the table, in the middle, as a failing disk does. */
export async function damage(file: string, table: string): Promise<void> {
  await settle(file);
  const database = new (await loadDriver())(file);
  const pages = prepareStatement<{ readonly pageno: number }>(
    database,
    "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno",
  ).all(table);
  database.close();
  const page = pages[Math.floor(pages.length / 2)]?.pageno ?? 0;
  const opened = openSync(file, "r+");
  writeSync(opened, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
  closeSync(opened);
}
