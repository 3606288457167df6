import type { Consent, Ending, Grant } from "../records.ts";
import type { CleanStep, CleanWalk, Store } from "../store.ts";
import { isLeftBehind } from "./grants.ts";
import { type EndingOf, keep, type Memory, type WrittenEnding } from "./memory.ts";

type CleanerSteps = Pick<Store, "cleanGrants" | "cleanRest">;

export function cleanerSteps(memory: Memory): CleanerSteps {
  /** The walk under way: where it goes on, and the newest ending when it began. */
  let walk = { afterId: 0, lastEndingId: 0 };
  /** Whatever was left behind by endings up to this one is stamped, since a whole walk began after it. */
  let stampedThrough = 0;

  return {
    async cleanGrants({ limit, ...step }) {
      const { afterId } = step;
      if (afterId === 0) walk = { afterId, lastEndingId: memory.lastIds.ending };
      const most = Math.min(Math.max(limit, 1), 1_000);
      const grants = [...memory.grants.values()].filter(({ id }) => id > afterId).slice(0, most);
      const nextAfterId = grants.length < most ? undefined : grants.at(-1)?.id;
      if (afterId === walk.afterId) {
        if (nextAfterId === undefined) stampedThrough = walk.lastEndingId;
        else walk = { ...walk, afterId: nextAfterId };
      }
      return { nextAfterId, ...cleanEach(memory, grants, step) };
    },

    async cleanRest(now, olderThan) {
      const { resetLinks, sessions } = memory;
      for (const [key, session] of sessions) if (session.expiresAt <= now) sessions.delete(key);
      for (const [userId, link] of resetLinks) if (link.expiresAt <= now) resetLinks.delete(userId);
      for (const [id, { expiresAt }] of memory.deviceRequests) if (expiresAt <= now) memory.deviceRequests.delete(id);
      for (const serials of memory.revokedTokens.values())
        for (const [serial, expiresAt] of serials) if (expiresAt <= now) serials.delete(serial);
      memory.endings = memory.endings.filter(({ id, at }) => id > stampedThrough || at >= olderThan);
    },
  };
}

function cleanEach(
  memory: Memory,
  grants: readonly Grant[],
  step: Pick<CleanWalk, "now" | "removeEndedBefore">,
): Pick<CleanStep, "ended" | "removed"> {
  const ended: CleanStep["ended"][number][] = [];
  let removed = 0;
  for (const grant of grants) {
    const consent = memory.consents.get(grant.consentId);
    if (consent && grant.ended && memory.untoldGrants.delete(grant.id)) {
      ended.push({ grant, consent, why: grant.ended.why });
      continue;
    }
    const fate = consent && fateOf(memory, grant, consent, step);
    if (consent === undefined || fate === undefined) continue;
    if (fate === "remove") {
      memory.grants.delete(grant.id);
      removed += 1;
      continue;
    }
    const stamped = keep({ ...grant, ended: fate, revision: grant.revision + 1 });
    memory.grants.set(grant.id, stamped);
    ended.push({ grant: stamped, consent, why: fate.why });
  }
  return { ended, removed };
}

/** What the cleaner does with a grant: removes it, stamps this ending into it, or leaves it. */
function fateOf(
  memory: Memory,
  grant: Grant,
  consent: Consent,
  { now, removeEndedBefore }: Pick<CleanWalk, "now" | "removeEndedBefore">,
): "remove" | Ending | undefined {
  const isRemovable = grant.id !== memory.lastIds.grant;
  if (grant.ended !== undefined) return isRemovable && grant.ended.at < removeEndedBefore ? "remove" : undefined;
  const isOver = grant.expiresAt <= now;
  if (isOver && grant.exchangedAt === undefined) return isRemovable ? "remove" : undefined;
  if (isLeftBehind(memory, grant)) return endingThatLeftBehind(memory, grant, consent);
  return isOver ? { at: grant.expiresAt, why: "expiry" } : undefined;
}

/** The first ending after which the grant was dead: of its consent, of its user or of its application. */
export function endingThatLeftBehind(memory: Memory, grant: Grant, consent: Consent): Ending {
  const { id: consentId, userId, applicationId } = consent;
  const written = (of: EndingOf): readonly WrittenEnding[] =>
    memory.endings.filter((ending) => JSON.stringify(ending.of) === JSON.stringify(of));

  // Each of these raised the consent by one, so the one that left this grant behind is found by counting back.
  const ofConsent = [...written({ consentId }), ...written({ userId })].toSorted((one, other) => one.id - other.id);
  const raises = consent.epoch - grant.consentEpoch;
  const first = [
    ...(raises > 0 ? ofConsent.slice(-raises).slice(0, 1) : []),
    ...written({ applicationId }).filter(({ epoch }) => epoch === grant.applicationEpoch),
  ].toSorted((one, other) => one.id - other.id)[0];
  if (first === undefined) throw new Error(`Nothing says why grant ${grant.id} ended. This is a mistake in the store.`);
  return { at: first.at, why: first.why };
}
