import { advise, type ConnectionError, isConnectionError } from "../advice.ts";
import { createCallbackMemory } from "../flow/callback-memory.ts";
import { finishAuthorization } from "../flow/finish-with-identity.ts";
import type { PendingAuthorization } from "../flow/pending.ts";
import { startAuthorization } from "../flow/start-authorization.ts";
import type { Provider } from "../provider.ts";
import type { Tokens } from "../tokens.ts";
import type { LoginResult } from "./connection.ts";
import type { LoginParts } from "./login.ts";
import type { CallbackListener, LandingPage } from "./machine.ts";

/**
 * Login in the system's browser (RFC 8252). The answer comes to a port of this machine or is pasted, whichever is
 * first; what is no answer to this login is told and changes nothing. The state and the verifier lie in this
 * function's memory alone, and are gone with it.
 */
export async function logInByBrowser(login: LoginParts): Promise<LoginResult> {
  const { parts, options, prompt } = login;
  const ending = createEnding(login);
  let pending: PendingAuthorization | undefined;
  const listener = await listen(login, (callback) => ending.take(callback, pending));
  const aborter = new AbortController();
  try {
    const { redirectUri } = listener;
    prompt({ kind: "redirect_uri", redirectUri });
    const start = await startAuthorization(parts.provider, startOf(login, redirectUri));
    ({ pending } = start);
    const isOpened = (await parts.machine?.openBrowser(start.url)) ?? false;
    prompt({ kind: "open", url: start.url, isOpened, redirectUri });
    void takePasted(options.pasted, (line) => ending.take(line, start.pending), aborter.signal);
    void sayCauses(login, redirectUri, aborter.signal);
    return await Promise.race([ending.result, giveUp(login, redirectUri, aborter.signal)]);
  } finally {
    aborter.abort();
    await listener.close();
  }
}

async function listen(
  { parts, connect, options }: LoginParts,
  answer: (callback: string) => Promise<LandingPage>,
): Promise<CallbackListener> {
  const redirectUri = connect.redirectUri ?? parts.provider.defaultRedirectUri;
  if (redirectUri === undefined) {
    throw new TypeError(`Pass the redirectUri that is registered at ${parts.provider.title}.`);
  }
  if (parts.machine !== undefined && isOnThisMachine(redirectUri)) {
    try {
      return await parts.machine.listen(redirectUri, answer);
    } catch (error) {
      throw advise(error, { provider: parts.provider, redirectUri, rows: listenerRows });
    }
  }
  if (options.pasted !== undefined) return { redirectUri, close: async () => undefined };
  throw new TypeError(`Nobody can listen at ${redirectUri} here. Pass a redirect URI of this machine, or \`pasted\`.`);
}

export const listenerRows = {
  ERR_PORT_BUSY: {
    actor: "user",
    retryable: false,
    hint: "Close the program that listens there, or register another redirect URI and pass it: {redirectUri} is taken.",
  },
} as const;

/** A port 0 stands for any that is free, so this is not yet an address as providers know it. */
function isOnThisMachine(redirectUri: string): boolean {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  return url?.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
}

function startOf(
  { parts, connect, options }: LoginParts,
  redirectUri: string,
): Parameters<typeof startAuthorization>[1] {
  return {
    clientId: connect.clientId,
    redirectUri,
    scopes: connect.scopes,
    // Without the page a browser that is logged in as another approves silently.
    forceConsent: options.forceConsent ?? options.expect !== undefined,
    extra: connect.extra,
    random: parts.random,
    now: () => parts.clock.now(),
  };
}

interface Ending {
  readonly result: Promise<LoginResult>;
  take(callback: string, pending: PendingAuthorization | undefined): Promise<LandingPage>;
}

/**
 * The first real answer ends the login. Every visit is checked for itself, so that a stray one never stands in the way
 * of the right one; the right one again, a reload or a second tab, sends nothing and is shown the same page.
 */
function createEnding({ parts, prompt, keep }: LoginParts): Ending {
  const { call, client, provider } = parts;
  const memory = createCallbackMemory<Tokens>({ isWorthAnotherTry: isPassing });
  let settle: { resolve(end: LoginResult): void; reject(error: Error): void } | undefined;
  const result = new Promise<LoginResult>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever waits hears of it; nobody may be waiting yet.
  result.catch(() => undefined);
  let kept: Promise<LoginResult> | undefined;

  async function take(callback: string, pending: PendingAuthorization | undefined): Promise<LandingPage> {
    try {
      const answer = await finishAuthorization(provider, client, pending, callback, { ...call, memory });
      if (answer.status === "approved") kept ??= keep(answer.tokens);
      const end = answer.status === "approved" && kept !== undefined ? await kept : answer;
      settle?.resolve(end as LoginResult);
      return pageOf(end.status);
    } catch (error) {
      if (isConnectionError(error) && (isStray(error) || (isPassing(error) && kept === undefined))) {
        prompt({ kind: "stray", error });
        return isStray(error) ? "stray" : "failed";
      }
      settle?.reject(error as Error);
      return "failed";
    }
  }
  return { result, take };
}

/** It is no answer of the provider to this login. */
function isStray({ code }: ConnectionError): boolean {
  return ["ERR_STATE_MISMATCH", "ERR_ISSUER_MISMATCH", "ERR_CALLBACK_INCOMPLETE"].includes(code);
}

/** A reload may still bring the tokens. */
function isPassing(error: unknown): boolean {
  return isConnectionError(error) && error.retryable;
}

function pageOf(status: LoginResult["status"]): LandingPage {
  return status === "timed_out" || status === "cancelled" ? "failed" : status;
}

/** Any line may be the address; an empty one is none. Reading is never waited for: a terminal may stay silent. */
async function takePasted(
  lines: AsyncIterable<string> | undefined,
  take: (line: string) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  if (lines === undefined) return;
  try {
    for await (const line of lines) {
      if (signal.aborted) return;
      const address = line.trim().slice(0, maximumAddressLength);
      if (address !== "") await take(address);
    }
  } catch {
    // What is pasted is one way of two; the other one goes on.
  }
}

const maximumAddressLength = 16_384;

async function giveUp(
  { parts, options, timeoutSeconds }: LoginParts,
  redirectUri: string,
  over: AbortSignal,
): Promise<LoginResult> {
  await parts.clock.wait(timeoutSeconds, { signal: anyOf(over, options.signal) });
  if (options.signal?.aborted === true) return { status: "cancelled" };
  return { status: "timed_out", hint: causesOf(parts.provider, redirectUri).join(" ") };
}

/** After a minute of silence. */
async function sayCauses(
  { parts, options, prompt }: LoginParts,
  redirectUri: string,
  over: AbortSignal,
): Promise<void> {
  const signal = anyOf(over, options.signal);
  await parts.clock.wait(60, { signal });
  if (!signal.aborted) prompt({ kind: "nothing_yet", causes: causesOf(parts.provider, redirectUri) });
}

function causesOf({ title, silentCauses = [] }: Provider, redirectUri: string): readonly string[] {
  return [
    `The redirect URI registered at ${title} is not exactly ${redirectUri}; then ${title} shows an error on a page of its own.`,
    ...silentCauses,
    `The browser is on another machine: paste the address it ended at.`,
    "A firewall or another program stands between the browser and this one.",
  ];
}

/** `AbortSignal.any` is not everywhere yet. */
function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const aborter = new AbortController();
  const abort = (): void => aborter.abort();
  for (const signal of signals) {
    if (signal?.aborted === true) abort();
    signal?.addEventListener("abort", abort, { once: true });
  }
  return aborter.signal;
}
