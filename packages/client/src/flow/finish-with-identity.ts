import { isConnectionError } from "../advice.ts";
import { exchangeCode as exchangeAlone } from "../calls/exchange-code.ts";
import { grantTokens } from "../calls/grant-tokens.ts";
import type { Tokens } from "../tokens.ts";
import { createCallbackMemory } from "./callback-memory.ts";
import { finishAuthorization as finishAlone } from "./finish-authorization.ts";

/** Tokens stay in here as long as a person may reload the page they landed on. */
const finishedCallbacks = createCallbackMemory<Tokens>({
  isWorthAnotherTry: (error) => !isConnectionError(error) || error.retryable,
});

/**
 * As in `@codegrant/client/core`, and reads who approved (the answer's own word, or a checked ID token). The same
 * callback again within ten minutes, also at the same time, gets the same result and sends nothing.
 */
export const finishAuthorization: typeof finishAlone = (provider, client, pending, callback, options) =>
  finishAlone(provider, client, pending, callback, { readGrant: grantTokens, memory: finishedCallbacks, ...options });

/** As in `@codegrant/client/core`, and reads who approved: the answer's own word, or a checked ID token. */
export const exchangeCode: typeof exchangeAlone = (provider, client, code, options) =>
  exchangeAlone(provider, client, code, { readGrant: grantTokens, ...options });
