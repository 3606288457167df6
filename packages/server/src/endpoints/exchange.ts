import { type AuthorizationCodeRequest, OAuthError, type TokenResponse } from "@codegrant/protocol";
import { mayGrant } from "../accounts.ts";
import { decideExchange } from "../decide/exchange.ts";
import type { Grant } from "../records.ts";
import type { GrantFacts } from "../store.ts";
import { accessProofOf, proofBytes, rowProofOf } from "../tokens/proof.ts";
import { parseToken } from "../tokens/token.ts";
import { atMostThreeTimes } from "./at-most-three-times.ts";
import { endGrant } from "./end-grant.ts";
import { formatGrantTokens, type Narrowing, narrowingOf, refreshLifetimeSecondsOf } from "./grant-tokens.ts";
import { refuseIfLate } from "./in-time.ts";
import type { TokenContext } from "./token-context.ts";

/** Tokens for a code, once (RFC 6749, 4.1.3). */
export async function exchangeCode(context: TokenContext, sent: AuthorizationCodeRequest): Promise<TokenResponse> {
  const { platform, dialect, application } = context;
  const token = parseToken(sent.code, platform.keys, dialect.family);
  return atMostThreeTimes(async () => {
    const found = token && (await platform.store.findGrant(token.grantId));
    refuseIfLate(context);
    const decision = decideExchange({
      token,
      found,
      application,
      redirectUri: sent.redirectUri,
      codeVerifier: sent.codeVerifier,
      dialect,
      now: platform.now(),
    });
    switch (decision.next) {
      case "issue":
        if (found !== undefined) await refuseIfDisabled(context, found, "code_invalid");
        // Before anything is applied: a refused narrowing spends nothing.
        return redeemGrant(context, decision.grant, narrowingOf(decision.grant, { resources: sent.resources }));
      case "count":
        return countTry(context, decision.grant, decision.error);
      case "end":
        if (found !== undefined) await endGrant(platform, context.request, found, "replay");
        throw decision.error;
    }
  });
}

/**
 * A host may disable its user and leave it at that; whoever ends users of our own ends their codes with them.
 * The host may take its time to say so, and the code must not be spent on somebody who has given up.
 */
export async function refuseIfDisabled(
  context: TokenContext,
  { consent }: GrantFacts,
  reason: "code_invalid" | "device_code_invalid",
): Promise<void> {
  const isWelcome = await mayGrant(context.platform, consent.userId);
  refuseIfLate(context);
  if (isWelcome) return;
  throw new OAuthError("invalid_grant", { reason, detail: "the host disabled the user, or knows them no more" });
}

/**
 * A fresh secret takes the code's place as the head of the proof chain, so that a code in a log or a browser's history
 * says nothing about the tokens.
 */
export async function redeemGrant(
  context: TokenContext,
  grant: Grant,
  narrowing: Narrowing,
): Promise<TokenResponse | "lost"> {
  const { platform, dialect, application, request } = context;
  const now = platform.now();
  const refreshProof = platform.random(proofBytes);
  const expiresAt = now + refreshLifetimeSecondsOf(application, dialect);
  const changes = {
    keyId: platform.keys.current.id,
    proof: rowProofOf(grant.id, accessProofOf(grant.id, refreshProof)),
    generation: 1,
    predecessor: 0,
    rotatedAt: now,
    accessGeneration: 1,
    exchangedAt: now,
    expiresAt,
    refreshExpiresAt: expiresAt,
  };
  if ((await platform.store.redeemCode(grant.id, grant.revision, changes)) === "lost") return "lost";
  platform.usage.note(grant.consentId, now);
  const { clientId } = application;
  platform.log({ level: "info", event: "code.redeemed", requestId: request.requestId, clientId, grantId: grant.id });
  return formatGrantTokens(context, { ...grant, ...changes }, refreshProof, narrowing);
}

async function countTry({ platform }: TokenContext, grant: Grant, error: OAuthError): Promise<"lost"> {
  if ((await platform.store.countFailedTry(grant.id, grant.revision)) === "lost") return "lost";
  throw error;
}
