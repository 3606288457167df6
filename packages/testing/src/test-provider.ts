import {
  type ClientCredentials,
  type ConnectOptions,
  codegrantProvider,
  findProvider,
  type Machine,
  type Provider,
  providers,
  type RefreshHabits,
} from "@codegrant/client";
import { endUserGrants, type HostUser, type Platform } from "@codegrant/server";
import { moveProvider } from "./addresses.ts";
import { createTestClock, type TestClock } from "./clock.ts";
import { createFaultPlan, type FaultName, type FaultOptions } from "./faults.ts";
import { listenOn } from "./listener.ts";
import { createTestMachine } from "./machine.ts";
import type { Manners } from "./manners.ts";
import { createTestPlatform, registerAt, type TestApplication } from "./platform.ts";
import { createProviderServer, type ServerParts } from "./provider-server.ts";
import { type Broken, type Call, describeCall, type ReceivedRequest } from "./received.ts";
import type { ScriptedUser } from "./scripted-user.ts";

export interface TestProviderOptions {
  /** The application under test; with the provider's usual redirect URI and `https://app.example/callback` if absent. */
  readonly application?: TestApplication | undefined;
  /** Who is signed in at the provider; Ada unless given. */
  readonly account?: HostUser | undefined;
  readonly manners?: Manners | undefined;
  /** What becomes of refresh tokens, in place of what the provider is known for: reuse detection, windows. */
  readonly refresh?: RefreshHabits | undefined;
  /** The scopes there are; any at all unless given. */
  readonly scopes?: readonly string[] | undefined;
  /** What the platform's API answers to whoever holds a good token. */
  readonly api?: ServerParts["api"];
  readonly clock?: TestClock | undefined;
}

/** A provider of a test's own, in memory. */
export interface TestProvider {
  /** For the client under test: the named provider as it is, or moved to this machine. */
  readonly provider: Provider;
  /** The application as it is registered. */
  readonly client: ClientCredentials;
  /** Everything that `connect` takes but the scopes: client, redirect URI, `fetch`, `clock` and `machine`. */
  readonly options: Omit<ConnectOptions, "scopes">;
  readonly user: ScriptedUser;
  /** The provider's own; the client's too, if it takes one. */
  readonly clock: TestClock;
  /** What came, in order; the last 1,000. */
  readonly requests: readonly ReceivedRequest[];
  /** Our own server underneath, for whatever is not here: its store, its settings. */
  readonly platform: Platform;
  /** Reaches this provider and nothing else: any other address is a `TypeError`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /**
   * The scripted user opens an address: the authorize URL, or the one a device shows. Gives the address the browser is
   * sent back to, or undefined when none comes back. Throws what the page says when it is an error.
   */
  visit(url: string | URL): Promise<string | undefined>;
  /** For `login()`: a machine whose browser is the scripted user's, without any port. */
  readonly machine: Machine;
  /** Something will go wrong: once, at the token endpoint, unless it says otherwise. */
  misbehave(fault: FaultName, options?: FaultOptions): void;
  /** Nothing will go wrong any more. */
  behave(): void;
  /** Another application at the same provider. */
  register(application?: TestApplication): Promise<ClientCredentials>;
  /** The user whose account it is disconnects all applications, or changes the password: every token ends. */
  disconnect(account?: HostUser): Promise<void>;
  /** Ends whatever is still being answered; afterwards nobody is. */
  close(): Promise<void>;
}

/** One that listens on this machine. `client`, `options` and `provider` point there. */
export interface ListeningTestProvider extends TestProvider {
  /** Without a slash at its end; the provider's own paths lie below it. */
  readonly url: string;
}

/**
 * A provider in this process, at the real addresses of the platform it is named after, reached by its `fetch` alone.
 * `"codegrant-rfc6749"`, the default, keeps to RFC 6749 as RFC 9700 tightens it. Throws `TypeError` for a name nobody has.
 *
 * @example
 * ```ts
 * import { connect, twitch } from "@codegrant/client";
 *
 * const provider = await createTestProvider("twitch");
 * const connection = connect(twitch, { ...provider.options, scopes: ["chat:read"] });
 * await connection.login();
 * provider.clock.advance(4 * 3_600);
 * provider.misbehave("answerLost");
 * await connection.accessToken();
 * ```
 */
export async function createTestProvider(
  named: string | Provider = "codegrant-rfc6749",
  options: TestProviderOptions = {},
): Promise<TestProvider> {
  const provider = providerOf(named);
  const issuer = new URL(provider.endpoints.authorize).origin;
  return await assemble({ provider, issuer, originMatters: true, showsPages: false }, options);
}

/**
 * The same on a port of this machine, for programs that take no `fetch`, in whatever language. With `pages` a person,
 * or a test with a browser, answers the real pages; without them the scripted user answers at once, so that a plain
 * HTTP client that follows redirects comes back by itself. Rejects if the port is taken.
 *
 * @example
 * ```ts
 * const provider = await startTestProvider("github");
 * console.log(provider.url, provider.client.clientId);
 * await provider.close();
 * ```
 */
