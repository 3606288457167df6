/** A page as it arrived, and from where after all redirects. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

export interface BrowserRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  /** Form-encoded. */
  readonly body?: string | undefined;
}

/** What the browser says about each answer on its way, redirects included. */
export type OnAnswer = (answer: {
  readonly url: string;
  readonly status: number;
  readonly location?: string | undefined;
}) => void;

const maximumRedirects = 10;
const timeoutSeconds = 10;
const maximumPageCharacters = 1_048_576;

export interface Browser {
  /** The page behind an address, after all redirects; `onAnswer` hears of each on the way. */
  open(request: BrowserRequest, onAnswer?: OnAnswer): Promise<Page>;
}

/** A browser without a screen: it keeps cookies per host and follows redirects. */
export function createBrowser(): Browser {
  const jar = createCookieJar();

  async function open(request: BrowserRequest, onAnswer: OnAnswer = () => undefined): Promise<Page> {
    let next = request;
    for (let redirects = 0; redirects <= maximumRedirects; redirects++) {
      const response = await fetchWithCookies(next, jar);
      const location = response.headers.get("location");
      const isRedirect = location !== null && [301, 302, 303, 307, 308].includes(response.status);
      const target = isRedirect ? new URL(location, next.url).href : undefined;
      onAnswer({ url: next.url, status: response.status, location: target });
      const text = (await response.text()).slice(0, maximumPageCharacters);
      if (target === undefined) return { url: next.url, status: response.status, text };
      const keepsBody = response.status === 307 || response.status === 308;
      next = keepsBody ? { ...next, url: target } : { url: target, method: "GET" };
    }
    throw new Error(`${new URL(request.url).host} redirected more than ${maximumRedirects} times.`);
  }
  return { open };
}

async function fetchWithCookies(request: BrowserRequest, jar: CookieJar): Promise<Response> {
  const url = new URL(request.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new Error(`A browser cannot open ${url.protocol}`);
  const headers = new Headers({ accept: "text/html" });
  const cookies = jar.find(url);
  if (cookies !== "") headers.set("cookie", cookies);
  if (request.body !== undefined) headers.set("content-type", "application/x-www-form-urlencoded");
  const response = await fetch(url, {
    method: request.method,
    headers,
    body: request.body ?? null,
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutSeconds * 1_000),
  });
  jar.keep(url, response.headers.getSetCookie());
  return response;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly isSecure: boolean;
}

interface CookieJar {
  /** The `Cookie` header for this address, empty if there is none. */
  find(url: URL): string;
  keep(url: URL, setCookieHeaders: readonly string[]): void;
}

/** A jar per host name: cookies know no ports (RFC 6265, 8.5), and domains are not shared here. */
function createCookieJar(): CookieJar {
  const jars = new Map<string, Map<string, Cookie>>();
  return {
    find(url) {
      const cookies = [...(jars.get(url.hostname)?.values() ?? [])];
      const fitting = cookies.filter(
        (cookie) => url.pathname.startsWith(cookie.path) && (!cookie.isSecure || url.protocol === "https:"),
      );
      return fitting.map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
    },
    keep(url, setCookieHeaders) {
      const jar = jars.get(url.hostname) ?? new Map<string, Cookie>();
      jars.set(url.hostname, jar);
      for (const header of setCookieHeaders) {
        const { cookie, isRemoved } = parseSetCookie(header);
        if (isRemoved) jar.delete(cookie.name);
        else jar.set(cookie.name, cookie);
      }
    },
  };
}

function parseSetCookie(header: string): { cookie: Cookie; isRemoved: boolean } {
  const [pair = "", ...attributes] = header.split(";").map((part) => part.trim());
  const equals = pair.indexOf("=");
  const find = (name: string): string | undefined => {
    const found = attributes.find((attribute) => attribute.toLowerCase().split("=")[0] === name);
    return found === undefined ? undefined : found.slice(name.length + 1);
  };
  const maximumAge = find("max-age");
  const expires = find("expires");
  const isRemoved =
    maximumAge === undefined ? expires !== undefined && Date.parse(expires) <= Date.now() : Number(maximumAge) <= 0;
  const cookie = {
    name: pair.slice(0, equals),
    value: pair.slice(equals + 1),
    path: find("path") ?? "/",
    isSecure: find("secure") !== undefined,
  };
  return { cookie, isRemoved };
}
