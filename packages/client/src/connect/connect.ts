import { createCircuit } from "../keeper/circuit.ts";
import { checkAccountName, createConnectionStore } from "../keeper/connection-store.ts";
import { createKeeper } from "../keeper/keeper.ts";
import type { KeeperParts } from "../keeper/keeper-parts.ts";
import { maximumTimeoutSeconds } from "../keeper/lease-watch.ts";
import { createLifetimes } from "../keeper/lifetime.ts";
import { checkClient, checkProvider, type Provider } from "../provider.ts";
import { drawBytes } from "../random.ts";
import { Secret } from "../secret.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { defaultTimeoutSeconds } from "../transport.ts";
import { fetchWithToken } from "./api-fetch.ts";
import { systemClock } from "./clock.ts";
import type { Connection, ConnectOptions } from "./connection.ts";
import { logIn } from "./login.ts";
import { logOut } from "./logout.ts";
import { createPendingStore } from "./pending-login.ts";
import { createWebLogin } from "./web-login.ts";

/** As the `connect` of a name, of a provider alone. */
export function connect(provider: Provider, options: ConnectOptions): Connection {
  checkProvider(provider);
  checkClient(options);
  if (!Array.isArray(options.scopes)) throw new TypeError('scopes must be a list, such as ["user:read:email"].');
  const parts = partsOf(provider, options);
  const keeper = createKeeper(parts);
  const web = createWebLogin(parts, keeper, createPendingStore(parts.clientStore, provider, options.clientId), options);
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
        await keeper.refresh(name);
        return await keeper.status(name);
      },
      status: () => keeper.status(name),
      accounts: (page) => keeper.statuses(page?.after),
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

function partsOf(
  provider: Provider,
  options: ConnectOptions,
): KeeperParts & { readonly clientStore: NonNullable<ConnectOptions["store"]> } {
  const { clientId, clientSecret, clock = systemClock, store = createMemoryStore(), loginAt } = options;
  const timeoutSeconds = Math.min(options.timeoutSeconds ?? defaultTimeoutSeconds, maximumTimeoutSeconds);
  return {
    provider,
    client: { clientId, ...(clientSecret === undefined ? {} : { clientSecret }) },
    clientStore: store,
    store: createConnectionStore(store, provider, clientId),
    clock,
    random: options.random ?? drawBytes,
    machine: options.machine,
    call: { fetch: options.fetch, checkSignature: options.checkSignature, now: () => clock.now(), timeoutSeconds },
    circuit: createCircuit(clock),
    lifetimes: createLifetimes(clock),
    minimumIntervalSeconds: options.minimumIntervalSeconds ?? defaultMinimumIntervalSeconds,
    onEvent: options.onEvent ?? (() => undefined),
    loginAt: (account) => (typeof loginAt === "function" ? loginAt(account) : loginAt),
  };
}

const defaultMinimumIntervalSeconds = 10;
