import type { Grant } from "../records.ts";
import type { EndingOfApplication, GrantFacts, GrantFilter, Store } from "../store.ts";
import { endingThatLeftBehind } from "./cleaner.ts";
import { withoutApproval } from "./consents.ts";
import { isLeftBehind } from "./grants.ts";
import { keep, type Memory, takePage, writeEnding } from "./memory.ts";

type OperatorSteps = Pick<
  Store,
  | "listGrants"
  | "listEndedGrants"
  | "listEndings"
  | "endEverything"
  | "countGrantsByKey"
  | "listUsersOfKey"
  | "endGrantsOfKey"
>;

export function operatorSteps(memory: Memory): OperatorSteps {
  const { applications, consents, grants } = memory;
  const factsOf = (grant: Grant): GrantFacts[] => {
    const consent = consents.get(grant.consentId);
    return consent === undefined ? [] : [{ grant, consent }];
  };
  const isLiving = (grant: Grant, now: number): boolean =>
    grant.ended === undefined && grant.expiresAt > now && !isLeftBehind(memory, grant);
  const living = (now: number): GrantFacts[] =>
    [...grants.values()].filter((grant) => isLiving(grant, now)).flatMap(factsOf);
  const ended = (now: number): GrantFacts[] =>
    [...grants.values()].flatMap(factsOf).flatMap((facts) => withEnding(memory, facts, now));

  return {
    async listGrants({ now, userId, applicationId, ...page }) {
      const wanted = living(now).filter((facts) => matches(facts, { userId, applicationId }));
      return takePage(wanted, page, ({ grant }) => grant.id);
    },

    async listEndedGrants({ since, now, why, userId, applicationId, ...page }) {
      const wanted = ended(now).filter(
        (facts) =>
          matches(facts, { userId, applicationId }) &&
          facts.grant.ended !== undefined &&
          facts.grant.ended.at >= since &&
          (why === undefined || facts.grant.ended.why === why),
      );
      return takePage(wanted, page, ({ grant }) => grant.id);
    },

    async listEndings(userId, since) {
      const own = [...consents.values()].filter((consent) => consent.userId === userId);
      const found = memory.endings
        .filter(({ at }) => at >= since)
        .flatMap(({ of, at, why }): EndingOfApplication[] =>
          own.flatMap((consent) => {
            const concerns =
              ("userId" in of && of.userId === userId) ||
              ("applicationId" in of && of.applicationId === consent.applicationId) ||
              ("consentId" in of && of.consentId === consent.id);
            const application = applications.get(consent.applicationId);
            return concerns && application !== undefined ? [{ application, at, why }] : [];
          }),
        );
      return found.toReversed().slice(0, 50);
    },

    async endEverything(ending) {
      for (const consent of consents.values()) {
        consents.set(consent.id, withoutApproval(consent));
        writeEnding(memory, { consentId: consent.id }, consent.epoch, ending);
      }
      for (const application of applications.values()) {
        const tokenEpoch = (application.tokenEpoch + 1 + ending.at) % 2 ** 32;
        applications.set(application.id, keep({ ...application, tokenEpoch }));
      }
    },

    async countGrantsByKey(now) {
      const counts = new Map<number, number>();
      for (const { grant } of living(now)) counts.set(grant.keyId, (counts.get(grant.keyId) ?? 0) + 1);
      return [...counts].map(([keyId, count]) => ({ keyId, grants: count })).toSorted((a, b) => a.keyId - b.keyId);
    },

    async listUsersOfKey(keyId, { now, limit }) {
      const users = living(now).flatMap(({ grant, consent }) => (grant.keyId === keyId ? [consent.userId] : []));
      return [...new Set(users)].slice(0, limit);
    },

    async endGrantsOfKey(keyId, ending) {
      const wanted = living(ending.at).filter(({ grant }) => grant.keyId === keyId);
      for (const { grant } of wanted) {
        grants.set(grant.id, keep({ ...grant, ended: ending, revision: grant.revision + 1 }));
        writeEnding(memory, { grantId: grant.id, consentId: grant.consentId }, grant.consentEpoch, ending);
        memory.untoldGrants.add(grant.id);
      }
      return wanted.length;
    },
  };
}

function matches(
  { consent }: GrantFacts,
  { userId, applicationId }: { [K in keyof GrantFilter]: GrantFilter[K] | undefined },
): boolean {
  return (
    (userId === undefined || consent.userId === userId) &&
    (applicationId === undefined || consent.applicationId === applicationId)
  );
}

/** The grant with its ending, whether the cleaner has been by or not; nothing while it lives. */
function withEnding(memory: Memory, { grant, consent }: GrantFacts, now: number): GrantFacts[] {
  if (grant.ended !== undefined) return [{ grant, consent }];
  if (grant.exchangedAt === undefined) return [];
  if (isLeftBehind(memory, grant))
    return [{ grant: { ...grant, ended: endingThatLeftBehind(memory, grant, consent) }, consent }];
  if (grant.expiresAt > now) return [];
  return [{ grant: { ...grant, ended: { at: grant.expiresAt, why: "expiry" } }, consent }];
}
