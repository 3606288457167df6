import { FlowError } from "@codegrant/protocol";
import { revokeAll } from "../calls/revoke-all.ts";
import type { Account, KeeperParts } from "../keeper/keeper-parts.ts";
import { isSameTurn } from "../keeper/refresh-outcome.ts";
import { advised } from "../keeper/state.ts";
import { concealTokens } from "../tokens.ts";
import type { LogoutResult } from "./connection.ts";

type Revoked = Pick<LogoutResult, "revoked" | "error">;

/**
 * Revokes what the store holds, then forgets it whatever the provider said. A refresh that saved new tokens in between
 * has them revoked, too; one that is still under way finds the connection gone and gives its tokens back.
 */
export async function logOut(parts: KeeperParts, account: Account): Promise<LogoutResult> {
  const { provider, store } = parts;
  let last: Revoked = { revoked: "nothing_to_revoke" };
  let done: string | undefined;
  for (let tries = 0; tries < maximumTries; tries++) {
    const found = await store.find(account.name);
    const { unsaved } = account;
    account.unsaved = undefined;
    if (unsaved?.after.tokens !== undefined) last = await revokeAll(parts, concealTokens(unsaved.after.tokens));
    // What came and could not be saved yet stands for what the store still holds of the same turn.
    const isSpent = unsaved !== undefined && found?.record !== undefined && isSameTurn(found.record, unsaved.before);
    const tokens = isSpent ? undefined : found?.record?.tokens;
    if (tokens !== undefined && tokens.accessToken !== done) {
      last = await revokeAll(parts, concealTokens(tokens));
      done = tokens.accessToken;
    }
    if (found !== undefined && found.record === undefined) last = { revoked: "unreadable" };
    if (found !== undefined && (await store.remove(account.name, found.version)) !== "removed") continue;
    return { ...last, forgotten: true };
  }
  const message = "The store changes too fast to remove the connection from it.";
  return { ...last, forgotten: false, error: advised(new FlowError("ERR_STORE_UNAVAILABLE", message), provider) };
}

const maximumTries = 20;
