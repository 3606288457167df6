import { FlowError } from "@codegrant/protocol";
import type { AccessTokenOptions, ConnectionStatus } from "../connect/connection.ts";
import type { Provider } from "../provider.ts";
import { drawToken } from "../random.ts";
import { Secret } from "../secret.ts";
import { revealTokens, type Tokens } from "../tokens.ts";
import { checkAccountName } from "./connection-store.ts";
import { createKeeperParts, type KeeperOptions } from "./create-keeper-parts.ts";
import { createKeeper } from "./keeper.ts";
import { advised } from "./state.ts";

/** The keeper alone: tokens that a flow of your own brought, kept fresh by account. */
export interface KeptTokens {
  /** Keeps what a flow brought in place of what the account had. */
  save(account: string, tokens: Tokens): Promise<void>;
  /** A token that is good now. Throws a `ConnectionError`. */
  accessToken(account: string, options?: AccessTokenOptions): Promise<Secret>;
  status(account: string): Promise<ConnectionStatus>;
  /** Refreshes in time by itself until the returned function is called. */
  keep(account: string): () => void;
}

/**
 * Keeps tokens fresh: refreshed once, by one of all processes over the store, and never lost. For a login, an API's
 * `fetch`, validation and logout take `connect`, over the same store if you like. Throws `TypeError` for options that
 * cannot work.
 *
 * @example
 * import { keepTokens } from "@codegrant/client/core";
 * const kept = keepTokens(provider, { clientId, clientSecret, store });
 * const result = await finishAuthorization(provider, { clientId, clientSecret }, session.pending, request);
 * if (result.status === "approved") await kept.save("ada", result.tokens);
 * const token = await kept.accessToken("ada");
 */
export function keepTokens(provider: Provider, options: KeeperOptions): KeptTokens {
  const parts = createKeeperParts(provider, options);
  const { random, store } = parts;
  const keeper = createKeeper(parts);
  return {
    async save(account, tokens) {
      checkAccountName(account);
      const record = {
        grantId: drawToken(random),
        generation: 0,
        tokens: revealTokens(tokens),
        requestedScopes: tokens.scopes,
        who: tokens.who,
      };
      for (let tries = 0; tries < maximumTries; tries++) {
        const found = await store.find(account);
        const result = await store.save(account, record, found?.version);
        if (result.status === "saved") return keeper.observe(keeper.account(account), record);
      }
      throw advised(
        new FlowError("ERR_STORE_UNAVAILABLE", "The store changes too fast to save tokens in it."),
        provider,
      );
    },
    accessToken: async (account, wish) => new Secret((await keeper.freshTokens(account, wish)).accessToken),
    status: (account) => keeper.status(account),
    keep: (account) => keeper.keep(account),
  };
}

const maximumTries = 100;
