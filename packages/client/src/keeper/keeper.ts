import { OAuthError } from "@codegrant/protocol";
import { advise, type ConnectionError } from "../advice.ts";
import type { AccessTokenOptions, ConnectionState, ConnectionStatus, StateCause } from "../connect/connection.ts";
import type { Provider } from "../provider.ts";
import { revealed } from "../secret.ts";
import type { PlainTokens } from "../tokens.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import type { FoundConnection } from "./connection-store.ts";
import { type Account, createAccount, type KeeperParts } from "./keeper-parts.ts";
import { mayTry, type RefreshWish, refreshConnection, waitedTooLong } from "./refresh-connection.ts";
import { saveFresh } from "./refresh-outcome.ts";
import { causeOf, errorOf, stateOf } from "./state.ts";

/** Keeps the tokens of one client's accounts fresh: one refresh at a time, whoever asks and in whichever process. */
export interface Keeper {
  /** Tokens that are good now. Throws a `ConnectionError`. */
  freshTokens(account: string, options?: AccessTokenOptions): Promise<PlainTokens>;
  status(account: string): Promise<ConnectionStatus>;
  /** What a record says now; without one, that of an account that is not there. */
  describe(found: DescribedConnection): ConnectionStatus;
  /** Refreshes and validates in time until it is stopped. Never throws. */
  keep(account: string): () => void;
  account(name: string): Account;
  /** Tells of a change of state, if it is one. */
  observe(account: Account, record: ConnectionRecord | undefined): void;
  /** What is stored; what could not be stored goes first. */
  look(account: Account): Promise<ConnectionRecord | undefined>;
  /** One at a time in this process, too: whoever comes meanwhile gets what the first one gets. */
  refreshOnce(account: Account, wish: RefreshWish): Promise<ConnectionRecord | undefined>;
  /** Why there is no token for this wish. */
  failureOf(account: Account, record: ConnectionRecord | undefined, wish: RefreshWish): ConnectionError;
}

type DescribedConnection = Partial<FoundConnection> & { readonly account: string };

/** Accounts that a process remembers; one that was forgotten is only asked for anew. */
const maximumAccounts = 10_000;

