import type { TokenResponse } from "@codegrant/protocol";
import type { IdTokenClaims } from "./id-token.ts";
import type { Identity } from "./identity.ts";
import { Secret } from "./secret.ts";

/** What the user's approval brought. Its secrets print as fingerprints; `revealTokens` makes it plain for a store. */
export interface Tokens {
  readonly accessToken: Secret;
  /** Without one the user has to approve again when the access token ends. */
  readonly refreshToken?: Secret;
  /** What was granted, which may be less than what was asked for. */
  readonly scopes: readonly string[];
  /** Epoch seconds. Absent: the provider does not say, so use the token until it is refused. */
  readonly expiresAt?: number;
  readonly tokenType: string;
  /** Epoch seconds. */
  readonly receivedAt: number;
  /** Who approved, where the answer itself says so; `identify` asks elsewhere too. A refresh does not repeat it. */
  readonly who?: Identity;
  /** The checked ID token, where `openid` was asked for. A refresh does not repeat it. */
  readonly claims?: IdTokenClaims;
}

/** `Tokens` as plain JSON, for a store of your own. */
export interface PlainTokens extends Omit<Tokens, "accessToken" | "refreshToken"> {
  readonly accessToken: string;
  readonly refreshToken?: string;
}

/**
 * The tokens with their secrets in the open, ready to be written to a store that keeps secrets.
 *
 * @example
 * await tokenFile.save(JSON.stringify(revealTokens(tokens)));
 */
export function revealTokens({ accessToken, refreshToken, ...rest }: Tokens): PlainTokens {
  return {
    accessToken: accessToken.reveal(),
    ...(refreshToken === undefined ? {} : { refreshToken: refreshToken.reveal() }),
    ...rest,
  };
}

/** The way back from a store. Throws `TypeError` if they were saved without `revealTokens`: fingerprints open nothing. */
export function concealTokens({ accessToken, refreshToken, ...rest }: PlainTokens): Tokens {
  if (/^~[0-9a-f]{8}$/.test(accessToken)) {
    throw new TypeError("These tokens are fingerprints only. Save what revealTokens gives, not the tokens themselves.");
  }
  return {
    accessToken: new Secret(accessToken),
    ...(refreshToken === undefined ? {} : { refreshToken: new Secret(refreshToken) }),
    ...rest,
  };
}

/** What stands where the answer says nothing. */
export interface TokenDefaults {
  /** An answer without a scope grants what was asked for (RFC 6749, 5.1). */
  readonly scopes: readonly string[];
  /** A refresh without a new refresh token leaves the old one in force (RFC 6749, 6). */
  readonly refreshToken?: Secret | undefined;
}

export function createTokens(response: TokenResponse, defaults: TokenDefaults, receivedAt: number): Tokens {
  const refreshToken = response.refreshToken === undefined ? defaults.refreshToken : new Secret(response.refreshToken);
  const { expiresInSeconds } = response;
  return {
    accessToken: new Secret(response.accessToken),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    scopes: response.scopes ?? defaults.scopes,
    ...(expiresInSeconds === undefined ? {} : { expiresAt: receivedAt + expiresInSeconds }),
    tokenType: response.tokenType ?? "bearer",
    receivedAt,
  };
}
