import { type ClientCredentialsRequest, OAuthError, type TokenResponse } from "@codegrant/protocol";
import { scopeMaskOf, scopesOfMask } from "../tokens/mask.ts";
import { proofBytes } from "../tokens/proof.ts";
import { formatToken, wholeResourceMask } from "../tokens/token.ts";
import { refuseIfLate } from "./in-time.ts";
import type { TokenContext } from "./token-context.ts";

/**
 * A token of the application's own (RFC 6749, 4.4): a view of the application's row, with a random serial so that one
 * can be revoked and the application's other workers go on. Nothing is stored, and there is no refresh token (4.4.3).
 */
export async function issueApplicationToken(
  context: TokenContext,
  sent: ClientCredentialsRequest,
): Promise<TokenResponse> {
  const { platform, dialect, application, request } = context;
  refuseIfLate(context);
  if (application.type === "public")
    throw new OAuthError("unauthorized_client", {
      reason: "grant_type_not_allowed",
      detail: "a public application proves nothing",
    });
  if (sent.resources !== undefined)
    throw new OAuthError("invalid_target", {
      reason: "resource_unknown",
      description: "An application token names no resource",
    });
  const allowed = application.settings.allowedScopes ?? [];
  const wanted = dialect.scope.inApplicationTokens ? (sent.scopes ?? []) : [];
  const scopeMask = scopeMaskOf(allowed, wanted);
  if (scopeMask === undefined)
    throw new OAuthError("invalid_scope", {
      description: "An application token can only have scopes that the application was registered with (--scope)",
      detail: "not among the scopes that the application is allowed",
    });
  const now = platform.now();
  const expiresInSeconds = dialect.lifetimes.applicationTokenSeconds;
  const accessToken = formatToken(
    {
      kind: "application",
      grantId: application.id,
      generation: application.tokenEpoch,
      expiresAt: now + expiresInSeconds,
      // An application without allowed scopes has none to leave out: its mask is empty, so that none are added later.
      scopeMask: wanted.length === 0 ? 0 : scopeMask,
      resourceMask: wholeResourceMask,
      proof: platform.random(proofBytes),
    },
    platform.keys.current,
    dialect.family,
  );
  const { clientId } = application;
  platform.log({ level: "info", event: "application_token.issued", requestId: request.requestId, clientId });
  return {
    accessToken,
    expiresInSeconds,
    ...(dialect.scope.inApplicationTokens && { scopes: scopesOfMask(allowed, wanted.length === 0 ? 0 : scopeMask) }),
  };
}
