import type { TokenResponse } from "@codegrant/protocol";
import { advise } from "../advice.ts";
import { asksForIdToken } from "../flow/pending.ts";
import { checkIdToken, type IdTokenClaims, type IdTokenExpectation } from "../id-token.ts";
import { findIdentity } from "../identity.ts";
import type { ClientCredentials, Provider } from "../provider.ts";
import { createTokens, type Tokens } from "../tokens.ts";
import { type CallOptions, currentTime } from "../transport.ts";

export interface Asked {
  readonly scopes: readonly string[];
  /** With one an ID token must come and repeat it; a device sends none. */
  readonly nonce?: string | undefined;
}

/** What an approval brought, with the ID token checked before anything of it is believed. */
export async function grantTokens(
  provider: Provider,
  client: ClientCredentials,
  response: TokenResponse,
  { scopes, nonce }: Asked,
  options: CallOptions,
): Promise<Tokens> {
  const receivedAt = currentTime(options);
  const expected = { clientId: client.clientId, nonce, nowSeconds: receivedAt };
  const isAwaited = nonce !== undefined || asksForIdToken(scopes);
  const claims = isAwaited ? await checkedClaims(provider, response, expected, options) : undefined;
  const who = findIdentity(provider, response, claims);
  return {
    ...createTokens(response, { scopes }, receivedAt),
    ...(who === undefined ? {} : { who }),
    ...(claims === undefined ? {} : { claims }),
  };
}

async function checkedClaims(
  provider: Provider,
  { extra }: TokenResponse,
  expected: IdTokenExpectation,
  { checkSignature, ...options }: CallOptions,
): Promise<IdTokenClaims> {
  const idToken = extra?.["id_token"];
  try {
    const claims = checkIdToken(idToken, provider, expected);
    if (checkSignature !== undefined) await checkSignature(String(idToken), jwksFor(provider, checkSignature), options);
    return claims;
  } catch (error) {
    throw advise(error, { provider, isFinal: true, rows: idTokenRows });
  }
}

/**
 * Where the keys lie, if signatures are to be checked. Asked before the code is spent too: throws `TypeError` for a
 * provider whose keys nobody knows.
 */
export function jwksFor({ endpoints, title }: Provider, checkSignature: CallOptions["checkSignature"]): string {
  if (checkSignature !== undefined && endpoints.jwks === undefined)
    throw new TypeError(`${title} has no known address of its keys: give endpoints.jwks, or leave checkSignature out.`);
  return endpoints.jwks ?? "";
}

export const idTokenRows = {
  ERR_ID_TOKEN: {
    actor: "developer",
    retryable: false,
    hint: "Nothing of the answer was kept. Compare this machine's clock, the client id and the provider's `issuer` with {provider}'s, then log in again.",
  },
} as const;
