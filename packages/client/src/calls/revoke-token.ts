import { type ClientAuthentication, OAuthError, parseErrorResponse } from "@codegrant/protocol";
import { advise } from "../advice.ts";
import { type ClientCredentials, checkClient, checkProvider, type Provider } from "../provider.ts";
import { revealed, type Secret } from "../secret.ts";
import type { CallOptions } from "../transport.ts";
import { post, secretsOf } from "./token-endpoint.ts";

/** `unknown`: the provider has no such token (any more), which is as good as revoked. */
export type RevokeResult = { readonly status: "revoked" } | { readonly status: "unknown" };

/**
 * Ends a token at the provider (RFC 7009). A refresh token takes its access tokens along at most providers, and an
 * access token alone leaves the refresh token alive at some. Throws a `ConnectionError`; `TypeError` if the provider
 * has nowhere to revoke.
 *
 * @example
 * await revokeToken(twitch, { clientId }, tokens.accessToken);
 */
export async function revokeToken(
  provider: Provider,
  client: ClientCredentials,
  token: Secret | string,
  options: CallOptions = {},
): Promise<RevokeResult> {
  checkProvider(provider);
  checkClient(client);
  const url = provider.endpoints.revoke;
  if (url === undefined) throw new TypeError(`${provider.title} has no address to revoke tokens at.`);
  const text = revealed(token);
  try {
    const answer = await post(url, { token: text }, authenticationOf(provider, client), options);
    if (answer.status === 200) return { status: "revoked" };
    throw parseErrorResponse(answer, provider.dialect);
  } catch (error) {
    if (error instanceof OAuthError && error.reason === "revoke_token_invalid") return { status: "unknown" };
    throw advise(error, { provider, secrets: [text, ...secretsOf(client)] });
  }
}

function authenticationOf(provider: Provider, { clientId, clientSecret }: ClientCredentials): ClientAuthentication {
  if (!provider.revokeTakesSecret || clientSecret === undefined) return { method: "none", clientId };
  return { method: provider.clientAuthentication, clientId, clientSecret: revealed(clientSecret) };
}
