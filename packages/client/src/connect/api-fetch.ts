import { isConnectionError } from "../advice.ts";
import type { Keeper } from "../keeper/keeper.ts";
import type { KeeperParts } from "../keeper/keeper-parts.ts";
import { apiHeadersOf } from "../provider.ts";

/** Redirects of one request. */
const maximumRedirects = 5;

/**
 * A request with the token, to the provider's own API and the origins that were named, in the header alone. A 401 gets
 * one retry with a fresh token, unless the body was a stream, which is gone after the first time. A redirect to another
 * origin is followed without the token and without any header of the caller's, and not at all with a body.
 */
export async function fetchWithToken(
  parts: KeeperParts,
  keeper: Keeper,
  account: string,
  origins: ReadonlySet<string>,
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<Response> {
  const call = describeCall(parts, input, init);
  if (!origins.has(call.url.origin)) {
    throw new TypeError(
      `The token is not sent to ${call.url.origin}. If it belongs there, name that origin in \`apiOrigins\`.`,
    );
  }
  const send = (token: string): Promise<Answer> => follow(parts, call, token, origins);
  const { accessToken } = await keeper.freshTokens(account);
  const { response, hadToken } = await send(accessToken);
  if (response.status !== 401 || !hadToken) return response;
  const fresh = await replaced(keeper, account, accessToken);
  if (fresh === undefined || !isSendableTwice(call.init.body)) return response;
  await response.body?.cancel().catch(() => undefined);
  return (await send(fresh)).response;
}

interface Answer {
  readonly response: Response;
  /** False after a redirect to elsewhere: what is said there is not said of the token. */
  readonly hadToken: boolean;
}

interface ApiCall {
  readonly url: URL;
  readonly init: RequestInit;
}

function describeCall({ provider }: KeeperParts, input: string | URL | Request, init: RequestInit): ApiCall {
  if (!(input instanceof Request)) return { url: addressOf(provider.api?.baseUrl, input), init };
  const { url, method, headers, body, signal, redirect } = input;
  // A request's body is a stream; Node wants to be told so.
  const own = { method, headers, signal, redirect, ...(body === null ? {} : { body, duplex: "half" as const }) };
  return { url: new URL(url), init: { ...own, ...init } };
}

/** A path is put behind the API's address, whatever path that has itself. */
function addressOf(baseUrl: string | undefined, input: string | URL): URL {
  const text = String(input);
  if (!text.startsWith("/")) {
    if (URL.canParse(text)) return new URL(text);
    throw new TypeError("fetch takes a path such as /helix/users, or a whole address.");
  }
  // `//host` would be an address of another host.
  if (baseUrl === undefined || text.startsWith("//")) throw new TypeError("fetch needs a whole address here.");
  return new URL(baseUrl.replace(/\/$/, "") + text);
}

async function follow(
  { provider, client, call }: KeeperParts,
  { url, init }: ApiCall,
  token: string,
  origins: ReadonlySet<string>,
): Promise<Answer> {
  const send = call.fetch ?? fetch;
  const { redirect = "follow" } = init;
  let at = url;
  let hadToken = true;
  let next: RequestInit = { ...init, headers: withToken(init.headers, apiHeadersOf(provider, client.clientId, token)) };
  for (let hops = 0; ; hops++) {
    const response = await send(at.href, { ...next, redirect: "manual" });
    const to = redirect === "manual" ? undefined : targetOf(response, at);
    if (to === undefined || (redirect === "follow" && hops >= maximumRedirects)) return { response, hadToken };
    if (redirect === "error") {
      await response.body?.cancel().catch(() => undefined);
      throw new TypeError(`${at.origin} answered with a redirect, and \`redirect\` is "error".`);
    }
    const isSameOrigin = to.origin === at.origin && origins.has(to.origin);
    const moved = movedRequest(response.status, next, isSameOrigin);
    if (moved === undefined) return { response, hadToken };
    await response.body?.cancel().catch(() => undefined);
    hadToken &&= isSameOrigin;
    next = moved;
    at = to;
  }
}

function withToken(headers: RequestInit["headers"], own: Readonly<Record<string, string>>): Headers {
  const all = new Headers(headers);
  for (const [name, value] of Object.entries(own)) all.set(name, value);
  return all;
}

function targetOf({ status, headers }: Response, from: URL): URL | undefined {
  const location = [301, 302, 303, 307, 308].includes(status) ? headers.get("location") : null;
  if (location === null || !URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from.href);
  return to.protocol === "https:" || to.protocol === "http:" ? to : undefined;
}

/** As fetch does it, but elsewhere nothing of this request goes along. `undefined`: it cannot be sent again. */
function movedRequest(status: number, init: RequestInit, isSameOrigin: boolean): RequestInit | undefined {
  const { method = "GET", signal = null } = init;
  const isRead = method === "GET" || method === "HEAD";
  const becomesGet = (status === 303 && !isRead) || ((status === 301 || status === 302) && method === "POST");
  if (!isRead && !becomesGet && (!isSameOrigin || !isSendableTwice(init.body))) return undefined;
  const plain: RequestInit = { signal, method: becomesGet ? "GET" : method };
  if (!isSameOrigin) return plain;
  if (!becomesGet) return init;
  const headers = new Headers(init.headers);
  for (const name of ["content-type", "content-length", "content-encoding"]) headers.delete(name);
  return { ...plain, headers };
}

function isSendableTwice(body: unknown): boolean {
  return !(
    typeof body === "object" &&
    body !== null &&
    (body instanceof ReadableStream || Symbol.asyncIterator in body)
  );
}

/** Another token than the refused one, if there is any: else the 401 is the answer. */
async function replaced(keeper: Keeper, account: string, refused: string): Promise<string | undefined> {
  try {
    return (await keeper.freshTokens(account, { refused })).accessToken;
  } catch (error) {
    if (isConnectionError(error)) return undefined;
    throw error;
  }
}
