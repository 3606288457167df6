import { systemClock } from "../connect/clock.ts";
import type { ConnectOptions } from "../connect/connection.ts";
import { checkClient, checkProvider, type Provider } from "../provider.ts";
import { drawBytes } from "../random.ts";
import type { ClientStore } from "../store/client-store.ts";
import { defaultTimeoutSeconds } from "../transport.ts";
import { createCircuit } from "./circuit.ts";
import { createConnectionStore } from "./connection-store.ts";
import type { KeeperParts } from "./keeper-parts.ts";
import { maximumTimeoutSeconds } from "./lease-watch.ts";
import { createLifetimes } from "./lifetime.ts";

/** What a caller may choose for the keeper, with what it is otherwise. */
export type KeeperOptions = Omit<
  ConnectOptions,
  "scopes" | "store" | "redirectUri" | "account" | "extra" | "apiOrigins" | "maximumPendingLogins" | "checkSignature"
> & { readonly store: ClientStore };

/** Throws `TypeError` for what cannot work. */
export function createKeeperParts(provider: Provider, options: KeeperOptions): KeeperParts {
  checkProvider(provider);
  checkClient(options);
  const { clientId, clientSecret, clock = systemClock, store, loginAt, fetch } = options;
  const { timeoutSeconds = defaultTimeoutSeconds, minimumIntervalSeconds = defaultMinimumIntervalSeconds } = options;
  return {
    provider,
    client: { clientId, clientSecret },
    store: createConnectionStore(store, provider, clientId),
    clock,
    random: options.random ?? drawBytes,
    machine: options.machine,
    call: { fetch, now: () => clock.now(), timeoutSeconds: Math.min(timeoutSeconds, maximumTimeoutSeconds) },
    circuit: createCircuit(clock),
    lifetimes: createLifetimes(clock),
    minimumIntervalSeconds,
    onEvent: options.onEvent ?? (() => undefined),
    loginAt: (account) => (typeof loginAt === "function" ? loginAt(account) : loginAt),
  };
}

const defaultMinimumIntervalSeconds = 10;
