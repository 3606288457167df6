import { FlowError, OAuthError, parseAnswerBody, parseErrorResponse } from "@codegrant/protocol";
import { advise } from "../advice.ts";
import { type Identity, readIdentity } from "../identity.ts";
import {
  apiHeadersOf,
  type ClientCredentials,
  checkClient,
  checkProvider,
  type IdentitySource,
  type Provider,
} from "../provider.ts";
import { revealed } from "../secret.ts";
import type { Tokens } from "../tokens.ts";
import { type CallOptions, read, send } from "../transport.ts";
import { authenticationOf, post, secretsOf } from "./token-endpoint.ts";
import { otherClient, tokenRows, validateToken } from "./validate-token.ts";

/**
 * Who approved: by the answer that brought the tokens, else by the first place that tells it to the holder of these
 * scopes. `undefined` where the provider tells nobody. Throws a `ConnectionError`, `ERR_CLIENT_MISMATCH` if the token
 * was given to another application.
 *
 * @example
 * const who = await identify(twitch, { clientId, clientSecret }, tokens);
 * console.log(`${who?.login} is connected.`);
 */
export async function identify(
  provider: Provider,
  client: ClientCredentials,
  tokens: Pick<Tokens, "accessToken" | "scopes" | "who">,
  options: CallOptions = {},
): Promise<Identity | undefined> {
  checkProvider(provider);
  checkClient(client);
  if (tokens.who !== undefined) return tokens.who;
  for (const source of provider.identity ?? []) {
    if (source.needsScope?.some((scope) => tokens.scopes.includes(scope)) === false) continue;
    const who = await ask(source, { provider, client, token: revealed(tokens.accessToken), options });
    if (who !== undefined) return who;
  }
  return undefined;
}

interface Question {
  readonly provider: Provider;
  readonly client: ClientCredentials;
  readonly token: string;
  readonly options: CallOptions;
}

async function ask(source: IdentitySource, question: Question): Promise<Identity | undefined> {
  const { provider, client, token } = question;
  try {
    if (source.from === "validate") return await askValidate(question);
    if (source.from === "userinfo") return await askUserinfo(source, question);
    if (source.from === "introspect") return await askIntrospect(source, question);
    return undefined;
  } catch (error) {
    throw advise(error, { provider, rows: ownerRows, secrets: [token, ...secretsOf(client)] });
  }
}

async function askValidate({ provider, client, token, options }: Question): Promise<Identity | undefined> {
  const validation = await validateToken(provider, token, options);
  if (validation.status === "dead") throw validation.error;
  checkOwner(validation.clientId, client);
  const { userId, login } = validation;
  return userId === undefined ? undefined : { id: userId, ...(login === undefined ? {} : { login }) };
}

async function askUserinfo(source: IdentitySource, question: Question): Promise<Identity | undefined> {
  const { provider, client, token, options } = question;
  const url = provider.endpoints.userinfo;
  if (url === undefined) return undefined;
  const headers = {
    ...provider.headers,
    accept: "application/json",
    ...apiHeadersOf(provider, client.clientId, token),
  };
  const answer = await send(url, { headers }, options);
  if (answer.status !== 200) throw read(answer, (one) => parseErrorResponse(one, provider.dialect));
  return readIdentity(parseAnswerBody(answer), source);
}

async function askIntrospect(source: IdentitySource, question: Question): Promise<Identity | undefined> {
  const { provider, client, token, options } = question;
  const url = provider.endpoints.introspect;
  // An application that cannot prove itself may not ask (RFC 7662, 2.1).
  if (url === undefined || client.clientSecret === undefined) return undefined;
  const authentication = authenticationOf(provider, client);
  const answer = await post(provider, url, { fields: { token }, authentication }, options);
  if (answer.status !== 200) throw read(answer, (one) => parseErrorResponse(one, provider.dialect));
  const body = parseAnswerBody(answer);
  if (body["active"] !== true) throw new OAuthError("invalid_token", { reason: "access_token_invalid" });
  if (typeof body["client_id"] === "string") checkOwner(body["client_id"], client);
  return readIdentity(body, source);
}

function checkOwner(owner: string, { clientId }: ClientCredentials): void {
  if (owner === clientId) return;
  throw new FlowError("ERR_CLIENT_MISMATCH", "The token was given to another application than the one that uses it.");
}

export const ownerRows = {
  ...tokenRows,
  ERR_CLIENT_MISMATCH: { actor: "developer", retryable: false, hint: otherClient },
} as const;
