import type { ConnectionError } from "../advice.ts";
import { refreshTokens } from "../calls/refresh-tokens.ts";
import { concealTokens, type PlainTokens, revealTokens } from "../tokens.ts";
import type { Fetch } from "../transport.ts";
import { parseRetryAfter } from "./backoff.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import type { KeeperParts } from "./keeper-parts.ts";
import { classifyFailure, type RefreshFailure } from "./refresh-failure.ts";

export type RefreshOutcome =
  | { readonly kind: "fresh"; readonly tokens: PlainTokens }
  | {
      readonly kind: RefreshFailure["kind"];
      readonly error: ConnectionError;
      readonly retryAfterSeconds: number | undefined;
    };

/** Sends the record's refresh token, once. */
export async function sendRefresh(parts: KeeperParts, { tokens }: ConnectionRecord): Promise<RefreshOutcome> {
  const { call, client, clock, provider } = parts;
  if (tokens === undefined) throw new TypeError("There are no tokens to refresh.");
  let retryAfterSeconds: number | undefined;
  const listening: Fetch = async (url, init) => {
    const response = await (call.fetch ?? fetch)(url, init);
    retryAfterSeconds = parseRetryAfter(response.headers.get("retry-after"), clock.now());
    return response;
  };
  try {
    const fresh = await refreshTokens(provider, client, concealTokens(tokens), { ...call, fetch: listening });
    return { kind: "fresh", tokens: revealTokens(fresh) };
  } catch (error) {
    return { ...classifyFailure(error), retryAfterSeconds };
  }
}
