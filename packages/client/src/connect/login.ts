import { FlowError, OAuthError } from "@codegrant/protocol";
import { advise, type ConnectionError, isConnectionError } from "../advice.ts";
import { fraction } from "../keeper/backoff.ts";
import type { ConnectionRecord, LoginEnd } from "../keeper/connection-record.ts";
import { drawLease, type HeldLease, holdLease } from "../keeper/held-lease.ts";
import type { Keeper } from "../keeper/keeper.ts";
import type { Account, KeeperParts } from "../keeper/keeper-parts.ts";
import { advised } from "../keeper/state.ts";
import { findMissingScopes, scopesToAsk } from "../scopes.ts";
import type { Tokens } from "../tokens.ts";
import { logInByBrowser } from "./browser-login.ts";
import type { ConnectOptions, LoginOptions, LoginPrompt, LoginResult } from "./connection.ts";
import { logInByDevice } from "./device-login.ts";
import { isExpected, keepLogin } from "./save-login.ts";

/** What a login works with. */
export interface LoginParts {
  readonly parts: KeeperParts;
  readonly keeper: Keeper;
  readonly connect: ConnectOptions;
  readonly options: LoginOptions;
  readonly prompt: (prompt: LoginPrompt) => void;
  readonly timeoutSeconds: number;
  /** Who approved, and are these theirs to keep. */
  readonly keep: (tokens: Tokens) => Promise<LoginResult>;
}

const defaultTimeoutSeconds = 300;
const maximumTimeoutSeconds = 3_600;

/**
 * One login for all processes that want one: whoever gets the lease asks the person, the others wait for how it ends.
 * The owner gone, another asks. The tokens themselves are the result, in the store.
 */
export async function logIn(
  parts: KeeperParts,
  keeper: Keeper,
  account: Account,
  connect: ConnectOptions,
  options: LoginOptions = {},
): Promise<LoginResult> {
  const prompt = options.onPrompt ?? ((one: LoginPrompt) => parts.machine?.tell(one));
  const timeoutSeconds = Math.min(options.timeoutSeconds ?? defaultTimeoutSeconds, maximumTimeoutSeconds);
  const taken = await takeLogin(parts, account, connect, { ...options, onPrompt: prompt, timeoutSeconds });
  if (taken.status === "ended") return compareUser(taken.result, options.expect);
  const held = holdLease(parts, account.name, "loginLease", taken);
  const { owner = "" } = taken.record.loginLease ?? {};
  const requestedScopes = scopesToAsk(parts.provider, connect.scopes);
  const target = { account: account.name, expect: options.expect, requestedScopes, owner };
  const keep = (tokens: Tokens): Promise<LoginResult> =>
    keepLogin(parts, keeper, tokens, {
      wasConnected: () => taken.record.tokens !== undefined,
      async targetOf() {
        await held.stop();
        return target;
      },
    });
  try {
    const result = await ask({ parts, keeper, connect, options, prompt, timeoutSeconds, keep });
    if (result.status !== "approved") await conclude(parts, account, held, endOf(owner, result));
    return result;
  } catch (error) {
    await conclude(parts, account, held, failureOf(owner, error)).catch(() => undefined);
    throw error;
  }
}

async function ask(login: LoginParts): Promise<LoginResult> {
  const { parts, options, connect } = login;
  const { endpoints, codeNeedsSecret, title } = parts.provider;
  const mustUseDevice = codeNeedsSecret && connect.clientSecret === undefined;
  const hasBrowser = parts.machine !== undefined || options.pasted !== undefined;
  const method = options.method ?? (mustUseDevice || !hasBrowser ? "device" : "browser");
  if (method === "browser") return await logInByBrowser(login);
  if (endpoints.device !== undefined) return await logInByDevice(login);
  throw new TypeError(
    `${title} has no login by device. Pass a client secret and log in by the browser: connect of @codegrant/client/node has one.`,
  );
}

type TakenLogin =
  | { readonly status: "ended"; readonly result: LoginResult }
  | { readonly status: "taken"; readonly record: ConnectionRecord; readonly version: string };

