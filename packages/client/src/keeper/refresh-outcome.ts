import { isConnectionError } from "../advice.ts";
import { pauseAfter } from "./backoff.ts";
import type { ConnectionRecord } from "./connection-record.ts";
import type { HeldLease } from "./held-lease.ts";
import type { Account, KeeperParts, Unsaved } from "./keeper-parts.ts";
import { mayReplay } from "./replay.ts";
import type { RefreshOutcome } from "./send-refresh.ts";
import { troubleOf, uncertainTrouble } from "./state.ts";

/** Writes down what came of a refresh. Fresh tokens are on the disk before this resolves, or it throws. */
export async function keepOutcome(
  parts: KeeperParts,
  account: Account,
  held: HeldLease,
  outcome: RefreshOutcome,
  before: ConnectionRecord,
): Promise<ConnectionRecord | undefined> {
  account.lastError = outcome.kind === "fresh" ? undefined : outcome.error;
  tellCircuit(parts, outcome);
  const { record, version } = held;
  const after = decideRecord(parts, record, outcome, before);
  if (outcome.kind !== "fresh") return await saveFailure(parts, account, { before: record, version, after });
  account.unsaved = { before: record, version, after };
  return await saveFresh(parts, account);
}

/** Told once per client, whatever the number of its accounts. */
function tellCircuit({ circuit, clock, onEvent, provider }: KeeperParts, outcome: RefreshOutcome): void {
  const at = clock.now();
  if (outcome.kind === "client_refused") {
    const { code, actor, message, hint } = outcome.error;
    if (!circuit.break(outcome.error)) return;
    onEvent({
      provider: provider.name,
      from: "active",
      to: "client_broken",
      at,
      cause: { code, actor, message, hint },
    });
  } else if (outcome.kind === "fresh" || outcome.kind === "grant_refused") {
    if (circuit.mend()) onEvent({ provider: provider.name, from: "client_broken", to: "active", at });
  }
}

/** The record after the refresh. Tokens are replaced and never thrown away: an access token may live on. */
function decideRecord(
  parts: KeeperParts,
  record: ConnectionRecord,
  outcome: RefreshOutcome,
  before: ConnectionRecord,
): ConnectionRecord {
  const { clock, provider, random } = parts;
  const now = clock.now();
  const base: ConnectionRecord = { ...record, refreshLease: undefined };
  if (outcome.kind === "fresh") return withFreshTokens(base, outcome.tokens);
  const { error, kind } = outcome;
  if (kind === "client_refused") {
    // Who refuses the client is up, and has said nothing of this connection.
    const trouble = record.trouble?.state === "provider_down" ? undefined : record.trouble;
    return { ...base, journal: before.journal, trouble };
  }
  if (kind === "grant_refused") {
    return { ...base, journal: undefined, trouble: troubleOf("needs_login", error, record.trouble, now) };
  }
  // Not done now leaves open what an earlier try left open.
  const next = kind === "not_done" ? { ...base, journal: before.journal } : base;
  if (kind === "unknown" && !mayReplay(next, provider, parts.client, now)) {
    return { ...next, trouble: uncertainTrouble(record, provider, now) };
  }
  const failures = (record.trouble?.failures ?? 0) + 1;
  const retryAt = Math.ceil(now + pauseAfter(failures, error.retryAfterSeconds, random));
  return { ...next, trouble: { ...troubleOf("provider_down", error, record.trouble, now), failures, retryAt } };
}

function withFreshTokens(record: ConnectionRecord, tokens: ConnectionRecord["tokens"]): ConnectionRecord {
  const isRotated = tokens?.refreshToken !== record.tokens?.refreshToken;
  return {
    ...record,
    generation: record.generation + 1,
    tokens,
    hasRotated: record.hasRotated === true || isRotated,
    journal: undefined,
    trouble: undefined,
  };
}

/** A failure is nobody's to write once another process has the lease, a new login or newer tokens. */
async function saveFailure(
  parts: KeeperParts,
  account: Account,
  unsaved: Unsaved,
): Promise<ConnectionRecord | undefined> {
  const { store } = parts;
  let { after, version } = unsaved;
  for (;;) {
    const result = await store.save(account.name, after, version);
    if (result.status === "saved") return after;
    const found = await store.find(account.name);
    const isOurs = found?.record?.refreshLease?.owner === unsaved.before.refreshLease?.owner;
    if (found?.record === undefined || !isOurs || !isSameTurn(found.record, unsaved.before)) return found?.record;
    after = withLoginOf(found.record, after);
    version = found.version;
  }
}

/**
 * Saves what `account.unsaved` holds. Somebody else's newer tokens, a new login or a removal win, and then ours are
 * thrown away. While the store fails they wait in memory and are never fetched a second time.
 */
export async function saveFresh(parts: KeeperParts, account: Account): Promise<ConnectionRecord | undefined> {
  const { clock } = parts;
  for (let tries = 1; ; tries++) {
    try {
      return await trySaveFresh(parts, account);
    } catch (error) {
      if (tries >= maximumTries || !isConnectionError(error)) throw error;
      await clock.wait(0.1 * 2 ** tries);
    }
  }
}

/** Three seconds; after that the callers hear of it, and the next call goes on. */
const maximumTries = 5;

async function trySaveFresh(parts: KeeperParts, account: Account): Promise<ConnectionRecord | undefined> {
  const { store } = parts;
  for (;;) {
    const { unsaved } = account;
    if (unsaved === undefined) return (await store.find(account.name))?.record;
    const result = await store.save(account.name, unsaved.after, unsaved.version);
    if (result.status === "saved") {
      account.unsaved = undefined;
      return unsaved.after;
    }
    const found = await store.find(account.name);
    if (found === undefined) return await giveBack(parts, account, unsaved);
    const { record, version } = found;
    if (record === undefined || !isSameTurn(record, unsaved.before)) {
      account.unsaved = undefined;
      return record;
    }
    account.unsaved = { before: record, version, after: withLoginOf(record, unsaved.after) };
  }
}

/** A login that began or ended meanwhile is its own process's to tell of. */
function withLoginOf({ loginEnd, loginLease }: ConnectionRecord, after: ConnectionRecord): ConnectionRecord {
  return { ...after, loginEnd, loginLease };
}

export function isSameTurn(a: ConnectionRecord, b: ConnectionRecord): boolean {
  return a.grantId === b.grantId && a.generation === b.generation;
}

/** A connection that was removed meanwhile stays removed. */
async function giveBack(parts: KeeperParts, account: Account, { after }: Unsaved): Promise<undefined> {
  account.unsaved = undefined;
  if (after.tokens !== undefined) account.lastError = await parts.giveBack?.(after.tokens);
}
