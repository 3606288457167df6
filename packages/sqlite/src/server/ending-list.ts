import type { EndReason, Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import { type ApplicationRow, decodeApplication } from "./applications.ts";
import { ofEverything } from "./endings.ts";

/** As many as are told, so no more of one kind are ever looked at. */
const maximum = 50;
/** Applications of one user that are looked at, the newest. */
const maximumConsents = 1_000;

/** For the page where users see what they let applications do. */
export function endingListSteps({ prepare, read }: Connection): Pick<Store, "listEndings"> {
  const listConsents = prepare<ConsentRow>(`
    SELECT id, application_id AS applicationId FROM consents WHERE user_id = ? ORDER BY id DESC LIMIT ${maximumConsents}
  `);
  const findApplication = prepare<ApplicationRow>("SELECT * FROM applications WHERE id = ?");
  const newest = (of: string) =>
    prepare<EndingRow>(`SELECT id, at, why FROM endings WHERE ${of} ORDER BY id DESC LIMIT ${maximum}`);
  const ofUser = newest("user_id = ?");
  const ofAllUsers = newest(ofEverything);
  const ofApplication = newest("application_id = ?");
  const ofConsent = newest("consent_id = ? AND grant_id IS NULL");
  const ofGrants = newest("consent_id = ? AND grant_id IS NOT NULL");

  return {
    listEndings: (userId, since) =>
      read(() => {
        const ofAll = [...ofUser.all(userId), ...ofAllUsers.all()];
        const found = listConsents.all(userId).flatMap(({ id, applicationId }) => {
          const own = [...ofApplication.all(applicationId), ...ofConsent.all(id), ...ofGrants.all(id)];
          return [...ofAll, ...own]
            .filter(({ at }) => at >= since)
            .map((ending) => ({ ending, applicationId, consentId: id }));
        });
        const sorted = found.toSorted((a, b) => b.ending.id - a.ending.id || b.consentId - a.consentId);
        return sorted.slice(0, maximum).flatMap(({ ending: { at, why }, applicationId }) => {
          const application = decodeApplication(findApplication.get(applicationId));
          return application === undefined ? [] : [{ application, at, why }];
        });
      }),
  };
}

interface ConsentRow {
  readonly id: number;
  readonly applicationId: number;
}

interface EndingRow {
  readonly id: number;
  readonly at: number;
  readonly why: EndReason;
}
