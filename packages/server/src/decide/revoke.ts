import type { Application } from "../records.ts";
import type { GrantFacts } from "../store.ts";
import { isAccessProofOf, isCodeSecretOf, isRefreshProofOf } from "../tokens/proof.ts";
import type { Token } from "../tokens/token.ts";

export type RevokeDecision =
  /** Not a token of ours, or of a grant that is gone. */
  | { readonly next: "unknown" }
  | { readonly next: "foreign" }
  /** Refresh lives on, as at Twitch. */
  | { readonly next: "endAccess"; readonly throughGeneration: number }
  | { readonly next: "endGrant" }
  /** This one token of the application's own; its other workers go on. */
  | { readonly next: "endApplicationToken"; readonly token: Token };

/**
 * RFC 7009, 2.1. Any authentic code or refresh token of a grant ends it, at any generation or age: whoever revokes may
 * hold an old one, and must win against a refresh at the same moment.
 */
export function decideRevocation(
  token: Token | undefined,
  found: GrantFacts | undefined,
  application: Application,
): RevokeDecision {
  if (token?.kind === "application")
    return token.grantId === application.id ? { next: "endApplicationToken", token } : { next: "foreign" };
  if (token === undefined || found === undefined || !isProven(token, found)) return { next: "unknown" };
  if (found.consent.applicationId !== application.id) return { next: "foreign" };
  return token.kind === "access" ? { next: "endAccess", throughGeneration: token.generation } : { next: "endGrant" };
}

function isProven({ kind, proof }: Token, { grant }: GrantFacts): boolean {
  switch (kind) {
    case "code":
      return isCodeSecretOf(grant, proof);
    case "refresh":
      return isRefreshProofOf(grant, proof);
    case "access":
      return isAccessProofOf(grant, proof);
    default:
      return false;
  }
}
