import {
  type AuthorizationResponse,
  FlowError,
  OAuthError,
  parseAuthorizationResponse,
  parseParameters,
} from "@codegrant/protocol";
import { advise, type ConnectionError, isConnectionError } from "../advice.ts";
import { type ExchangeOptions, exchangeCode } from "../calls/exchange-code.ts";
import { type ClientCredentials, checkClient, checkProvider, type Provider } from "../provider.ts";
import type { Tokens } from "../tokens.ts";
import { currentTime } from "../transport.ts";
import { checkPending, type PendingAuthorization } from "./pending.ts";

/** The user's answer. Saying no is one of them, and no exception. */
export type FinishResult =
  | { readonly status: "approved"; readonly tokens: Tokens }
  | { readonly status: "declined"; readonly error: ConnectionError };

/** The address the browser came back to, whole or from its `?` on, or anything with a `url`, such as a `Request`. */
export type Callback = string | URL | { readonly url?: string | undefined };

export interface FinishOptions extends ExchangeOptions {
  /** Whoever remembers finished callbacks makes the exchange, or not; `finishAuthorization` of `@codegrant/client` does. */
  readonly once?: ExchangeOnce | undefined;
}

/** The record and the code decide what the exchange brings. */
export type ExchangeOnce = (
  pending: PendingAuthorization,
  code: string,
  exchange: () => Promise<Tokens>,
) => Promise<Tokens>;

/**
 * Finishes the code flow (RFC 6749, 4.1.2 and 4.1.3): checks the callback against the pending record, then exchanges
 * the code. The checks stand in this order: the record, repeated or missing parameters, state, issuer (RFC 9207),
 * error, code; nothing is sent before all have passed, and a wrong callback leaves the right one as good as before.
 *
 * Pass `undefined` as the record if the browser has none, and the error says so.
 *
 * Throws a `ConnectionError` with who can act and what to do.
 *
 * @example
 * const result = await finishAuthorization(twitch, { clientId, clientSecret }, session.pending, request);
 * if (result.status === "declined") return showDeclined();
 * await save(result.tokens);
 */
export async function finishAuthorization(
  provider: Provider,
  client: ClientCredentials,
  pending: PendingAuthorization | undefined,
  callback: Callback,
  options: FinishOptions = {},
): Promise<FinishResult> {
  checkProvider(provider);
  checkClient(client);
  try {
    const record = checkPending(pending, provider, client, currentTime(options));
    const response = parseCallback(callback, provider);
    checkState(response, record);
    checkIssuer(response, provider);
    if (response.kind === "error") return refuse(response.error, record, provider);
    // Some let the user untick scopes and say so only here; who changes it lies about their own login.
    const { scopes = record.scopes } = provider.dialect.authorize.scopeInResponse ? response : record;
    const tokens = await exchangeOnce(provider, client, { ...record, scopes }, response.code, options);
    return { status: "approved", tokens };
  } catch (error) {
    throw advise(error, { provider, redirectUri: pending?.redirectUri });
  }
}

function parseCallback(callback: Callback, provider: Provider): AuthorizationResponse {
  try {
    return parseAuthorizationResponse(parseParameters(queryOf(callback)), provider.dialect);
  } catch (cause) {
    // The provider has said nothing yet, so this is no `OAuthError` of its own.
    if (!(cause instanceof OAuthError)) throw cause;
    throw new FlowError("ERR_CALLBACK_INCOMPLETE", `The callback is no answer: ${cause.description}.`, { cause });
  }
}

/** By hand, since a server sees a path without a host, and a URL parser would rewrite what it reads. */
function queryOf(callback: Callback): string {
  const address = typeof callback === "string" ? callback : callback instanceof URL ? callback.href : callback.url;
  const [beforeFragment = ""] = (address ?? "").split("#", 1);
  const mark = beforeFragment.indexOf("?");
  return mark === -1 ? "" : beforeFragment.slice(mark + 1);
}

/** A stranger can send an error as well as a code, so the state comes before both (RFC 6749, 10.12). */
function checkState(response: AuthorizationResponse, pending: PendingAuthorization): void {
  if (isSameText(response.state ?? "", pending.state)) return;
  const message =
    response.state === undefined
      ? "The callback carries no state."
      : "The callback's state is not that of the login under way.";
  const cause = response.kind === "error" ? response.error : undefined;
  throw new FlowError("ERR_STATE_MISMATCH", message, { cause });
}

/** Compared as plain text (RFC 9207, 2.4). One that cannot be compared is discarded like a wrong one. */
function checkIssuer({ issuer }: AuthorizationResponse, provider: Provider): void {
  if (issuer === undefined && !provider.issuerInCallback) return;
  if (issuer !== undefined && issuer === provider.issuer) return;
  const message =
    issuer === undefined
      ? `The callback does not name its issuer, though ${provider.title} always does.`
      : `The callback names another issuer than ${provider.title}.`;
  throw new FlowError("ERR_ISSUER_MISMATCH", message);
}

function refuse(error: OAuthError, { redirectUri }: PendingAuthorization, provider: Provider): FinishResult {
  const advised = advise(error, { provider, redirectUri, isFinal: true });
  if (isConnectionError(advised) && error.code === "access_denied") return { status: "declined", error: advised };
  throw advised;
}

async function exchangeOnce(
  provider: Provider,
  client: ClientCredentials,
  pending: PendingAuthorization,
  code: string,
  { once, ...options }: FinishOptions,
): Promise<Tokens> {
  const { redirectUri, codeVerifier, scopes, nonce } = pending;
  const exchange = () => exchangeCode(provider, client, { code, redirectUri, codeVerifier, scopes, nonce }, options);
  return await (once === undefined ? exchange() : once(pending, code, exchange));
}

/** In constant time for texts of one length. */
function isSameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}