/** Returns with the lease, or with how another process's login ended. */
async function takeLogin(
  parts: KeeperParts,
  account: Account,
  connect: ConnectOptions,
  options: LoginOptions & { readonly timeoutSeconds: number; readonly onPrompt: (prompt: LoginPrompt) => void },
): Promise<TakenLogin> {
  const { clock, random, store, provider } = parts;
  const startedAt = clock.elapsed();
  let awaited: string | undefined;
  for (;;) {
    const found = await store.find(account.name);
    const record = found?.record;
    const end = record?.loginEnd;
    if (record !== undefined && awaited !== undefined && end?.owner === awaited) {
      return { status: "ended", result: resultOf(account.name, record, end, provider) };
    }
    if (record !== undefined && options.again !== true && isConnected(parts, record, connect.scopes)) {
      return { status: "ended", result: approved(account.name, record) };
    }
    if (record?.loginLease !== undefined && !account.loginWatch.isOver(record.loginLease)) {
      if (awaited === undefined) options.onPrompt({ kind: "other_process" });
      awaited = record.loginLease.owner;
      if (options.signal?.aborted === true) return { status: "ended", result: { status: "cancelled" } };
      if (clock.elapsed() - startedAt > options.timeoutSeconds) return { status: "ended", result: waitedTooLong };
      await clock.wait(0.05 + 0.15 * fraction(random), { signal: options.signal });
      continue;
    }
    const next: ConnectionRecord = { ...(record ?? emptyRecord), loginLease: drawLease(parts), loginEnd: undefined };
    const result = await store.save(account.name, next, found?.version);
    if (result.status === "saved") return { status: "taken", record: next, version: result.version };
  }
}

const emptyRecord: ConnectionRecord = { grantId: "", generation: 0, requestedScopes: [] };

const waitedTooLong: LoginResult = {
  status: "timed_out",
  hint: "Another process is asking for this login and has got no answer. Finish it there, or end that process.",
};

/** Nothing to ask the person for: it works, and they were asked for these scopes before. */
function isConnected(
  { lifetimes, provider }: KeeperParts,
  record: ConnectionRecord,
  scopes: readonly string[],
): boolean {
  const { tokens, trouble, requestedScopes } = record;
  if (tokens === undefined || (trouble !== undefined && trouble.state !== "provider_down")) return false;
  if (tokens.refreshToken === undefined && !lifetimes.isUsable(tokens)) return false;
  return findMissingScopes(provider, scopes, [...tokens.scopes, ...requestedScopes]).length === 0;
}

function approved(account: string, { who, tokens }: ConnectionRecord): LoginResult {
  return { status: "approved", account, ...(who && { who }), scopes: tokens?.scopes ?? [] };
}

/** Nobody was asked here, but whoever expects somebody is not told yes for another. */
function compareUser(result: LoginResult, expected: string | undefined): LoginResult {
  if (result.status !== "approved" || expected === undefined || isExpected(result.who, expected)) return result;
  const { account, who = {} } = result;
  const hint = `The account "${account}" is connected as ${who.login ?? who.id ?? "somebody whom the provider does not name"}, not as ${expected}. Choose another account name for ${expected}, or log this one out first.`;
  return { status: "other_user", expected, who, hint };
}

/** How another process's login ended, as if it had been ours. */
function resultOf(
  account: string,
  record: ConnectionRecord,
  end: LoginEnd,
  provider: KeeperParts["provider"],
): LoginResult {
  if (end.status === "approved") return approved(account, record);
  if (end.status === "declined") {
    const error = advise(new OAuthError("access_denied"), { provider, isFinal: true }) as ConnectionError;
    return { status: "declined", error };
  }
  if (end.status === "failed") {
    const message = `The login of another process failed (${end.code}): ${end.message}`;
    throw Object.assign(advised(new FlowError("ERR_LOGIN_NEEDED", message), provider), { hint: end.hint });
  }
  if (end.status === "timed_out") return { status: "timed_out", hint: end.hint };
  if (end.status === "cancelled") return { status: "cancelled" };
  const { expected, who, hint } = end;
  return { status: "other_user", expected, who, hint };
}

function endOf(owner: string, result: Exclude<LoginResult, { status: "approved" }>): LoginEnd {
  if (result.status === "declined" || result.status === "cancelled") return { owner, status: result.status };
  return { owner, ...result };
}

function failureOf(owner: string, error: unknown): LoginEnd {
  if (!isConnectionError(error)) return { owner, status: "cancelled" };
  const { code, message, hint } = error;
  return { owner, status: "failed", code, message, hint };
}

/** Lets go of the lease and says how it ended, unless it is not ours any more. */
async function conclude(parts: KeeperParts, account: Account, held: HeldLease, loginEnd: LoginEnd): Promise<void> {
  await held.stop();
  for (let tries = 0; tries < 10; tries++) {
    const found = await parts.store.find(account.name);
    if (found?.record?.loginLease?.owner !== loginEnd.owner) return;
    const record = { ...found.record, loginLease: undefined, loginEnd };
    if ((await parts.store.save(account.name, record, found.version)).status === "saved") return;
  }
}
