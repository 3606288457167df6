import type { ConnectionError } from "../advice.ts";
import { refreshTokens } from "../calls/refresh-tokens.ts";
import { concealTokens, type PlainTokens, revealTokens } from "../tokens.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import type { KeeperParts } from "./keeper-parts.ts";
import { classifyFailure, type RefreshFailure } from "./refresh-failure.ts";

export type RefreshOutcome =
  | { readonly kind: "fresh"; readonly tokens: PlainTokens }
  | { readonly kind: RefreshFailure["kind"]; readonly error: ConnectionError };

/** Sends the record's refresh token, once. */
export async function sendRefresh(parts: KeeperParts, { tokens }: ConnectionRecord): Promise<RefreshOutcome> {
  const { call, client, provider } = parts;
  if (tokens === undefined) throw new TypeError("There are no tokens to refresh.");
  try {
    return { kind: "fresh", tokens: revealTokens(await refreshTokens(provider, client, concealTokens(tokens), call)) };
  } catch (error) {
    return classifyFailure(error);
  }
}
