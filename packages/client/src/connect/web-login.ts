import { FlowError, OAuthError } from "@codegrant/protocol";
import { advise, type ConnectionError, isConnectionError } from "../advice.ts";
import { type CallbackMemory, createCallbackMemory } from "../flow/callback-memory.ts";
import { finishAuthorization } from "../flow/finish-with-identity.ts";
import { type PendingAuthorization, pendingLifetimeSeconds } from "../flow/pending.ts";
import { startAuthorization } from "../flow/start-authorization.ts";
import { fraction } from "../keeper/backoff.ts";
import type { Keeper } from "../keeper/keeper.ts";
import type { KeeperParts } from "../keeper/keeper-parts.ts";
import type { Provider } from "../provider.ts";
import { drawToken } from "../random.ts";
import { readBody } from "../transport.ts";
import { browserCookie, formatBrowserCookie, readBrowserCookie } from "./browser-cookie.ts";
import type { ConnectOptions, StartOptions } from "./connection.ts";
import type { FoundLogin, PendingLogin, PendingStore } from "./pending-login.ts";
import { keepLogin, type SavedLogin } from "./save-login.ts";

export interface WebLogin {
  start(request: Request, account: string | undefined, options: StartOptions): Promise<Response>;
  finish(request: Request): Promise<WebResult>;
}

export type WebResult =
  | SavedLogin
  | Extract<Awaited<ReturnType<typeof finishAuthorization>>, { readonly status: "declined" }>;

/** A reload of the page somebody landed on. */
const resultLifetimeSeconds = 600;
const sweepEverySeconds = 60;
const defaultMaximumPending = 10_000;

/** The two ends of a login in a web application. */
export function createWebLogin(
  parts: KeeperParts,
  keeper: Keeper,
  store: PendingStore,
  connect: ConnectOptions,
): WebLogin {
  const { clock, provider } = parts;
  const memory = createCallbackMemory<WebResult>({ isWorthAnotherTry: () => true });
  const begun = new Map<string, string>();
  let sweptAt = Number.NEGATIVE_INFINITY;

  /** Whoever presses "Connect" without end pushes out the oldest logins, and fills no store. */
  async function forgetOldest(): Promise<void> {
    for (const [state, version] of begun) {
      if (begun.size <= (connect.maximumPendingLogins ?? defaultMaximumPending)) return;
      begun.delete(state);
      // One that came back meanwhile has another version and stays.
      await store.remove(state, version);
    }
  }

  async function sweep(): Promise<void> {
    if (clock.elapsed() - sweptAt < sweepEverySeconds) return;
    sweptAt = clock.elapsed();
    await store.removeExpired(clock.now());
  }

  async function startRequest(request: Request, account: string | undefined, options: StartOptions): Promise<Response> {
    const redirectUri = redirectUriOf(connect);
    const cookie = readBrowserCookie(request, redirectUri) ?? browserCookie(drawToken(parts.random));
    const { url, pending } = await startAuthorization(provider, {
      clientId: connect.clientId,
      redirectUri,
      scopes: connect.scopes,
      forceConsent: options.forceConsent ?? options.expect !== undefined,
      extra: { ...connect.extra, ...options.extra },
      random: parts.random,
      now: () => clock.now(),
    });
    await sweep();
    const login: PendingLogin = { browserHash: cookie.hash, account, expect: options.expect, pending };
    const expiresAt = clock.now() + pendingLifetimeSeconds;
    const saved = await store.save(pending.state, login, { ifVersion: undefined, expiresAt });
    if (saved.status === "saved") begun.set(pending.state, saved.version);
    await forgetOldest();
    const headers = new Headers({ location: url, "cache-control": "no-store", "referrer-policy": "no-referrer" });
    const isForPost = provider.responseMode === "form_post";
    const shape = { lifetimeSeconds: pendingLifetimeSeconds, isForPost };
    headers.append("set-cookie", formatBrowserCookie(cookie, redirectUri, shape));
    return new Response(null, { status: 303, headers });
  }

  return {
    async start(request, account, options) {
      try {
        return await startRequest(request, account, options);
      } catch (error) {
        throw advise(error, { provider, redirectUri: connect.redirectUri });
      }
    },
    async finish(request) {
      try {
        const answer = await answerOf(provider, request);
        return await finishRequest({ parts, keeper, store, memory, connect }, answer);
      } catch (error) {
        throw advise(error, { provider, redirectUri: connect.redirectUri });
      }
    },
  };
}

interface FinishParts {
  readonly parts: KeeperParts;
  readonly keeper: Keeper;
  readonly store: PendingStore;
  readonly memory: CallbackMemory<WebResult>;
  readonly connect: ConnectOptions;
}

/** An answer that was posted, as if it had come by its query. */
async function answerOf({ responseMode, title }: Provider, request: Request): Promise<Request> {
  if (request.method === "GET") return request;
  if (responseMode !== "form_post" || request.method !== "POST") {
    throw new FlowError("ERR_CALLBACK_INCOMPLETE", "An answer comes by GET.");
  }
  const body = await readBody(`The answer of ${title}`, request.body);
  const { origin, pathname } = new URL(request.url);
  const cookie = request.headers.get("cookie");
  return new Request(`${origin}${pathname}?${body}`, { headers: cookie === null ? {} : { cookie } });
}

