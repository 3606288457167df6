import type { EndReason, Grant } from "../records.ts";
import type { TokenContext } from "./token.ts";

/** Ends a grant for good, with one log line and one audit event that say why. */
export async function endGrant(
  { platform, request, application }: Pick<TokenContext, "platform" | "request" | "application">,
  grant: Grant,
  why: EndReason,
): Promise<void> {
  const at = platform.now();
  if ((await platform.store.endGrant(grant.id, { at, why })) !== "ended") return;
  const { requestId } = request;
  platform.log({
    level: "warn",
    event: "grant.ended",
    requestId,
    clientId: application.clientId,
    grantId: grant.id,
    detail: why,
  });
  await platform.store.recordEvent({ at, event: `grant.${why}`, applicationId: application.id, requestId });
}
