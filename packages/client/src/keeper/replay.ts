import { type ClientCredentials, type Provider, refreshHabitsOf } from "../provider.ts";
import { hashText } from "../sha256.ts";
import type { ConnectionRecord } from "./connection-record.ts";

/**
 * Whether the refresh token of an unfinished journal may be sent again. Where tokens are spent by use, a second use is
 * theft in the provider's eyes and ends the connection, so the answer then is the provider's window or no. A provider
 * of whom nothing is known counts as one that spends them once it has been seen to change them.
 */
export function mayReplay(
  record: ConnectionRecord,
  provider: Provider,
  client: ClientCredentials,
  nowSeconds: number,
): boolean {
  const { journal, tokens } = record;
  if (journal === undefined || tokens?.refreshToken === undefined) return true;
  if (journal.refreshTokenHash !== hashText(tokens.refreshToken)) return true;
  const { rotates, graceSeconds } = refreshHabitsOf(provider, client);
  if (rotates === "never") return true;
  if (graceSeconds === undefined) return rotates === undefined && record.hasRotated !== true;
  const age = nowSeconds - journal.sentAt;
  return graceSeconds === Number.POSITIVE_INFINITY || (age >= 0 && age < graceSeconds);
}
