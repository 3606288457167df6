import { FlowError } from "@codegrant/protocol";
import type { ConnectionError } from "../advice.ts";
import type { Provider } from "../provider.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import type { Keeper } from "./keeper.ts";
import type { KeeperParts } from "./keeper-parts.ts";
import { isSameTurn } from "./refresh-outcome.ts";
import { advised } from "./state.ts";

/** A refresh now, also where the keeper would not try by itself. Throws a `ConnectionError`. */
export async function refreshByHand(
  { lifetimes, provider }: KeeperParts,
  keeper: Keeper,
  account: string,
): Promise<void> {
  const of = keeper.account(account);
  const before = await keeper.look(of);
  // One that is under way may come to nothing because it had another aim.
  const joined = await of.flight;
  const wish = { isForced: true, refused: before?.tokens?.accessToken };
  const record = isRefreshed(joined, before) ? joined : await keeper.refreshOnce(of, wish);
  keeper.observe(of, record);
  if (isRefreshed(record, before)) return;
  const { tokens, trouble } = record ?? {};
  const cannot = trouble === undefined && tokens?.refreshToken === undefined && lifetimes.isUsable(tokens);
  throw cannot ? nothingToRefreshWith(provider) : keeper.failureOf(of, record, {});
}

/** By the turn and not by the token: some providers give the same access token again. */
function isRefreshed(record: ConnectionRecord | undefined, before: ConnectionRecord | undefined): boolean {
  return record?.tokens !== undefined && (before === undefined || !isSameTurn(record, before));
}

function nothingToRefreshWith(provider: Provider): ConnectionError {
  const message = `${provider.title} gave no refresh token. The access token is still good; only a login brings another.`;
  return advised(new FlowError("ERR_LOGIN_NEEDED", message), provider);
}
