import { type RefreshTokenRequest, type TokenResponse } from "@codegrant/protocol";
import { decideRefresh, type Refreshed } from "../decide/refresh.ts";
import type { Grant } from "../records.ts";
import type { Rotation } from "../store.ts";
import { parseToken } from "../tokens/token.ts";
import { atMostThreeTimes } from "./at-most-three-times.ts";
import { endGrant } from "./end-grant.ts";
import {
  formatGrantTokens,
  type Narrowing,
  narrowingOf,
  refreshLifetimeSecondsOf,
  refreshRotates,
} from "./grant-tokens.ts";
import { refuseIfLate } from "./in-time.ts";
import type { TokenContext } from "./token-context.ts";

/** Fresh tokens for a refresh token (RFC 6749, 6), forgiving a lost answer and finding a second holder. */
export async function refreshGrant(context: TokenContext, sent: RefreshTokenRequest): Promise<TokenResponse> {
  const { platform, dialect, application } = context;
  const token = parseToken(sent.refreshToken, platform.keys, dialect.family);
  return atMostThreeTimes(async () => {
    const found = token && (await platform.store.findGrant(token.grantId));
    refuseIfLate(context);
    const rotates = refreshRotates(application);
    const windows = windowsOf(context);
    const now = platform.now();
    const decision = decideRefresh({ token, found, application, rotates, windows, now });
    if (decision.next === "end") {
      if (found !== undefined) await endGrant(platform, context.request, found, "theft");
      throw decision.error;
    }
    // Before anything is applied: a refused narrowing spends nothing.
    const narrowing = narrowingOf(decision.grant, sent);
    return apply(context, decision, rotationOf(context, decision, now), narrowing);
  });
}

async function apply(
  context: TokenContext,
  { grant, refreshProof }: Refreshed,
  rotation: Rotation,
  narrowing: Narrowing,
): Promise<TokenResponse | "lost"> {
  const { platform, application, request } = context;
  if (changesRow(grant, rotation) && (await platform.store.rotate(grant.id, grant.revision, rotation)) === "lost")
    return "lost";
  platform.usage.note(grant.consentId, platform.now());
  const { clientId } = application;
  platform.log({ level: "info", event: "token.refreshed", requestId: request.requestId, clientId, grantId: grant.id });
  return formatGrantTokens(context, { ...grant, ...rotation }, refreshProof, narrowing);
}

/** What the row holds afterwards. */
function rotationOf({ platform, dialect, application }: TokenContext, decision: Refreshed, now: number): Rotation {
  const { grant } = decision;
  const expiresAt = now + refreshLifetimeSecondsOf(application, dialect);
  const accessGeneration = Math.max(grant.accessGeneration, grant.accessRevokedThrough) + 1;
  switch (decision.next) {
    case "rotate":
      return {
        keyId: platform.keys.current.id,
        generation: decision.generation,
        predecessor: decision.predecessor,
        rotatedAt: now,
        accessGeneration,
        expiresAt,
        refreshExpiresAt: expiresAt,
      };
    case "prolong":
      return {
        keyId: grant.keyId,
        generation: decision.generation,
        predecessor: grant.predecessor,
        rotatedAt: now,
        accessGeneration,
        expiresAt,
        refreshExpiresAt: decision.refreshExpiresAt,
      };
    case "repeat":
      // The answer of the refresh that was lost, again; only a revoked access token needs a successor.
      return {
        ...grant,
        accessGeneration:
          grant.accessGeneration > grant.accessRevokedThrough ? grant.accessGeneration : accessGeneration,
      };
  }
}

function changesRow(grant: Grant, rotation: Rotation): boolean {
  return rotation.accessGeneration !== grant.accessGeneration || rotation.generation !== grant.generation;
}

function windowsOf({ platform, application }: TokenContext) {
  const { retrySeconds, lateSeconds, publicLateSeconds } = platform.settings.refreshWindows;
  return { retrySeconds, lateSeconds: application.type === "public" ? publicLateSeconds : lateSeconds };
}
