import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import {
  type ConnectionError,
  finishAuthorization,
  isConnectionError,
  type PendingAuthorization,
  type Provider,
  revealTokens,
  startAuthorization,
  type Tokens,
} from "@codegrant/client";
import { createExpiringMap } from "./expiring-map.ts";
import { createNarratedFetch } from "./narrated-fetch.ts";
import {
  type ApiAnswer,
  approvedPage,
  declinedPage,
  homePage,
  plainPage,
  problemPage,
  type WireTokens,
} from "./pages.ts";
import { type OnStep, withoutSecrets } from "./step.ts";
import { stylesheet } from "./stylesheet.ts";
import { type Answer, browserCookie, browserOf, send } from "./web.ts";

export interface SampleApplicationOptions {
  readonly provider: Provider;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  /** The whole address of the request made on the user's behalf, such as `http://localhost:8080/kraken/user`. */
  readonly apiUrl: string;
  /** On 127.0.0.1; a free one by default. The redirect URI to register is `http://127.0.0.1:PORT/callback`. */
  readonly port?: number | undefined;
  /** Hears each message as it is sent, its secrets shortened to fingerprints. */
  readonly onStep?: OnStep | undefined;
  /** Hears how each flow ended, tokens in the open. */
  readonly onOutcome?: ((outcome: Outcome) => void) | undefined;
}

export type Outcome =
  | { readonly status: "approved"; readonly tokens: WireTokens; readonly answer: ApiAnswer }
  | { readonly status: "declined"; readonly error: ConnectionError };

export interface SampleApplication {
  readonly url: string;
  readonly redirectUri: string;
  close(): Promise<void>;
}

/**
 * A small application that connects to a platform: a button, a callback, a page that shows what came of it.
 *
 * @example
 * const application = await createSampleApplication({ provider, clientId, clientSecret, scopes, apiUrl, port: 3000 });
 * console.log(application.url);
 */
export async function createSampleApplication(options: SampleApplicationOptions): Promise<SampleApplication> {
  const server = createServer({ requestTimeout: 10_000 });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The application has no port.");
  const url = `http://127.0.0.1:${address.port}`;
  const redirectUri = `${url}/callback`;
  server.on("request", createListener(options, url, redirectUri));
  return {
    url: `${url}/`,
    redirectUri,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a browser that started a login has to bring back: the record, bound to its cookie. */
interface PendingLogin {
  readonly browser: string;
  readonly pending: PendingAuthorization;
}

function createListener(options: SampleApplicationOptions, url: string, redirectUri: string): RequestListener {
  const { provider, clientId, clientSecret, scopes, onStep, onOutcome } = options;
  const platform = provider.title;
  // One record per state, so that two tabs do not disturb each other. Ten minutes to sign in and decide.
  const logins = createExpiringMap<PendingLogin>({ maximumCount: 1_000, lifetimeSeconds: 600 });
  const outcomes = createExpiringMap<Outcome>({ maximumCount: 1_000, lifetimeSeconds: 3_600 });
  const fetch = createNarratedFetch(onStep);

  async function connect(browser: string): Promise<Answer> {
    const { url: authorizeUrl, pending } = await startAuthorization(provider, { clientId, redirectUri, scopes });
    logins.keep(pending.state, { browser, pending }, now());
    const what = "a redirect to the platform, to ask the user";
    onStep?.({ from: "application", to: "browser", status: 303, url: withoutSecrets(authorizeUrl), what });
    return { status: 303, headers: { location: authorizeUrl, ...browserCookie(browser) } };
  }

  async function callback(browser: string, target: URL): Promise<Answer> {
    const what = target.searchParams.has("error") ? "the user's answer: an error" : "the user's answer: a code";
    onStep?.({ from: "browser", to: "application", method: "GET", url: withoutSecrets(target), what });
    const login = logins.find(target.searchParams.get("state") ?? "", now());
    // Another browser's record is no record: whoever sends a stranger here must not connect them (RFC 9700, 4.7).
    const pending = login?.browser === browser ? login.pending : undefined;
    const result = await finishAuthorization(provider, { clientId, clientSecret }, pending, target, { fetch });
    const outcome: Outcome =
      result.status === "declined"
        ? result
        : { status: "approved", tokens: wireTokensOf(result.tokens), answer: await askApi(result.tokens) };
    outcomes.keep(browser, outcome, now());
    onOutcome?.(outcome);
    // On to an address without the code, which then stays in no history (RFC 9700, 4.3.1).
    return { status: 303, headers: { location: "/connected" } };
  }

  async function askApi(tokens: Tokens): Promise<ApiAnswer> {
    const { apiUrl } = options;
    const headers = { authorization: `OAuth ${tokens.accessToken.reveal()}`, accept: "application/json" };
    try {
      const response = await fetch(apiUrl, { headers, redirect: "error", signal: AbortSignal.timeout(10_000) });
      return { url: apiUrl, status: response.status, body: (await response.text()).slice(0, 10_000) };
    } catch {
      // The tokens are good all the same, and worth showing.
      return { url: apiUrl, status: undefined, body: "The platform did not answer." };
    }
  }

  function connected(browser: string): Answer {
    const outcome = outcomes.find(browser, now());
    if (outcome === undefined) return { status: 303, headers: { location: "/" } };
    if (outcome.status === "declined") return { status: 200, body: declinedPage(platform, outcome.error) };
    return { status: 200, body: approvedPage(platform, outcome.tokens, outcome.answer) };
  }

  const routes: Readonly<Record<string, (browser: string, target: URL) => Answer | Promise<Answer>>> = {
    "/": () => ({ status: 200, body: homePage(platform, scopes) }),
    "/connect": connect,
    "/callback": callback,
    "/connected": connected,
    "/style.css": () => ({ status: 200, headers: { "content-type": "text/css; charset=utf-8" }, body: stylesheet }),
  };

  async function answer(request: IncomingMessage): Promise<Answer> {
    const target = new URL(request.url ?? "/", url);
    // Another name for this address means that somebody else's page asks (DNS rebinding).
    if (`http://${request.headers.host}` !== url)
      return { status: 421, body: plainPage("Wrong address", `Open ${url}`) };
    const route = Object.hasOwn(routes, target.pathname) ? routes[target.pathname] : undefined;
    if (route === undefined) return { status: 404, body: plainPage("Nothing here", "This page does not exist.") };
    if (request.method !== "GET")
      return { status: 405, body: plainPage("Not like this", "This page can only be opened.") };
    return await route(browserOf(request), target);
  }

  return (request, response) => {
    answer(request)
      .catch((error: unknown) => problem(platform, error))
      .then((made) => send(response, made))
      .catch(() => response.destroy());
  };
}

function problem(platform: string, error: unknown): Answer {
  if (isConnectionError(error))
    return { status: error.actor === "user" ? 400 : 502, body: problemPage(platform, error) };
  return { status: 500, body: plainPage("Something went wrong", "It is not your fault. Please try again.") };
}

function wireTokensOf(tokens: Tokens): WireTokens {
  const { accessToken, refreshToken, scopes, expiresAt, tokenType, receivedAt } = revealTokens(tokens);
  return {
    access_token: accessToken,
    ...(expiresAt === undefined ? {} : { expires_in: expiresAt - receivedAt }),
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: scopes,
    token_type: tokenType,
  };
}

function now(): number {
  return Math.floor(Date.now() / 1_000);
}
