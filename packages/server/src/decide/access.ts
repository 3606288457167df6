import type { Application } from "../records.ts";
import type { GrantFacts } from "../store.ts";
import { isAccessProofOf, isRefreshProofOf } from "../tokens/proof.ts";
import type { Token } from "../tokens/token.ts";
import { isAlive } from "./liveness.ts";

/** Whether an access token is good now. One rule for introspection, validation and the resource endpoints. */
export function isAccessTokenActive(
  token: Token,
  { grant, consent }: GrantFacts,
  application: Application,
  now: number,
): boolean {
  return (
    token.kind === "access" &&
    isAccessProofOf(grant, token.proof) &&
    now < token.expiresAt &&
    token.generation > grant.accessRevokedThrough &&
    !application.disabled &&
    isAlive({ grant, consent, application }, now)
  );
}

/** Only the current refresh token counts as active: a predecessor is answered once more, but should not be relied on. */
export function isRefreshTokenActive(
  token: Token,
  { grant, consent }: GrantFacts,
  application: Application,
  now: number,
): boolean {
  return (
    token.kind === "refresh" &&
    isRefreshProofOf(grant, token.proof) &&
    token.generation >= grant.generation &&
    !application.disabled &&
    isAlive({ grant, consent, application }, now)
  );
}
