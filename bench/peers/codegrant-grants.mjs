// Old grants, written straight into the file: a million approvals over HTTP would take minutes.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createKeyRing } from "../../packages/server/dist/index.js";
import { accessProofOf, rowProofOf } from "../../packages/server/dist/tokens/proof.js";
import { formatToken, wholeResourceMask, wholeScopeMask } from "../../packages/server/dist/tokens/token.js";
import { loadDriver } from "../../packages/sqlite/dist/driver.js";
import { shuffled } from "./shuffled.mjs";

const users = 5_000;
const daySeconds = 86_400;

/** Each a day old and exchanged, spread over five thousand users. */
export async function seedGrants(
  /** @type {string} */ file,
  /** @type {number} */ applicationId,
  /** @type {number} */ count,
) {
  const database = new (await loadDriver())(file);
  const statement = (/** @type {string} */ sql) =>
    /** @type {{ run(...values: unknown[]): unknown }} */ (database.prepare(sql));
  const at = Math.floor(Date.now() / 1000) - daySeconds;
  const consent = statement(
    "INSERT INTO consents (id, user_id, application_id, since, scopes) VALUES (?, ?, ?, ?, 'profile')",
  );
  const grant = statement(`
    INSERT INTO grants (id, consent_id, scopes, resources, key_id, proofs, consent_epoch, application_epoch, generation,
      predecessor, rotated_at, access_generation, access_revoked_through, created_at, exchanged_at, expires_at)
    VALUES (?, ?, 'profile', '', 1, ?, 0, 0, 1, 0, ?, 1, 0, ?, ?, ?)
  `);
  database.exec("PRAGMA journal_mode = WAL; BEGIN");
  const firstConsent = 1_000;
  for (let i = 0; i < users; i++) consent.run(firstConsent + i, `seeded-${i}`, applicationId, at);
  for (let id = 1; id <= count; id++) {
    const proofs = Buffer.alloc(36);
    proofs.set(rowProofOf(id, accessProofOf(id, refreshProofOf(id))));
    grant.run(id, firstConsent + (id % users), proofs, at, at, at, at + 90 * daySeconds);
  }
  database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

/** Their refresh tokens in a random order, made from the key file as the server would make them. */
export function* farRefreshTokens(/** @type {string} */ db, /** @type {number} */ count) {
  const { keys } = JSON.parse(readFileSync(`${db}.keys`, "utf8"));
  const [{ id, secret }] = keys;
  const { current } = createKeyRing([{ id, secret: Buffer.from(secret, "base64url") }]);
  const expiresAt = Math.floor(Date.now() / 1000) + 89 * daySeconds;
  for (const grantId of shuffled(count)) {
    const masks = { scopeMask: wholeScopeMask, resourceMask: wholeResourceMask };
    const token = { kind: /** @type {const} */ ("refresh"), grantId, generation: 1, expiresAt, ...masks };
    yield formatToken({ ...token, proof: refreshProofOf(grantId) }, current, "rfc6749");
  }
}

/** Anyone could know it, so this is for the bench alone. */
function refreshProofOf(/** @type {number} */ grantId) {
  return createHash("sha256").update(`grant ${grantId}`).digest().subarray(0, 12);
}
