import { FlowError } from "@codegrant/protocol";
import type { ConnectionError } from "../advice.ts";
import { hashText } from "../sha256.ts";
import { fraction, isPausing } from "./backoff.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import { drawLease, holdLease } from "./held-lease.ts";
import type { Account, KeeperParts } from "./keeper-parts.ts";
import { leaseSeconds, maximumTimeoutSeconds } from "./lease-watch.ts";
import { keepOutcome } from "./refresh-outcome.ts";
import { mayReplay } from "./replay.ts";
import { sendRefresh } from "./send-refresh.ts";
import { advised, uncertainTrouble } from "./state.ts";

/** What the caller cannot use, and so wants replaced. */
export interface RefreshWish {
  readonly minimumSeconds?: number | undefined;
  /** An access token that was refused. */
  readonly refused?: string | undefined;
  /** A person asks: also where the keeper would not try by itself. */
  readonly isForced?: boolean | undefined;
}

/**
 * One refresh among all processes, in the order that loses nothing: take the lease and write into the journal that the
 * refresh token is about to be sent, check the lease again, send, save, and only then show the tokens to anyone. The
 * refresh token that is sent is the one in the record just written. Returns the record as it is then, also when the
 * refresh failed (its `trouble` says how) or somebody else made it; `undefined` if the connection is gone.
 */
export async function refreshConnection(
  parts: KeeperParts,
  account: Account,
  wish: RefreshWish,
): Promise<ConnectionRecord | undefined> {
  const taken = await takeLease(parts, account, wish);
  if (taken.status === "settled") return taken.record;
  const held = holdLease(parts, account.name, "refreshLease", taken);
  const undone = { refreshLease: taken.record.refreshLease, journal: taken.before.journal };
  account.undone = undone;
  try {
    if (!(await held.renew())) return (await parts.store.find(account.name))?.record;
    parts.circuit.ask();
    account.undone = undefined;
    const outcome = await sendRefresh(parts, held.record);
    if (outcome.kind === "not_done") account.undone = undone;
    // No renewal may come between the answer and its save.
    await held.stop();
    return await keepOutcome(parts, account, held, outcome, taken.before);
  } finally {
    await held.stop();
  }
}

type Taken =
  | { readonly status: "settled"; readonly record: ConnectionRecord | undefined }
  | {
      readonly status: "taken";
      readonly before: ConnectionRecord;
      readonly record: ConnectionRecord;
      readonly version: string;
    };

/** A living holder is waited for so long; it needs a request and a save. */
const maximumWaitSeconds = 2 * (leaseSeconds + maximumTimeoutSeconds);

async function takeLease(parts: KeeperParts, account: Account, wish: RefreshWish): Promise<Taken> {
  const { client, clock, provider, random, store } = parts;
  const startedAt = clock.elapsed();
  for (;;) {
    const found = await store.find(account.name);
    const before = found?.record && withoutUndone(found.record, account);
    if (before === undefined || found === undefined || isSettled(parts, before, wish)) {
      return { status: "settled", record: before };
    }
    if (before.refreshLease !== undefined && !account.refreshWatch.isOver(before.refreshLease)) {
      if (isGoodEnough(parts, before, wish)) return { status: "settled", record: before };
      if (clock.elapsed() - startedAt > maximumWaitSeconds) throw waitedTooLong(parts);
      await clock.wait(0.02 + 0.08 * fraction(random));
      continue;
    }
    const isStuck = wish.isForced !== true && !mayReplay(before, provider, client, clock.now());
    const record = isStuck ? quarantined(before, parts) : journaled(before, parts);
    const result = await store.save(account.name, record, found.version);
    if (result.status === "changed") continue;
    return isStuck ? { status: "settled", record } : { status: "taken", before, record, version: result.version };
  }
}

/** A store that failed still shows a lease of our own and a journal of what was never done. */
function withoutUndone(record: ConnectionRecord, { undone }: Account): ConnectionRecord {
  const isOurs = record.refreshLease !== undefined && record.refreshLease.owner === undone?.refreshLease?.owner;
  return isOurs ? { ...record, ...undone, refreshLease: undefined } : record;
}

/** Nothing to do any more, or nothing that may be done. */
function isSettled(parts: KeeperParts, record: ConnectionRecord, wish: RefreshWish): boolean {
  const { tokens } = record;
  if (tokens?.refreshToken === undefined) return true;
  if (wish.isForced === true) return wish.refused !== undefined && tokens.accessToken !== wish.refused;
  if (!mayTry(parts, record)) return true;
  const isRefused = wish.refused !== undefined && wish.refused === tokens.accessToken;
  return !isRefused && !parts.lifetimes.isDue(tokens, wish.minimumSeconds);
}

/** Whether the keeper tries by itself. */
export function mayTry({ clock, circuit }: KeeperParts, { tokens, trouble }: ConnectionRecord): boolean {
  if (tokens?.refreshToken === undefined || !circuit.allows()) return false;
  if (trouble === undefined) return true;
  return trouble.state === "provider_down" && !isPausing(trouble.retryAt, clock.now());
}

/** Nobody waits for another process's early refresh while the token at hand is good. */
function isGoodEnough({ lifetimes }: KeeperParts, { tokens }: ConnectionRecord, wish: RefreshWish): boolean {
  if (wish.isForced === true || wish.refused === tokens?.accessToken) return false;
  return lifetimes.isUsable(tokens, wish.minimumSeconds);
}

/** The first journal of a refresh token stays: since then nobody knows whether it is spent. */
function journaled(record: ConnectionRecord, parts: KeeperParts): ConnectionRecord {
  const refreshTokenHash = hashText(record.tokens?.refreshToken ?? "");
  const isSame = record.journal?.refreshTokenHash === refreshTokenHash;
  const journal = isSame ? record.journal : { refreshTokenHash, sentAt: parts.clock.now() };
  return { ...record, journal, refreshLease: drawLease(parts) };
}

function quarantined(record: ConnectionRecord, { clock, provider }: KeeperParts): ConnectionRecord {
  return { ...record, trouble: uncertainTrouble(record, provider, clock.now()), refreshLease: undefined };
}

export function waitedTooLong({ provider }: KeeperParts): ConnectionError {
  const message = `Another process is refreshing the tokens of ${provider.title} and comes to no end.`;
  return advised(new FlowError("ERR_TIMEOUT", message), provider);
}
