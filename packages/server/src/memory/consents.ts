import type { Consent } from "../records.ts";
import type { Store } from "../store.ts";
import { keep, type Memory, takePage, writeEnding } from "./memory.ts";

type ConsentSteps = Pick<Store, "countUsers" | "findConsent" | "listConsents" | "endConsent" | "noteConsentsUsed">;

export function consentSteps(memory: Memory): ConsentSteps {
  const { applications, consents, deletedApplications } = memory;

  return {
    countUsers: async (applicationId, maximum) =>
      Math.min(
        maximum,
        [...consents.values()].filter((consent) => consent.applicationId === applicationId && isLiving(consent)).length,
      ),

    findConsent: async (userId, applicationId) => findConsentOf(memory, userId, applicationId),

    async listConsents(userId, page) {
      const living = [...consents.values()].filter((consent) => consent.userId === userId && isLiving(consent));
      const found = living.flatMap((consent) => {
        const application = applications.get(consent.applicationId);
        return application === undefined || deletedApplications.has(application.id) ? [] : [{ consent, application }];
      });
      const sorted = found.toSorted((one, other) => one.application.id - other.application.id);
      return takePage(sorted, page, ({ application }) => application.id);
    },

    async endConsent(userId, applicationId, ending) {
      const consent = findConsentOf(memory, userId, applicationId);
      if (consent === undefined || !isLiving(consent)) return "unknown";
      consents.set(consent.id, withoutApproval(consent));
      writeEnding(memory, { consentId: consent.id }, consent.epoch, ending);
      return "ended";
    },

    async noteConsentsUsed(days) {
      for (const { consentId, day } of days) {
        const consent = consents.get(consentId);
        if (consent === undefined || day <= (consent.lastUsedDay ?? -1)) continue;
        consents.set(consentId, keep({ ...consent, lastUsedDay: day }));
      }
    },
  };
}

export function findConsentOf(memory: Memory, userId: string, applicationId: number): Consent | undefined {
  return [...memory.consents.values()].find(
    (consent) => consent.userId === userId && consent.applicationId === applicationId,
  );
}

/** What a raised epoch leaves: nothing approved, but still the count of answers, so that an old form stays answered. */
export function withoutApproval(consent: Consent): Consent {
  const { since: _, ...kept } = consent;
  return keep({ ...kept, scopes: [], resources: [], redirectUris: [], epoch: consent.epoch + 1 });
}

const isLiving = (consent: Consent): boolean => consent.since !== undefined;
