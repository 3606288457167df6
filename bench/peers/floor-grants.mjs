// The floor's tables, and old grants in them.
import { createHash } from "node:crypto";
import { openDatabase } from "./database.mjs";

/** A family is one grant: its code and all its tokens live and die together. */
export const tables = `
  CREATE TABLE IF NOT EXISTS client (id TEXT PRIMARY KEY, secret BLOB NOT NULL, redirect_uri TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS session (hash BLOB PRIMARY KEY, sub TEXT NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS code (hash BLOB PRIMARY KEY, client TEXT, sub TEXT, redirect_uri TEXT, scope TEXT,
    challenge TEXT, expires INTEGER, family INTEGER) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS family (id INTEGER PRIMARY KEY, client TEXT, sub TEXT, scope TEXT, revoked INTEGER);
  CREATE TABLE IF NOT EXISTS token (hash BLOB PRIMARY KEY, kind INTEGER, family INTEGER, client TEXT, scope TEXT,
    expires INTEGER, used INTEGER) WITHOUT ROWID;`;

export async function seedFloor(/** @type {string} */ file, /** @type {number} */ count) {
  const { exec, prepare, database } = await openDatabase(file);
  exec(tables);
  const expires = Math.floor(Date.now() / 1000) + 1_209_600;
  const family = prepare("INSERT INTO family (id, client, sub, scope) VALUES (?, 'client-1', ?, 'api:read')");
  const token = prepare("INSERT INTO token VALUES (?, 1, ?, 'client-1', 'api:read', ?, NULL)");
  exec("BEGIN");
  for (let id = 1; id <= count; id++) family.run(id, `user-${id % 5_000}`);
  for (const { hash, id } of inOrderOfHash(count)) token.run(hash, id, expires);
  exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

/** The refresh token of one of them. */
export function farTokenOf(/** @type {number} */ number) {
  return createHash("sha256").update(`token ${number}`).digest("base64url");
}

/** Random keys written in their order make the table in seconds. */
function inOrderOfHash(/** @type {number} */ count) {
  const hashes = Array.from({ length: count }, (_, i) => ({
    hash: createHash("sha256")
      .update(farTokenOf(i + 1))
      .digest(),
    id: i + 1,
  }));
  return hashes.toSorted((one, other) => one.hash.compare(other.hash));
}
