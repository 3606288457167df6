import type { ClientCredentials, Provider } from "../provider.ts";
import { createTokens, type Tokens } from "../tokens.ts";
import { type CallOptions, currentTime } from "../transport.ts";
import { requestTokens } from "./token-endpoint.ts";

/**
 * An access token of the application itself, for what needs no user (RFC 6749, 4.4). There is no refresh token: ask
 * again when it ends, and keep it until then, since providers count them. Throws a `ConnectionError`; `TypeError`
 * without a secret.
 *
 * @example
 * const { accessToken } = await requestApplicationTokens(twitch, { clientId, clientSecret });
 */
export async function requestApplicationTokens(
  provider: Provider,
  client: ClientCredentials,
  { scopes = [] }: { readonly scopes?: readonly string[] } = {},
  options: CallOptions = {},
): Promise<Tokens> {
  if (client.clientSecret === undefined) {
    throw new TypeError("An application without a secret has no token of its own. Pass clientSecret.");
  }
  const asked = provider.dialect.scope.inApplicationTokens ? scopes : [];
  const request = { grantType: "client_credentials", scopes: asked } as const;
  const response = await requestTokens(provider, client, request, options);
  return createTokens(response, { scopes: asked }, currentTime(options));
}
