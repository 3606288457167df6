import { recordEvent } from "../actions/record-event.ts";
import { reportEndedGrant } from "../ended-grant.ts";
import type { RequestRecord } from "../message.ts";
import { forRequest, type Platform } from "../platform.ts";
import type { EndReason } from "../records.ts";
import type { GrantFacts } from "../store.ts";

/** Ends a grant for good, with a log line, an audit event and the platform's hook. The first reason stays. */
export async function endGrant(
  platform: Platform,
  request: RequestRecord,
  { grant, consent }: GrantFacts,
  why: EndReason,
): Promise<void> {
  const ending = { at: platform.now(), why };
  if ((await platform.store.endGrant(grant.id, ending)) !== "ended") return;
  const { userId, applicationId } = consent;
  const audited = forRequest(platform, request);
  await recordEvent(audited, { event: `grant.${why}`, userId, applicationId, detail: `grant ${grant.id}` });
  await reportEndedGrant(audited, { ...grant, ended: ending }, consent, why);
}
