import type { Consent, Ending, EndReason, Grant } from "@codegrant/server";
import type { Connection } from "../connection.ts";

/** Steps within a step: what ends grants, and why they ended. */
export interface EndingSteps {
  /** Writes the one row that says what ended, which epoch of it, when and why. */
  readonly writeEnding: (of: EndingOf, epoch: number, ending: Ending) => void;
  /** Raises the user's epoch and those of all their consents. */
  readonly raiseUser: (userId: string, ending: Ending) => void;
  /** The first ending after which the grant was dead: of its consent, of its user or of its application. */
  readonly findEnding: (grant: Grant, consent: Consent) => Ending | undefined;
  readonly lastEndingId: () => number;
}

/** One of them, or a grant with its consent; with none of them the ending is everything's. */
export interface EndingOf {
  readonly userId?: string;
  readonly applicationId?: number;
  readonly consentId?: number;
  readonly grantId?: number;
}

/** Endings of everything, word for word as the index `endings_everything` has it. */
export const ofEverything = "user_id IS NULL AND application_id IS NULL AND consent_id IS NULL";

/** What a raised epoch leaves of a consent: nothing approved, but still which form was answered. */
export const forgetApproval = "epoch = epoch + 1, since = NULL, scopes = '', resources = '', redirect_uris = ''";

export function endingSteps({ prepare, together }: Connection): EndingSteps {
  const insert = prepare(
    "INSERT INTO endings (at, why, epoch, user_id, application_id, consent_id, grant_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const raiseEpoch = prepare<{ readonly ended: number }>(`
    INSERT INTO user_epochs (user_id, epoch) VALUES (?, 1)
    ON CONFLICT DO UPDATE SET epoch = epoch + 1 RETURNING epoch - 1 AS ended
  `);
  const raiseConsents = prepare(`UPDATE consents SET ${forgetApproval} WHERE user_id = ?`);
  const last = prepare<{ readonly id: number }>("SELECT coalesce(max(id), 0) AS id FROM endings");
  // Each ending of a consent, of its user or of everything raised the consent by one, so the one that left a grant
  // behind is found by counting back from the last.
  // Three questions and not one with OR, which would read every ending.
  const findOfConsent = prepare<EndingRow>(`
    SELECT id, at, why FROM endings WHERE consent_id = ? AND grant_id IS NULL
    UNION ALL SELECT id, at, why FROM endings WHERE user_id = ?
    UNION ALL SELECT id, at, why FROM endings WHERE ${ofEverything}
    ORDER BY id DESC LIMIT 1 OFFSET ?
  `);
  const findOfApplication = prepare<EndingRow>(
    "SELECT id, at, why FROM endings WHERE application_id = ? AND epoch = ? ORDER BY id LIMIT 1",
  );

  const writeEnding: EndingSteps["writeEnding"] = ({ userId, applicationId, consentId, grantId }, epoch, ending) => {
    const ids = [userId ?? null, applicationId ?? null, consentId ?? null, grantId ?? null];
    insert.run(ending.at, ending.why, epoch, ...ids);
  };

  return {
    writeEnding,
    raiseUser: (userId, ending) =>
      together(() => {
        const { ended } = raiseEpoch.get(userId) ?? { ended: 0 };
        raiseConsents.run(userId);
        writeEnding({ userId }, ended, ending);
      }),
    findEnding(grant, { id, userId, applicationId, epoch }) {
      const raises = epoch - grant.consentEpoch;
      const ofConsent = raises > 0 ? findOfConsent.get(id, userId, raises - 1) : undefined;
      const ofApplication = findOfApplication.get(applicationId, grant.applicationEpoch);
      const first = !ofApplication || (ofConsent && ofConsent.id < ofApplication.id) ? ofConsent : ofApplication;
      return first && { at: first.at, why: first.why };
    },
    lastEndingId: () => last.get()?.id ?? 0,
  };
}

interface EndingRow {
  readonly id: number;
  readonly at: number;
  readonly why: EndReason;
}
