import { revokeAll } from "../calls/revoke-all.ts";
import { checkAccountName, type FoundConnection } from "../keeper/connection-store.ts";
import { createKeeperParts } from "../keeper/create-keeper-parts.ts";
import { createKeeper } from "../keeper/keeper.ts";
import type { KeeperParts } from "../keeper/keeper-parts.ts";
import { refreshByHand } from "../keeper/refresh-by-hand.ts";
import { createValidation } from "../keeper/validation.ts";
import type { Provider } from "../provider.ts";
import { Secret } from "../secret.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { concealTokens } from "../tokens.ts";
import { fetchWithToken } from "./api-fetch.ts";
import type { Connection, ConnectOptions } from "./connection.ts";
import { logIn } from "./login.ts";
import { logOut } from "./logout.ts";
import { createPendingStore } from "./pending-login.ts";
import { createWebLogin } from "./web-login.ts";

/**
 * As the `connect` of a name, of a provider alone: no other preset comes along.
 *
 * @example
 * import { connect } from "@codegrant/client/connect";
 *
 * const connection = connect(twitch, { clientId, clientSecret, scopes: ["user:read:email"], store, redirectUri });
 */
export function connect(provider: Provider, options: ConnectOptions): Connection {
  if (!Array.isArray(options.scopes)) throw new TypeError('scopes must be a list, such as ["user:read:email"].');
  const store = options.store ?? createMemoryStore();
  const alone = createKeeperParts(provider, { ...options, store });
  const parts: KeeperParts = {
    ...alone,
    call: { ...alone.call, checkSignature: options.checkSignature },
    duty: createValidation,
    giveBack: async (tokens) => (await revokeAll(alone, concealTokens(tokens))).error,
  };
  const keeper = createKeeper(parts);
  const web = createWebLogin(parts, keeper, createPendingStore(store, provider, options.clientId), options);
  const { api } = provider;
  const addresses = [api?.baseUrl, ...(api?.otherOrigins ?? []), ...(options.apiOrigins ?? [])];
  const origins = new Set(addresses.flatMap((address) => (address === undefined ? [] : new URL(address).origin)));

  function addressed(name: string, isChosen: boolean): Connection {
    checkAccountName(name);
    const account = (other: string): Connection => addressed(other, true);
    return {
      provider,
      clientId: options.clientId,
      accountName: name,
      account,
      login: (login) => logIn(parts, keeper, keeper.account(name), options, login),
      fetch: (input, init) => fetchWithToken(parts, keeper, name, origins, input, init),
      accessToken: async (wish) => new Secret((await keeper.freshTokens(name, wish)).accessToken),
      async refresh() {
        await refreshByHand(parts, keeper, name);
        return await keeper.status(name);
      },
      status: () => keeper.status(name),
      accounts: async (page) =>
        (await parts.store.list(page?.after)).filter(isOfSomebody).map((one) => keeper.describe(one)),
      logout: () => logOut(parts, keeper.account(name)),
      keep: () => keeper.keep(name),
      start: (request, start = {}) => web.start(request, start.account ?? (isChosen ? name : undefined), start),
      async finish(request) {
        const result = await web.finish(request);
        return result.status === "approved" ? { ...result, connection: account(result.account) } : result;
      },
    };
  }
  return addressed(options.account ?? "default", options.account !== undefined);
}

/** A record without tokens is a login under way, or one that came to nothing. */
function isOfSomebody({ record }: FoundConnection): boolean {
  return record === undefined || record.tokens !== undefined;
}
