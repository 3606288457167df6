import { isConnectionError } from "../advice.ts";
import { exchangeCode as exchangeAlone } from "../calls/exchange-code.ts";
import { grantTokens } from "../calls/grant-tokens.ts";
import type { ClientCredentials, Provider } from "../provider.ts";
import { revealed } from "../secret.ts";
import { hashText } from "../sha256.ts";
import type { Tokens } from "../tokens.ts";
import { currentTime } from "../transport.ts";
import { type CallbackMemory, createCallbackMemory } from "./callback-memory.ts";
import {
  type Callback,
  type ExchangeOnce,
  type FinishOptions as FinishAloneOptions,
  type FinishResult,
  finishAuthorization as finishAlone,
} from "./finish-authorization.ts";
import type { PendingAuthorization } from "./pending.ts";

/** Tokens stay in here as long as a person may reload the page they landed on. */
const finishedCallbacks = createCallbackMemory<Tokens>({
  isWorthAnotherTry: (error) => !isConnectionError(error) || error.retryable,
});

export interface FinishOptions extends Omit<FinishAloneOptions, "once"> {
  /** Where finished callbacks are remembered; one for the process by default. */
  readonly memory?: CallbackMemory<Tokens> | undefined;
}

/**
 * As in `@codegrant/client/core`, and reads who approved (the answer's own word, or a checked ID token). The same
 * callback again within ten minutes, also at the same time, gets the same result and sends nothing: see
 * `createCallbackMemory`.
 */
export function finishAuthorization(
  provider: Provider,
  client: ClientCredentials,
  pending: PendingAuthorization | undefined,
  callback: Callback,
  { memory = finishedCallbacks, ...options }: FinishOptions = {},
): Promise<FinishResult> {
  const once: ExchangeOnce = (record, code, exchange) =>
    memory.once(keyOf(provider, client, record, code), currentTime(options), exchange);
  return finishAlone(provider, client, pending, callback, { readGrant: grantTokens, ...options, once });
}

/** Everything that decides the answer, so that nobody gets a result they could not have fetched themselves. */
function keyOf(
  { endpoints }: Provider,
  { clientId, clientSecret = "" }: ClientCredentials,
  { redirectUri, codeVerifier, state, nonce }: PendingAuthorization,
  code: string,
): string {
  const deciding = [endpoints.token, clientId, revealed(clientSecret), state, code, redirectUri, codeVerifier, nonce];
  return hashText(JSON.stringify(deciding));
}

/** As in `@codegrant/client/core`, and reads who approved: the answer's own word, or a checked ID token. */
export const exchangeCode: typeof exchangeAlone = (provider, client, code, options) =>
  exchangeAlone(provider, client, code, { readGrant: grantTokens, ...options });
