import {
  type ClientAuthentication,
  formatClientAuthentication,
  OAuthError,
  parseErrorResponse,
} from "@codegrant/protocol";
import { advise } from "../advice.ts";
import { type ClientCredentials, checkClient, checkProvider, type Provider } from "../provider.ts";
import { revealed, type Secret } from "../secret.ts";
import type { Tokens } from "../tokens.ts";
import { type Answer, type CallOptions, read, send } from "../transport.ts";
import { authenticationOf, post, secretsOf } from "./token-endpoint.ts";

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
    const answer = await sendToken(provider, url, client, text, options);
    return read(answer, (one) => parseRevocation(provider, one));
  } catch (error) {
    if (error instanceof OAuthError && isGone(error)) return { status: "unknown" };
    throw advise(error, { provider, rows: revokeRows, secrets: [text, ...secretsOf(client)] });
  }
}

export const revokeRows = {
  unsupported_token_type: {
    actor: "developer",
    retryable: false,
    hint: "{provider} cannot revoke tokens of this kind.",
  },
  revoke_client_unknown: {
    actor: "developer",
    retryable: false,
    hint: "{provider} knows no such client id. Revoke with the one that the token was given to.",
  },
} as const;

/**
 * The tokens that a logout sends to `revokeToken`, one after the other: what ends all of the connection that this
 * provider lets an application end. Empty where there is nowhere to revoke.
 */
export function tokensToRevoke(provider: Provider, tokens: Tokens): readonly Secret[] {
  if (provider.endpoints.revoke === undefined) return [];
  const { accessToken, refreshToken } = tokens;
  const sends = provider.revocation?.sends ?? [refreshToken === undefined ? "access_token" : "refresh_token"];
  const chosen = sends.map((kind) => (kind === "access_token" ? accessToken : refreshToken));
  return chosen.filter((token) => token !== undefined);
}

function sendToken(
  provider: Provider,
  address: string,
  client: ClientCredentials,
  token: string,
  options: CallOptions,
): Promise<Answer> {
  const url = address.replaceAll("{clientId}", () => encodeURIComponent(client.clientId));
  const { tokenIn = "form", tokenName = "token", method = "POST" } = provider.revocation ?? {};
  const authentication = proofOf(provider, client);
  if (tokenIn === "form") return post(provider, url, { fields: { [tokenName]: token }, authentication }, options);
  const headers = { ...provider.headers, accept: "application/json" };
  if (tokenIn === "header") {
    return send(url, { method, headers: { ...headers, authorization: `Bearer ${token}` } }, options);
  }
  // Beside a JSON body the client can prove itself in the header only.
  const { clientId, clientSecret } = authentication;
  const { authorization } = formatClientAuthentication({ method: "basic", clientId, clientSecret }, provider.dialect);
  const json = { ...headers, "content-type": "application/json", ...(authorization && { authorization }) };
  return send(url, { method, headers: json, body: JSON.stringify({ [tokenName]: token }) }, options);
}

function proofOf(provider: Provider, client: ClientCredentials): ClientAuthentication {
  if (provider.revokeTakesSecret) return authenticationOf(provider, client);
  return { method: "none", clientId: client.clientId };
}

function parseRevocation({ revocation = {}, dialect }: Provider, answer: Answer): RevokeResult {
  if (answer.status === revocation.unknownStatus) return { status: "unknown" };
  if (answer.status !== (revocation.successStatus ?? 200)) throw parseErrorResponse(answer, dialect);
  if (dialect.error.mayHideInSuccess && hasErrorIn(answer.body, dialect.error.members.code)) {
    throw parseErrorResponse(answer, dialect);
  }
  return { status: "revoked" };
}

/** A body is not asked for (RFC 7009, 2.2), so one that is no JSON is none. */
function hasErrorIn(body: string, member: string | undefined): boolean {
  if (member === undefined || !body.startsWith("{")) return false;
  try {
    return Object.hasOwn(JSON.parse(body) as object, member);
  } catch {
    return false;
  }
}

function isGone({ reason, code }: OAuthError): boolean {
  return reason === "revoke_token_invalid" || code === "invalid_token";
}