export async function startTestProvider(
  named: string | Provider = "codegrant-rfc6749",
  {
    port = 0,
    pages = false,
    ...options
  }: TestProviderOptions & { readonly port?: number; readonly pages?: boolean } = {},
): Promise<ListeningTestProvider> {
  // The addresses hang on the port, so the port is taken first.
  const late: { answer?: Assembled["answer"] } = {};
  const listener = await listenOn(port, async ({ path, ...request }) => {
    const url = new URL(path, listener.baseUrl);
    return (await late.answer?.({ ...request, url })) ?? new Response("Not yet", { status: 503 });
  });
  const issuer = listener.baseUrl;
  const provider = moveProvider(providerOf(named), issuer);
  const assembled = await assemble({ provider, issuer, originMatters: false, showsPages: pages }, options);
  const { answer, close } = assembled;
  late.answer = answer;
  return Object.assign(assembled, {
    url: listener.baseUrl,
    async close() {
      await close();
      await listener.close();
    },
  });
}

function providerOf(named: string | Provider): Provider {
  if (typeof named !== "string") return named;
  const found = findProvider(named) ?? own.find(({ name }) => name === named);
  if (found !== undefined) return found;
  const names = [...own, ...providers].map(({ name }) => name).join(", ");
  throw new TypeError(`No provider is called "${named}". There are: ${names}; or pass a provider of your own.`);
}

const own: readonly Provider[] = (["rfc6749", "twitch", "kraken"] as const).map((dialect) =>
  codegrantProvider("https://codegrant.example", dialect),
);

interface Place {
  readonly provider: Provider;
  readonly issuer: string;
  readonly originMatters: boolean;
  readonly showsPages: boolean;
}

interface Assembled extends TestProvider {
  answer(request: Omit<Call, "endpoint">): Promise<Response | Broken>;
}

/** Of requests that are remembered. */
const maximumRequests = 1_000;

async function assemble(place: Place, given: TestProviderOptions): Promise<Assembled> {
  const { issuer } = place;
  const { account = ada, manners = {}, refresh, clock = createTestClock() } = given;
  const provider = withHabits(place.provider, refresh);
  const user: ScriptedUser = { account, answer: "approve" };
  const accounts = new Map<string, HostUser>();
  const signedIn = (): HostUser => {
    accounts.set(user.account.id, user.account);
    return user.account;
  };
  const findUser = (id: string): HostUser | undefined => accounts.get(id);
  const now = (): number => clock.now();
  const platform = createTestPlatform({ provider, issuer, now, signedIn, findUser, scopes: given.scopes });
  const plan = createFaultPlan();
  const server = createProviderServer({ ...place, provider, platform, user, manners, plan, findUser, api: given.api });
  const redirectUris = given.application?.redirectUris ?? usualRedirectUris(provider);
  const register = (application: TestApplication = {}): Promise<ClientCredentials> =>
    registerAt(platform, provider, { ...application, redirectUris: application.redirectUris ?? redirectUris });
  const client = await register(given.application);
  const requests: ReceivedRequest[] = [];
  const aborter = new AbortController();

  async function answer({ signal, ...request }: Omit<Call, "endpoint">): Promise<Response | Broken> {
    const endpoint = server.nameOf(request.url);
    if (endpoint === undefined) {
      throw new TypeError(`${request.url.origin}${request.url.pathname} is no address of ${provider.title}.`);
    }
    if (aborter.signal.aborted) throw new TypeError("fetch failed", { cause: aborter.signal.reason });
    const call: Call = { ...request, endpoint, signal: AbortSignal.any([signal, aborter.signal]) };
    requests.push(describeCall(call));
    if (requests.length > maximumRequests) requests.shift();
    return await server.answer(call);
  }

  async function ownFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const request = new Request(input, init);
    request.signal.throwIfAborted();
    const { method, headers, signal } = request;
    const body = new Uint8Array(await request.arrayBuffer());
    const outcome = await answer({ method, headers, signal, body, url: new URL(request.url) });
    if ("brokenBy" in outcome) throw networkError(outcome);
    return outcome;
  }

  async function visit(url: string | URL): Promise<string | undefined> {
    const response = await ownFetch(url);
    if (response.status >= 400) throw new Error(`${provider.title} shows a page: ${titleOf(await response.text())}`);
    return response.headers.get("location") ?? undefined;
  }

  const machine = createTestMachine(visit);
  return {
    provider,
    client,
    options: { ...client, redirectUri: redirectUris[0], clock, machine, fetch: ownFetch },
    user,
    clock,
    requests,
    platform,
    machine,
    fetch: ownFetch,
    visit,
    answer,
    register,
    misbehave: (fault, options = {}) => plan.add(fault, options),
    behave: () => plan.clear(),
    disconnect: (whose = user.account) => endUserGrants(platform, whose.id),
    async close() {
      aborter.abort(new Error("The test provider is closed."));
    },
  };
}

/** The client is to know what the test asked for. */
function withHabits(provider: Provider, refresh: RefreshHabits | undefined): Provider {
  if (refresh === undefined) return provider;
  const { refresh: usual, publicRefresh } = provider;
  return { ...provider, refresh: { ...usual, ...refresh }, publicRefresh: { ...publicRefresh, ...refresh } };
}

const ada: HostUser = { id: "1001", login: "ada", displayName: "Ada", email: "ada@example.org" };

/** The first is one that `login()` can wait at. */
function usualRedirectUris({ defaultRedirectUri = "http://localhost:3000/callback" }: Provider): readonly string[] {
  return [defaultRedirectUri, "https://app.example/callback"];
}

/** As Node's own fetch fails. */
function networkError({ brokenBy }: Broken): TypeError {
  const cause = Object.assign(new Error(brokenBy), { code: brokenBy });
  return new TypeError("fetch failed", { cause });
}

function titleOf(page: string): string {
  return /<title>([^<]*)/.exec(page)?.[1]?.trim() ?? page.slice(0, 200);
}
