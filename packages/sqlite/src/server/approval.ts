import type { Approval, ApprovalOutcome } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import { prepareAnswerDevice } from "./devices.ts";
import { prepareInsertGrant } from "./grant-row.ts";
import { formatList } from "./lists.ts";

/** A step within a step: checks what the approval was decided on, then writes grant and consent, or neither. */
export function prepareApprove(connection: Connection): (approval: Approval) => ApprovalOutcome {
  const { prepareArrays, together } = connection;
  const insertGrant = prepareInsertGrant(connection);
  const writeConsent = prepareWriteConsent(connection);
  const answerDevice = prepareAnswerDevice(connection);
  const findFacts = prepareArrays<Facts>(`
    SELECT (SELECT coalesce(max(id), 0) + 1 FROM grants), c.id, c.since, a.epoch, coalesce(u.epoch, 0),
      coalesce(c.epoch, 0), coalesce(c.answered, 0)
    FROM applications a
      LEFT JOIN user_epochs u ON u.user_id = ?1
      LEFT JOIN consents c ON c.user_id = ?1 AND c.application_id = a.id
    WHERE a.id = ?2 AND a.deleted_at IS NULL
  `);

  return (approval) => {
    const facts = findFacts.get(approval.userId, approval.applicationId);
    if (facts === undefined || !stillStand(facts, approval)) return { outcome: "changed" };
    const [grantId, consentId, since] = facts;
    const { deviceRequestId, remember } = approval;
    if (grantId > maximumGrantId) throw new RangeError("Every grant id that a token can name was given.");
    const grant = approval.grant(grantId);
    const approved = { outcome: "approved", grantId } as const;
    const livingConsentId = since !== null && remember === undefined ? consentId : null;
    if (livingConsentId !== null && deviceRequestId === undefined) {
      insertGrant(grantId, livingConsentId, grant);
      return approved;
    }
    return together(() => {
      // First, so that nothing is written where the device was answered before.
      if (deviceRequestId !== undefined && !answerDevice(deviceRequestId, grantId)) return { outcome: "changed" };
      insertGrant(grantId, livingConsentId ?? writeConsent(consentId, approval), grant);
      return approved;
    });
  };
}

/** Tokens name their grant in 48 bits. */
const maximumGrantId = 2 ** 48 - 1;

type Facts = readonly [
  nextId: number,
  consentId: number | null,
  since: number | null,
  applicationEpoch: number,
  userEpoch: number,
  consentEpoch: number,
  answered: number,
];

function stillStand([, , , applicationEpoch, userEpoch, consentEpoch, answered]: Facts, approval: Approval): boolean {
  return (
    applicationEpoch === approval.applicationEpoch &&
    userEpoch === approval.userEpoch &&
    consentEpoch === approval.consentEpoch &&
    answered === approval.consentAnswered
  );
}

/** Makes the consent, or revives or widens the one that is there, and returns its id. */
function prepareWriteConsent({ prepare }: Connection): (id: number | null, approval: Approval) => number {
  const insert = prepare("INSERT INTO consents (user_id, application_id, since) VALUES (?, ?, ?)");
  const revive = prepare("UPDATE consents SET since = coalesce(since, ?) WHERE id = ?");
  const remembering = prepare(`
    UPDATE consents SET scopes = ?, resources = ?, redirect_uris = ?, answered_query_hash = ?, answered = answered + 1
    WHERE id = ?
  `);

  return (existing, { userId, applicationId, at, remember }) => {
    const id = existing ?? Number(insert.run(userId, applicationId, at).lastInsertRowid);
    if (existing !== null) revive.run(at, existing);
    if (remember !== undefined) {
      const { scopes, resources, redirectUris, answeredQueryHash } = remember;
      remembering.run(formatList(scopes), formatList(resources), formatList(redirectUris), answeredQueryHash, id);
    }
    return id;
  };
}
