import type { Platform } from "./platform.ts";
import type { Consent, EndReason, Grant } from "./records.ts";

/** Someone who was cut off: enough to find and tell them. */
export interface EndedGrant {
  readonly grantId: number;
  readonly userId: string;
  readonly applicationId: number;
  readonly scopes: readonly string[];
  readonly why: EndReason;
  readonly endedAt: number;
  readonly grantedAt: number;
  /** Days since 1970; absent if it was never used. */
  readonly lastUsedDay?: number;
}

/** One log line and one call of the hook. What the hook throws is logged and stops nothing; and nobody waits for it for long. */
export async function reportEndedGrant(
  platform: Platform,
  grant: Grant,
  consent: Consent,
  why: EndReason,
): Promise<void> {
  const ended: EndedGrant = {
    grantId: grant.id,
    userId: consent.userId,
    applicationId: consent.applicationId,
    scopes: grant.scopes,
    why,
    endedAt: grant.ended?.at ?? platform.now(),
    grantedAt: grant.createdAt,
    ...(consent.lastUsedDay !== undefined && { lastUsedDay: consent.lastUsedDay }),
  };
  const { grantId, userId, applicationId } = ended;
  platform.log({ level: "info", event: "grant.ended", grantId, userId, applicationId, detail: why });
  await waitAtMost(platform.hookWaitSeconds, callHook(platform, ended));
}

async function callHook(platform: Platform, ended: EndedGrant): Promise<void> {
  try {
    await platform.onGrantEnded(ended);
  } catch (cause) {
    platform.log({ level: "error", event: "hook.failed", grantId: ended.grantId, cause });
  }
}

/** It goes on after that; only nobody waits any longer. */
async function waitAtMost(seconds: number, task: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000);
  });
  await Promise.race([task, timeIsUp]);
  clearTimeout(timer);
}
