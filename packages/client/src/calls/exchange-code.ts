import type { TokenResponse } from "@codegrant/protocol";
import { type ClientCredentials, type Provider } from "../provider.ts";
import { createTokens, type Tokens } from "../tokens.ts";
import { type CallOptions, currentTime } from "../transport.ts";
import type { Asked } from "./grant-tokens.ts";
import { requestTokens } from "./token-endpoint.ts";

export interface CodeInHand {
  readonly code: string;
  /** Byte for byte the one that was sent to the authorize endpoint. */
  readonly redirectUri: string;
  /** The flow's own, where the provider has PKCE. */
  readonly codeVerifier?: string | undefined;
  /** What was asked for: it was granted if the answer names no scope. */
  readonly scopes?: readonly string[] | undefined;
  /** The one that was sent with `openid`: then an ID token must come, and repeat it. */
  readonly nonce?: string | undefined;
}

export interface ExchangeOptions extends CallOptions {
  /** What is read of the answer beside the tokens; `grantTokens` reads who approved and checks ID tokens. */
  readonly readGrant?: GrantReader | undefined;
}

export type GrantReader = (
  provider: Provider,
  client: ClientCredentials,
  response: TokenResponse,
  asked: Asked,
  options: CallOptions,
) => Tokens | Promise<Tokens>;

/**
 * Exchanges a code for tokens (RFC 6749, 4.1.3), once, without any check of where the code came from:
 * `finishAuthorization` does those and calls this. Throws a `ConnectionError`; `TypeError` where the provider gives
 * codes only to clients with a secret.
 *
 * @example
 * const tokens = await exchangeCode(twitch, { clientId, clientSecret }, { code, redirectUri });
 */
export async function exchangeCode(
  provider: Provider,
  client: ClientCredentials,
  { code, redirectUri, codeVerifier, scopes = [], nonce }: CodeInHand,
  { readGrant = readPlainGrant, ...options }: ExchangeOptions = {},
): Promise<Tokens> {
  if (nonce !== undefined && readGrant === readPlainGrant) {
    throw new TypeError("Pass grantTokens as readGrant, since openid brings an ID token.");
  }
  if (provider.codeNeedsSecret && client.clientSecret === undefined) {
    throw new TypeError(
      `${provider.title} exchanges a code only with a client secret. Pass clientSecret, or use the device flow.`,
    );
  }
  const request = { grantType: "authorization_code", code, redirectUri, codeVerifier } as const;
  const response = await requestTokens(provider, client, request, options);
  return await readGrant(provider, client, response, { scopes, nonce }, options);
}

/** The tokens alone. */
const readPlainGrant: GrantReader = (_provider, _client, response, { scopes }, options) =>
  createTokens(response, { scopes }, currentTime(options));
