import type { ConnectionError } from "../advice.ts";
import type { Clock } from "../connect/clock.ts";
import type { ConnectionEvent, ConnectionState } from "../connect/connection.ts";
import type { Machine } from "../connect/machine.ts";
import type { ClientCredentials, Provider } from "../provider.ts";
import type { Random } from "../random.ts";
import type { PlainTokens } from "../tokens.ts";
import type { CallOptions } from "../transport.ts";
import type { Circuit } from "./circuit.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import type { ConnectionStore } from "./connection-store.ts";
import { type LeaseWatch, watchLeases } from "./lease-watch.ts";
import type { Lifetimes } from "./lifetime.ts";

/** What every step of the keeper works with: one client at one provider. */
export interface KeeperParts {
  readonly provider: Provider;
  readonly client: ClientCredentials;
  readonly store: ConnectionStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly machine: Machine | undefined;
  readonly call: CallOptions;
  readonly circuit: Circuit;
  readonly lifetimes: Lifetimes;
  readonly minimumIntervalSeconds: number;
  readonly onEvent: (event: ConnectionEvent) => void;
  readonly loginAt: (account: string) => string | undefined;
  /** Revokes what came for a connection that is gone, if it can; returns what went wrong. */
  readonly giveBack?: ((tokens: PlainTokens) => Promise<ConnectionError | undefined>) | undefined;
  /** Where the provider has one; without it none is done. */
  readonly duty?: ((parts: KeeperParts) => Duty) | undefined;
}

/** What is to be asked about tokens while they live. */
export interface Duty {
  /** The access token if the provider calls it dead, which counts as refused; no answer says nothing. */
  findDead(of: Account, record: ConnectionRecord | undefined): Promise<string | undefined>;
  /** Without a refresh token nothing brings a dead token back: every process is to know. */
  parkDead(of: Account, record: ConnectionRecord | undefined, dead: string): Promise<ConnectionRecord | undefined>;
}

/** What this process remembers of one account. */
export interface Account {
  readonly name: string;
  readonly refreshWatch: LeaseWatch;
  readonly loginWatch: LeaseWatch;
  /** The refresh under way in this process. */
  flight?: Promise<ConnectionRecord | undefined> | undefined;
  /** Tokens that came and could not be saved; saved before anything else is done. */
  unsaved?: Unsaved | undefined;
  /** A refresh of ours that certainly was not done; the store may not know. */
  undone?: Pick<ConnectionRecord, "refreshLease" | "journal"> | undefined;
  /** As it was told last. */
  state?: ConnectionState | undefined;
  /** What this process heard itself, for the `cause` of errors. */
  lastError?: ConnectionError | undefined;
  /** By the clock that does not jump. */
  nextValidationAt?: number | undefined;
}

export interface Unsaved {
  readonly before: ConnectionRecord;
  readonly version: string;
  readonly after: ConnectionRecord;
}

export function createAccount(name: string, { clock, machine }: KeeperParts): Account {
  return { name, refreshWatch: watchLeases(clock, machine), loginWatch: watchLeases(clock, machine) };
}
