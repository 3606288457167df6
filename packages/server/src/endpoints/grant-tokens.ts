import { type Dialect, OAuthError, type TokenResponse } from "@codegrant/protocol";
import type { Application, Grant } from "../records.ts";
import { resourceMaskOf, scopeMaskOf, scopesOfMask } from "../tokens/mask.ts";
import { accessProofOf } from "../tokens/proof.ts";
import { formatToken, wholeResourceMask, wholeScopeMask } from "../tokens/token.ts";
import type { TokenContext } from "./token-context.ts";

/** What an access token leaves out of its grant. */
export interface Narrowing {
  readonly scopeMask: number;
  readonly resourceMask: number;
}

/** What the request wants less of (RFC 6749, 6; RFC 8707, 2.2). Throws when that is more than was granted. */
export function narrowingOf(
  grant: Grant,
  wanted: { readonly scopes?: readonly string[] | undefined; readonly resources?: readonly string[] | undefined },
): Narrowing {
  const scopeMask = wanted.scopes === undefined ? wholeScopeMask : scopeMaskOf(grant.scopes, wanted.scopes);
  if (scopeMask === undefined) throw new OAuthError("invalid_scope", { detail: "not a part of what was granted" });
  const { resources } = wanted;
  const resourceMask = resources === undefined ? wholeResourceMask : resourceMaskOf(grant.resources, resources);
  if (resourceMask === undefined) throw new OAuthError("invalid_target", { detail: "not a part of what was granted" });
  return { scopeMask, resourceMask };
}

const whole: Narrowing = { scopeMask: wholeScopeMask, resourceMask: wholeResourceMask };

/**
 * The current tokens of a grant. The refresh token comes from the row alone, so asking twice gives the same text; the
 * access token is fresh each time.
 */
export function formatGrantTokens(
  { platform, dialect, application }: TokenContext,
  grant: Grant,
  refreshProof: Uint8Array,
  narrowing: Narrowing = whole,
): TokenResponse {
  const refreshKey = platform.keys.find(grant.keyId);
  if (refreshKey === undefined)
    throw new OAuthError("invalid_grant", { reason: "refresh_token_invalid", detail: `key ${grant.keyId} is missing` });
  const expiresInSeconds = application.settings.accessTokenLifetimeSeconds ?? dialect.lifetimes.accessTokenSeconds;
  const accessToken = formatToken(
    {
      kind: "access",
      grantId: grant.id,
      generation: grant.accessGeneration,
      expiresAt: platform.now() + expiresInSeconds,
      scopeMask: narrowing.scopeMask,
      resourceMask: narrowing.resourceMask,
      proof: accessProofOf(grant.id, refreshProof),
    },
    platform.keys.current,
    dialect.family,
  );
  const refreshToken = formatToken(
    {
      kind: "refresh",
      grantId: grant.id,
      generation: grant.generation,
      expiresAt: grant.refreshExpiresAt,
      scopeMask: whole.scopeMask,
      resourceMask: whole.resourceMask,
      proof: refreshProof,
    },
    refreshKey,
    dialect.family,
  );
  return { accessToken, refreshToken, scopes: scopesOfMask(grant.scopes, narrowing.scopeMask), expiresInSeconds };
}

export function refreshLifetimeSecondsOf({ type, settings }: Application, { lifetimes }: Dialect): number {
  return (
    settings.refreshTokenLifetimeSeconds ??
    (type === "public" ? lifetimes.publicRefreshTokenSeconds : lifetimes.refreshTokenSeconds)
  );
}

/** On unless a confidential application's registration says otherwise: public ones must rotate (RFC 9700, 2.2.2). */
export function refreshRotates({ type, settings }: Application): boolean {
  return type === "public" || settings.refreshRotation !== "off";
}
