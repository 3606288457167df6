import type { ClientCredentials, Provider } from "../provider.ts";
import { createTokens, type Tokens } from "../tokens.ts";
import { type CallOptions, currentTime } from "../transport.ts";
import { requestTokens } from "./token-endpoint.ts";

/**
 * Asks for a fresh access token (RFC 6749, 6), once. Save the result before you use it: the refresh token in it may
 * be a new one, and the old one spent. Throws a `ConnectionError`; its `actor` is `user` when the user has to log in
 * again, and the tokens in hand are worth keeping while `retryable` is true.
 *
 * @example
 * const fresh = await refreshTokens(twitch, { clientId, clientSecret }, tokens);
 */
export async function refreshTokens(
  provider: Provider,
  client: ClientCredentials,
  tokens: Pick<Tokens, "refreshToken" | "scopes">,
  options: CallOptions = {},
): Promise<Tokens> {
  const { refreshToken, scopes } = tokens;
  if (refreshToken === undefined)
    throw new TypeError("These tokens have no refresh token. Ask the user to log in again.");
  const request = { grantType: "refresh_token", refreshToken: refreshToken.reveal() } as const;
  const response = await requestTokens(provider, client, request, options);
  return createTokens(response, { scopes, refreshToken }, currentTime(options));
}
