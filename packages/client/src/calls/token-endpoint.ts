import {
  type ClientAuthentication,
  formatClientAuthentication,
  formatParameters,
  formatTokenRequest,
  parseTokenResponse,
  type TokenRequest,
  type TokenResponse,
} from "@codegrant/protocol";
import { type AdviceContext, advise } from "../advice.ts";
import { type ClientCredentials, checkClient, checkProvider, type Provider } from "../provider.ts";
import { revealed } from "../secret.ts";
import { type Answer, type CallOptions, read, send } from "../transport.ts";

/** One request to the token endpoint, in the provider's dialect (RFC 6749, 3.2). */
export async function requestTokens(
  provider: Provider,
  client: ClientCredentials,
  request: TokenRequest,
  options: CallOptions,
  rows?: AdviceContext["rows"],
): Promise<TokenResponse> {
  checkProvider(provider);
  checkClient(client);
  const redirectUri = request.grantType === "authorization_code" ? request.redirectUri : undefined;
  try {
    const fields = formatTokenRequest(request, provider.dialect);
    const authentication = authenticationOf(provider, client);
    const answer = await post(provider, provider.endpoints.token, { fields, authentication }, options);
    return read(answer, (one) => parseTokenResponse(one, provider.dialect));
  } catch (error) {
    throw advise(error, { provider, redirectUri, rows, secrets: [...secretsOf(client), ...secretsIn(request)] });
  }
}

/** A form (or JSON), with the client's authentication in the header or beside the fields (RFC 6749, 2.3.1). */
export async function post(
  provider: Provider,
  url: string,
  { fields, authentication }: Form,
  options: CallOptions,
): Promise<Answer> {
  const { authorization, parameters } = formatClientAuthentication(authentication, provider.dialect);
  const all = { ...parameters, ...fields };
  const [type, body] =
    provider.requestBody === "json" ? ["json", JSON.stringify(all)] : ["x-www-form-urlencoded", formatParameters(all)];
  const headers = {
    ...provider.headers,
    accept: "application/json",
    "content-type": `application/${type}`,
    ...(authorization === undefined ? {} : { authorization }),
  };
  return await send(url, { method: "POST", headers, body }, options);
}

export interface Form {
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  readonly authentication: ClientAuthentication;
}

export function secretsOf(client: ClientCredentials): string[] {
  return client.clientSecret === undefined ? [] : [revealed(client.clientSecret)];
}

function secretsIn(request: TokenRequest): (string | undefined)[] {
  if (request.grantType === "authorization_code") return [request.code, request.codeVerifier];
  if (request.grantType === "refresh_token") return [request.refreshToken];
  return request.grantType === "device_code" ? [request.deviceCode] : [];
}

/** With the secret where there is one, else by the id alone. */
export function authenticationOf(provider: Provider, client: ClientCredentials): ClientAuthentication {
  const { clientId, clientSecret } = client;
  if (clientSecret === undefined && provider.publicAuthentication !== "basic") return { method: "none", clientId };
  return { method: provider.clientAuthentication, clientId, clientSecret: revealed(clientSecret ?? "") };
}
