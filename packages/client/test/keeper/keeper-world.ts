import { revokeAll } from "../../src/calls/revoke-all.ts";
import type { ConnectionEvent, PlainTokens } from "../../src/index.ts";
import { concealTokens, createMemoryStore } from "../../src/index.ts";
import { createCircuit } from "../../src/keeper/circuit.ts";
import type { ConnectionRecord, ProcessIdentity } from "../../src/keeper/connection-record.ts";
import { type ConnectionStore, createConnectionStore } from "../../src/keeper/connection-store.ts";
import { createKeeper, type Keeper } from "../../src/keeper/keeper.ts";
import type { KeeperParts } from "../../src/keeper/keeper-parts.ts";
import { createLifetimes } from "../../src/keeper/lifetime.ts";
import { refreshByHand } from "../../src/keeper/refresh-by-hand.ts";
import { createValidation } from "../../src/keeper/validation.ts";
import { drawBytes } from "../../src/random.ts";
import type { ClientStore } from "../../src/store/client-store.ts";
import { client } from "../fixtures.ts";
import { type RotatingOptions, type RotatingProvider, rotatingProvider } from "../rotating-provider.ts";
import { type TurnedClock, turnedClock } from "../turned-clock.ts";

export interface World {
  readonly clock: TurnedClock;
  readonly server: RotatingProvider;
  readonly clientStore: ClientStore;
  readonly store: ConnectionStore;
  /** Processes that were killed, by their number. */
  readonly gone: Set<number>;
  /** A process of its own over the same store. */
  process(overrides?: Partial<KeeperParts>): Process;
  /** As a login would. */
  logIn(overrides?: Partial<ConnectionRecord>): Promise<PlainTokens>;
  record(): Promise<ConnectionRecord>;
}

export interface Process {
  readonly keeper: Keeper;
  readonly events: ConnectionEvent[];
  readonly identity: ProcessIdentity;
  /** The text of a token that is good now. */
  token(options?: Parameters<Keeper["freshTokens"]>[1]): Promise<string>;
  /** By hand. */
  refresh(): Promise<void>;
}

export const accountName = "bot";

export function createWorld(options: Partial<RotatingOptions> & { readonly store?: ClientStore } = {}): World {
  const clock = turnedClock();
  const server = rotatingProvider({ now: () => clock.now(), ...options });
  const clientStore = options.store ?? createMemoryStore();
  const store = createConnectionStore(clientStore, server.provider, client.clientId);
  const gone = new Set<number>();
  let processes = 0;
  let grants = 0;

  return {
    clock,
    server,
    clientStore,
    store,
    gone,
    process(overrides = {}) {
      processes += 1;
      const identity = { machine: "here", pid: processes };
      const events: ConnectionEvent[] = [];
      const parts: KeeperParts = {
        provider: server.provider,
        client,
        store,
        clock,
        random: drawBytes,
        machine: machineOf(identity, gone),
        call: { fetch: server.fetch, now: () => clock.now() },
        circuit: createCircuit(clock),
        lifetimes: createLifetimes(clock),
        minimumIntervalSeconds: 10,
        onEvent: (event) => events.push(event),
        duty: createValidation,
        giveBack: async (tokens) => {
          const call = { fetch: server.fetch, now: () => clock.now() };
          return (await revokeAll({ provider: server.provider, client, call }, concealTokens(tokens))).error;
        },
        loginAt: (account) => `example login ${account}`,
        ...overrides,
      };
      const keeper = createKeeper(parts);
      const token: Process["token"] = async (wish) =>
        (await clock.run(keeper.freshTokens(accountName, wish))).accessToken;
      const refresh = (): Promise<void> => refreshByHand(parts, keeper, accountName);
      return { keeper, events, identity, token, refresh };
    },
    async logIn(overrides = {}) {
      grants += 1;
      const tokens = server.logIn();
      const record = { grantId: `grant-${grants}`, generation: 0, tokens, requestedScopes: ["read"], ...overrides };
      const version = (await store.find(accountName))?.version;
      await store.save(accountName, record, version);
      return tokens;
    },
    async record() {
      const record = (await store.find(accountName))?.record;
      if (record === undefined) throw new Error("there is no record");
      return record;
    },
  };
}

function machineOf(process: ProcessIdentity, gone: ReadonlySet<number>): NonNullable<KeeperParts["machine"]> {
  return {
    process,
    isGone: (holder) => holder.machine === process.machine && gone.has(holder.pid),
    openBrowser: async () => false,
    listen: () => Promise.reject(new Error("nobody listens here")),
    tell: () => undefined,
  };
}
