import { OAuthError } from "@codegrant/protocol";
import type { Application, Grant } from "../records.ts";
import type { GrantFacts } from "../store.ts";
import { isRefreshProofOf } from "../tokens/proof.ts";
import type { Token } from "../tokens/token.ts";
import { isAlive } from "./liveness.ts";

export interface RefreshFacts {
  readonly token: Token | undefined;
  readonly found: GrantFacts | undefined;
  /** The application that authenticated. */
  readonly application: Application;
  readonly rotates: boolean;
  readonly windows: RefreshWindows;
  readonly now: number;
}

/** How long the predecessor of the current refresh token is still answered. 0 is strict. */
export interface RefreshWindows {
  /** With the current token again, byte for byte: a lost answer, two tabs, two processes. */
  readonly retrySeconds: number;
  /** With one more rotation, while the current token was never presented. */
  readonly lateSeconds: number;
}

export type RefreshDecision =
  | Refreshed
  /** A second holder has shown itself (RFC 9700, 4.14.2). */
  | { readonly next: "end"; readonly grant: Grant; readonly error: OAuthError };

/** With the proof that the presented token carries and all its successors will. */
export type Refreshed = { readonly grant: Grant; readonly refreshProof: Uint8Array } & (
  | /** The current token: it rotates. A late predecessor skips the token that never arrived. */
  { readonly next: "rotate"; readonly generation: number; readonly predecessor: number }
  /** The current refresh token is the answer; only the access token is new. */
  | { readonly next: "repeat" }
  /** Rotation is off: the current token is the answer and its age starts over. */
  | { readonly next: "prolong"; readonly generation: number; readonly refreshExpiresAt: number }
);

export function decideRefresh(facts: RefreshFacts): RefreshDecision {
  const { token, found, application, rotates, windows, now } = facts;
  if (token?.kind !== "refresh") throw refused("not a refresh token of ours");
  if (found === undefined) throw refused("no such grant");
  const { grant, consent } = found;
  if (consent.applicationId !== application.id) throw refused("a refresh token of another application");
  if (!isRefreshProofOf(grant, token.proof)) throw refused("the refresh token's proof does not fit");
  if (!isAlive({ grant, consent, application }, now)) throw refused("the grant ended or was unused for too long");
  const presented = token.generation;
  const held = { grant, refreshProof: token.proof };
  // Above the row's generation it is one we issued before a backup was restored; the row cannot know its age.
  if (presented > grant.generation && token.expiresAt <= now) throw refused("expired");
  if (presented >= grant.generation)
    return rotates
      ? { ...held, next: "rotate", generation: presented + 1, predecessor: presented }
      : prolong(grant, token, now);
  if (presented !== grant.predecessor) return reused(grant, application, "an old refresh token was used again");
  if (!rotates) return prolong(grant, token, now);
  const ageSeconds = now - grant.rotatedAt;
  if (windows.retrySeconds > 0 && ageSeconds <= windows.retrySeconds) return { ...held, next: "repeat" };
  if (windows.lateSeconds > 0 && ageSeconds <= windows.lateSeconds)
    return { ...held, next: "rotate", generation: grant.generation + 1, predecessor: presented };
  return reused(grant, application, "the predecessor came too late");
}

function prolong(grant: Grant, token: Token, now: number): RefreshDecision {
  const isAbove = token.generation > grant.generation;
  // Any number of workers may share a token that stays: one write a second is enough for all of them.
  if (!isAbove && grant.rotatedAt === now) return { next: "repeat", grant, refreshProof: token.proof };
  return {
    next: "prolong",
    grant,
    refreshProof: token.proof,
    generation: isAbove ? token.generation : grant.generation,
    refreshExpiresAt: isAbove ? token.expiresAt : grant.refreshExpiresAt,
  };
}

function reused(grant: Grant, { type, settings }: Application, detail: string): RefreshDecision {
  const error = refused(detail);
  // A confidential application's secret binds its tokens already (RFC 9700, 2.2.2).
  if (type === "confidential" && settings.onReuse === "refuse") throw error;
  return { next: "end", grant, error };
}

function refused(detail: string): OAuthError {
  return new OAuthError("invalid_grant", { reason: "refresh_token_invalid", detail });
}
