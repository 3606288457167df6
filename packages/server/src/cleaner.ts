import { reportEndedGrant } from "./ended-grant.ts";
import type { Platform } from "./platform.ts";
import type { CleanStep } from "./store.ts";

/** So that a walk over millions of grants holds up no request: one small step a transaction. */
const stepSize = 500;
/** How long ended grants, endings and events are kept, unless the server was told otherwise. */
export const defaultKeepEndedSeconds = 30 * 86_400;

/**
 * Walks all grants once: stamps those that are over with when and why, reports each of them once, and removes what
 * nobody needs any more: ended grants, endings and events after `keepEndedSeconds` (30 days). Run it about hourly.
 * After `signal` it takes no further step; the next walk begins anew.
 */
export async function cleanOnce(
  platform: Platform,
  { keepEndedSeconds = defaultKeepEndedSeconds, signal }: CleanOptions = {},
): Promise<{ readonly ended: number; readonly removed: number }> {
  const { store } = platform;
  const now = platform.now();
  await platform.usage.flush();
  const total = { ended: 0, removed: 0 };
  let afterId: number | undefined = 0;
  while (afterId !== undefined) {
    if (signal?.aborted === true) return total;
    const removeEndedBefore = now - keepEndedSeconds;
    const step: CleanStep = await store.cleanGrants({ afterId, limit: stepSize, now, removeEndedBefore });
    await reportEach(platform, step.ended);
    total.ended += step.ended.length;
    total.removed += step.removed;
    afterId = step.nextAfterId;
  }
  await store.cleanRest(now, now - keepEndedSeconds);
  return total;
}

interface CleanOptions {
  readonly keepEndedSeconds?: number;
  readonly signal?: AbortSignal;
}

/** So that a hook that hangs holds up the walk a few times, and one that sends mail is not called for hundreds at once. */
const reportedTogether = 20;

async function reportEach(platform: Platform, ended: CleanStep["ended"]): Promise<void> {
  for (let i = 0; i < ended.length; i += reportedTogether) {
    const some = ended.slice(i, i + reportedTogether);
    await Promise.all(some.map(({ grant, consent, why }) => reportEndedGrant(platform, grant, consent, why)));
  }
}
