import type { Application } from "../records.ts";
import type { Token } from "../tokens/token.ts";

/** Whether an application's own token is good now, apart from having been revoked by itself. */
export function isApplicationTokenActive(token: Token, application: Application, now: number): boolean {
  return (
    token.kind === "application" &&
    token.grantId === application.id &&
    token.generation === application.tokenEpoch &&
    now < token.expiresAt &&
    !application.disabled
  );
}