async function finishRequest(finish: FinishParts, request: Request): Promise<WebResult> {
  const { parts, store, memory, connect } = finish;
  const cookie = readBrowserCookie(request, redirectUriOf(connect));
  const state = new URL(request.url).searchParams.get("state") ?? "";
  const found = state === "" ? undefined : await store.find(state);
  // Another browser's login is none of this one's, whatever it knows of it.
  const own = found !== undefined && found.login.browserHash === cookie?.hash ? found : undefined;
  if (own?.login.result !== undefined) return resultOf(own.login.result, parts.provider);
  const turn = (): Promise<WebResult> => takeTurn(finish, request, state, own);
  return own === undefined ? await turn() : await memory.once(`${state} ${request.url}`, parts.clock.now(), turn);
}

function resultOf(result: NonNullable<PendingLogin["result"]>, provider: Provider): WebResult {
  if (result.status !== "declined") return result;
  const error = advise(new OAuthError("access_denied"), { provider, isFinal: true }) as ConnectionError;
  return { status: "declined", error };
}

/** One process of several exchanges the code; the others wait for its result. */
async function takeTurn(
  finish: FinishParts,
  request: Request,
  state: string,
  own: FoundLogin | undefined,
): Promise<WebResult> {
  const { parts, store } = finish;
  const { clock } = parts;
  if (own === undefined) return await conclude(finish, request, undefined, undefined);
  const startedAt = clock.elapsed();
  for (let found: FoundLogin | undefined = own; ; found = await store.find(state)) {
    if (found?.login.result !== undefined) return resultOf(found.login.result, parts.provider);
    if (found === undefined || found.login.claimedBy === undefined || clock.elapsed() - startedAt > claimSeconds) {
      const claimed = found && (await claim(parts, store, state, found));
      if (found !== undefined && claimed === undefined) continue;
      return await conclude(finish, request, claimed?.login.pending, claimed);
    }
    await clock.wait(0.02 + 0.08 * fraction(parts.random));
  }
}

/** Longer than an exchange and the question who it was. */
const claimSeconds = 60;

async function claim(
  { clock, random }: KeeperParts,
  store: PendingStore,
  state: string,
  { login, version }: FoundLogin,
): Promise<FoundLogin | undefined> {
  const claimed = { ...login, claimedBy: drawToken(random) };
  const expiresAt = clock.now() + pendingLifetimeSeconds;
  const result = await store.save(state, claimed, { ifVersion: version, expiresAt });
  return result.status === "saved" ? { login: claimed, version: result.version } : undefined;
}

/** Checks, exchanges and keeps; then the record holds the result alone, or is gone. */
async function conclude(
  { parts, keeper, store }: FinishParts,
  request: Request,
  pending: PendingAuthorization | undefined,
  claimed: FoundLogin | undefined,
): Promise<WebResult> {
  const { call, client, clock, provider } = parts;
  const state = pending?.state ?? "";
  try {
    const answer = await finishAuthorization(provider, client, pending, request, call);
    // Without a record nothing passes the checks above.
    if (claimed === undefined) throw new TypeError("There is no login under way.");
    const { browserHash, expect, account } = claimed.login;
    const finished = (result: PendingLogin["result"]) =>
      store.save(
        state,
        { browserHash, result },
        { ifVersion: claimed.version, expiresAt: clock.now() + resultLifetimeSeconds },
      );
    if (answer.status === "declined") {
      await finished({ status: "declined" });
      return answer;
    }
    const result = await keepLogin(parts, keeper, answer.tokens, {
      wasConnected: (who) => mayBeConnected(parts, account ?? who?.id),
      targetOf: (who) => ({
        account: account ?? who?.id ?? drawToken(parts.random),
        expect,
        requestedScopes: pending?.scopes ?? [],
      }),
    });
    await finished(result);
    return result;
  } catch (error) {
    if (claimed !== undefined) await release(parts, store, state, claimed, error);
    throw error;
  }
}

/** Who it was may not be known, nor what the store holds. */
async function mayBeConnected({ store }: KeeperParts, account: string | undefined): Promise<boolean> {
  if (account === undefined) return true;
  try {
    const found = await store.find(account);
    return found !== undefined && (found.record === undefined || found.record.tokens !== undefined);
  } catch (error) {
    if (isConnectionError(error)) return true;
    throw error;
  }
}

/** What was no answer leaves the login as it was; a final no takes it away. */
async function release(
  { clock }: KeeperParts,
  store: PendingStore,
  state: string,
  { login, version }: FoundLogin,
  error: unknown,
): Promise<void> {
  const isOpen = isConnectionError(error) && (error.retryable || openCodes.has(error.code));
  if (!isOpen) return await store.remove(state, version);
  const expiresAt = (login.pending?.startedAt ?? clock.now()) + pendingLifetimeSeconds;
  await store.save(state, { ...login, claimedBy: undefined }, { ifVersion: version, expiresAt });
}

const openCodes: ReadonlySet<string> = new Set([
  "ERR_STATE_MISMATCH",
  "ERR_ISSUER_MISMATCH",
  "ERR_CALLBACK_INCOMPLETE",
]);

function redirectUriOf({ redirectUri }: ConnectOptions): string {
  if (redirectUri === undefined) throw new TypeError("Pass the redirectUri at which this application calls finish.");
  return redirectUri;
}
