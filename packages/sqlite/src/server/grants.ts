import type { Rotation, Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import type { Value } from "../statement.ts";
import { prepareApprove } from "./approval.ts";
import type { EndingSteps } from "./endings.ts";
import { prepareFindGrant } from "./grant-row.ts";

type GrantSteps = Pick<
  Store,
  "findGrant" | "approve" | "redeemCode" | "countFailedTry" | "rotate" | "revokeAccessTokens" | "endGrant"
>;

/** Each changing step but the end of a grant is one conditional statement, so none needs a savepoint. */
export function grantSteps(connection: Connection, { writeEnding }: EndingSteps): GrantSteps {
  const { prepare, read, write, together } = connection;
  const findGrant = prepareFindGrant(connection);
  const approve = prepareApprove(connection);
  // The row as it was when it was decided on; and what ended never changes again.
  const decidedOn = "WHERE id = ? AND revision = ? AND ended_at IS NULL";
  const rotated = `key_id = ?, generation = ?, predecessor = ?, rotated_at = ?, access_generation = ?, expires_at = ?,
    refresh_expires_at = ?, revision = revision + 1`;
  const rotate = prepare(`UPDATE grants SET ${rotated} ${decidedOn}`);
  const redeem = prepare(`
    UPDATE grants SET ${rotated}, proofs = CAST(? || substr(proofs, 13) AS BLOB), exchanged_at = ?, code = NULL
    ${decidedOn} AND code IS NOT NULL
  `);
  const countTry = prepare(`
    UPDATE grants SET code = json_set(code, '$.failedTries', json_extract(code, '$.failedTries') + 1),
      revision = revision + 1
    ${decidedOn} AND code IS NOT NULL
  `);
  const revokeAccess = prepare(`
    UPDATE grants SET access_revoked_through = ?1, revision = revision + 1
    WHERE id = ?2 AND access_revoked_through < ?1 AND ended_at IS NULL
  `);
  const end = prepare<{ readonly consentId: number; readonly consentEpoch: number }>(`
    UPDATE grants SET ended_at = ?, ended_why = ?, revision = revision + 1
    WHERE id = ? AND ended_at IS NULL AND EXISTS (
      SELECT 1 FROM consents c JOIN applications a ON a.id = c.application_id
      WHERE c.id = consent_id AND c.epoch = consent_epoch AND a.epoch = application_epoch
    )
    RETURNING consent_id AS consentId, consent_epoch AS consentEpoch
  `);

  const tellLater = prepare("INSERT INTO untold_grants (grant_id) VALUES (?)");

  return {
    findGrant: (id) => read(() => findGrant(id)),
    approve: (approval) => write(() => approve(approval)),
    redeemCode: (id, revision, exchange) =>
      write(() => {
        const values = [...rotationValues(exchange), exchange.proof, exchange.exchangedAt];
        return redeem.run(...values, id, revision).changes === 1 ? "redeemed" : "lost";
      }),
    countFailedTry: (id, revision) => write(() => (countTry.run(id, revision).changes === 1 ? "counted" : "lost")),
    rotate: (id, revision, rotation) =>
      write(() => (rotate.run(...rotationValues(rotation), id, revision).changes === 1 ? "rotated" : "lost")),
    revokeAccessTokens: (id, throughGeneration) =>
      write(() => {
        revokeAccess.run(throughGeneration, id);
      }),
    endGrant: (id, ending, { whoTells = "caller" } = {}) =>
      write(() =>
        together(() => {
          const ended = end.get(ending.at, ending.why, id);
          if (ended === undefined) return findGrant(id) === undefined ? "unknown" : "already";
          writeEnding({ grantId: id, consentId: ended.consentId }, ended.consentEpoch, ending);
          if (whoTells === "cleaner") tellLater.run(id);
          return "ended";
        }),
      ),
  };
}

const rotationValues = (rotation: Rotation): readonly Value[] => [
  rotation.keyId,
  rotation.generation,
  rotation.predecessor,
  rotation.rotatedAt,
  rotation.accessGeneration,
  rotation.expiresAt,
  rotation.refreshExpiresAt === rotation.expiresAt ? null : rotation.refreshExpiresAt,
];
