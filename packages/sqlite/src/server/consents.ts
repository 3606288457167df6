import type { Consent, Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import { type ApplicationRow, decodeApplication } from "./applications.ts";
import { type EndingSteps, forgetApproval } from "./endings.ts";
import { pageOf, parseList } from "./lists.ts";

type ConsentSteps = Pick<Store, "countUsers" | "findConsent" | "listConsents" | "endConsent" | "noteConsentsUsed">;

export function consentSteps(connection: Connection, { writeEnding }: EndingSteps): ConsentSteps {
  const { prepare, prepareArrays, read, write, together } = connection;
  const find = prepareArrays<ConsentRow>(
    `SELECT ${consentColumns} FROM consents c WHERE c.user_id = ? AND c.application_id = ?`,
  );
  const countUsers = prepare<{ readonly users: number }>(
    "SELECT count(*) AS users FROM (SELECT 1 FROM consents WHERE application_id = ? AND since IS NOT NULL LIMIT ?)",
  );
  const listConsents = prepareArrays<ConsentRow>(`
    SELECT ${consentColumns} FROM consents c JOIN applications a ON a.id = c.application_id AND a.deleted_at IS NULL
    WHERE c.user_id = ? AND c.since IS NOT NULL AND c.application_id > ? ORDER BY c.application_id LIMIT ?
  `);
  const findApplication = prepare<ApplicationRow>("SELECT * FROM applications WHERE id = ?");
  const end = prepare<{ readonly id: number; readonly ended: number }>(`
    UPDATE consents SET ${forgetApproval} WHERE user_id = ? AND application_id = ? AND since IS NOT NULL
    RETURNING id, epoch - 1 AS ended
  `);
  const noteUsed = prepare("UPDATE consents SET last_used_day = ?1 WHERE id = ?2 AND coalesce(last_used_day, -1) < ?1");

  return {
    countUsers: (applicationId, maximum) => read(() => countUsers.get(applicationId, maximum)?.users ?? 0),

    findConsent: (userId, applicationId) =>
      read(() => {
        const row = find.get(userId, applicationId);
        return row && decodeConsent(row);
      }),

    listConsents: (userId, page) =>
      read(() =>
        listConsents.all(userId, ...pageOf(page)).flatMap((row) => {
          const consent = decodeConsent(row);
          const application = decodeApplication(findApplication.get(consent.applicationId));
          return application === undefined ? [] : [{ consent, application }];
        }),
      ),

    endConsent: (userId, applicationId, ending) =>
      write(() =>
        together(() => {
          const consent = end.get(userId, applicationId);
          if (consent === undefined) return "unknown";
          writeEnding({ consentId: consent.id }, consent.ended, ending);
          return "ended";
        }),
      ),

    noteConsentsUsed: (days) =>
      write(() =>
        together(() => {
          for (const { consentId, day } of days) noteUsed.run(day, consentId);
        }),
      ),
  };
}

/** In the order of `ConsentRow`. */
export const consentColumns = `c.id, c.user_id, c.application_id, c.epoch, c.since, c.last_used_day, c.answered,
  c.answered_query_hash, c.scopes, c.resources, c.redirect_uris`;

export type ConsentRow = readonly [
  id: number,
  userId: string,
  applicationId: number,
  epoch: number,
  since: number | null,
  lastUsedDay: number | null,
  answered: number,
  answeredQueryHash: Uint8Array | null,
  scopes: string,
  resources: string,
  redirectUris: string,
];

export function decodeConsent(row: ConsentRow): Consent {
  const [id, userId, applicationId, epoch, since, lastUsedDay, answered, answeredQueryHash, ...lists] = row;
  const [scopes, resources, redirectUris] = lists;
  const consent: { -readonly [Member in keyof Consent]: Consent[Member] } = {
    id,
    userId,
    applicationId,
    scopes: parseList(scopes),
    resources: parseList(resources),
    redirectUris: parseList(redirectUris),
    answered,
    epoch,
  };
  if (since !== null) consent.since = since;
  if (lastUsedDay !== null) consent.lastUsedDay = lastUsedDay;
  if (answeredQueryHash !== null) consent.answeredQueryHash = answeredQueryHash;
  return consent;
}