export function createKeeper(parts: KeeperParts): Keeper {
  const { circuit, clock, lifetimes, provider, store } = parts;
  const accounts = new Map<string, Account>();
  const duty = parts.duty?.(parts);

  function account(name: string): Account {
    const known = accounts.get(name);
    if (known !== undefined) return known;
    const made = createAccount(name, parts);
    accounts.set(name, made);
    for (const [oldest, { flight, unsaved }] of accounts) {
      if (accounts.size <= maximumAccounts) break;
      if (flight === undefined && unsaved === undefined) accounts.delete(oldest);
    }
    return made;
  }

  function observe(of: Account, record: ConnectionRecord | undefined): void {
    const to = toldState(record, stateOf(record, lifetimes));
    const from = of.state;
    of.state = to;
    if (from === undefined || from === to) return;
    const cause = causeOf(record, to, provider, parts.loginAt(of.name));
    parts.onEvent({ provider: provider.name, account: of.name, from, to, at: clock.now(), ...(cause && { cause }) });
  }

  async function look(of: Account): Promise<ConnectionRecord | undefined> {
    const record = of.unsaved === undefined ? (await store.find(of.name))?.record : await saveFresh(parts, of);
    // The first look is no change.
    of.state ??= toldState(record, stateOf(record, lifetimes));
    return record;
  }

  function refreshOnce(of: Account, wish: RefreshWish): Promise<ConnectionRecord | undefined> {
    of.flight ??= refreshConnection(parts, of, wish).finally(() => {
      of.flight = undefined;
    });
    return of.flight;
  }

  async function freshTokens(name: string, options: AccessTokenOptions = {}): Promise<PlainTokens> {
    const of = account(name);
    let record = await look(of);
    const dead = options.refused === undefined ? await duty?.findDead(of, record) : undefined;
    const refused = options.refused === undefined ? dead : revealed(options.refused);
    const wish: RefreshWish = { minimumSeconds: options.minimumSeconds, refused };
    // More than one turn only where the refresh that was joined had another aim.
    for (let turns = 0; turns < 2 && record !== undefined && isWanted(record, wish); turns++) {
      if (of.flight !== undefined && isGood(record, wish)) break;
      record = await refreshOnce(of, wish);
    }
    if (dead !== undefined) record = await duty?.parkDead(of, record, dead);
    observe(of, record);
    if (record?.tokens !== undefined && isGood(record, { refused })) return record.tokens;
    throw failureOf(of, record, wish);
  }

  /** Something is wrong with the token, and the keeper may do something about it by itself. */
  function isWanted(record: ConnectionRecord, { refused, minimumSeconds }: RefreshWish): boolean {
    const { tokens } = record;
    if (tokens === undefined || !mayTry(parts, record)) return false;
    // A refresh that did not help is not repeated at once.
    if (tokens.accessToken === refused) return lifetimes.age(tokens) >= parts.minimumIntervalSeconds;
    return lifetimes.isDue(tokens, minimumSeconds) && lifetimes.age(tokens) >= shortestLifeSeconds;
  }

  /** A token that was issued this second is handed out whatever its lifetime: there is no better one. */
  function isGood({ tokens }: ConnectionRecord, { refused, minimumSeconds }: RefreshWish): boolean {
    if (tokens === undefined || tokens.accessToken === refused) return false;
    return lifetimes.isUsable(tokens, minimumSeconds) || lifetimes.age(tokens) < shortestLifeSeconds;
  }

  function failureOf(of: Account, record: ConnectionRecord | undefined, { refused }: RefreshWish): ConnectionError {
    const { tokens, trouble } = record ?? {};
    const loginAt = parts.loginAt(of.name);
    if (tokens?.refreshToken === undefined || trouble !== undefined) {
      return errorOf(record, provider, loginAt, of.lastError);
    }
    if (circuit.error !== undefined) return circuit.error;
    if (tokens.accessToken === refused) return refusedTooSoon(provider);
    return waitedTooLong(parts);
  }

  function describe({ account: name, record, version }: DescribedConnection): ConnectionStatus {
    const state: ConnectionState = circuit.error === undefined ? stateOf(record, lifetimes) : "client_broken";
    const cause = circuit.error ?? causeOf(record, state, provider, parts.loginAt(name));
    return {
      provider: provider.name,
      account: name,
      state,
      who: record?.who,
      scopes: record?.tokens?.scopes ?? [],
      expiresAt: record?.tokens?.expiresAt,
      isUsable: lifetimes.isUsable(record?.tokens),
      hasRefreshToken: record?.tokens?.refreshToken !== undefined,
      cause: cause && plainCause(cause),
      storedIn: store.description,
      isUnreadable: version !== undefined && record === undefined,
    };
  }

  async function status(name: string): Promise<ConnectionStatus> {
    const found = await store.find(name);
    observe(account(name), found?.record);
    return describe({ account: name, ...found });
  }

  function keep(name: string): () => void {
    const aborter = new AbortController();
    const run = async (): Promise<void> => {
      while (!aborter.signal.aborted) {
        await freshTokens(name).catch(() => undefined);
        // In short waits, since a machine that sleeps stops its timers too.
        await clock.wait(lookEverySeconds, { signal: aborter.signal, isBackground: true });
      }
    };
    void run();
    return () => aborter.abort();
  }

  return { freshTokens, status, describe, keep, account, observe, look, refreshOnce, failureOf };
}

const lookEverySeconds = 30;
/** No refresh for a token younger than this, however short its life. */
const shortestLifeSeconds = 1;

/** A token that is merely due is about to be replaced: nobody is told of that. */
function toldState(record: ConnectionRecord | undefined, state: ConnectionState): ConnectionState {
  return state === "expiring" && record?.tokens?.refreshToken !== undefined ? "active" : state;
}

function plainCause({ code, actor, message, hint, ...rest }: StateCause): StateCause {
  const { loginAt, retryAt } = rest;
  return { code, actor, message, hint, loginAt, retryAt };
}

function refusedTooSoon(provider: Provider): ConnectionError {
  const description = "The token was issued a moment ago and is refused all the same, so another one would not help";
  return advise(new OAuthError("invalid_token", { description }), { provider }) as ConnectionError;
}
