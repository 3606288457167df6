import { reportEndedGrant } from "../ended-grant.ts";
import type { RequestRecord } from "../message.ts";
import type { Platform } from "../platform.ts";
import type { EndReason } from "../records.ts";
import type { GrantFacts } from "../store.ts";

/** Ends a grant for good, with a log line, an audit event and the platform's hook. The first reason stays. */
export async function endGrant(
  platform: Platform,
  request: RequestRecord,
  { grant, consent }: GrantFacts,
  why: EndReason,
): Promise<void> {
  const at = platform.now();
  if ((await platform.store.endGrant(grant.id, { at, why })) !== "ended") return;
  const { requestId } = request;
  await platform.store.recordEvent({
    at,
    event: `grant.${why}`,
    userId: consent.userId,
    applicationId: consent.applicationId,
    requestId,
  });
  await reportEndedGrant(platform, grant, consent, why);
}
