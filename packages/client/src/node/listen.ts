import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FlowError } from "@codegrant/protocol";
import type { AnswerCallback, CallbackListener, LandingPage } from "../connect/machine.ts";
import { formatLandingPage, landingHeaders, landingPolicy, landingStatus } from "./landing-page.ts";
import { codeOf } from "./process-identity.ts";

/**
 * Waits for the provider's answer at a loopback redirect URI (RFC 8252, 7.3): at the literal address in it, or for
 * `localhost` at both, since nobody knows which one the browser takes. Another program at either is `ERR_PORT_BUSY`.
 */
export async function listenForCallback(redirectUri: string, answer: AnswerCallback): Promise<CallbackListener> {
  const url = new URL(redirectUri);
  const visits = createVisits(url, answer);
  const servers: Server[] = [];
  let port = url.port === "" ? 80 : Number(url.port);
  try {
    for (const host of hostsOf(url.hostname)) {
      const server = createCallbackServer(visits.handle);
      if (!(await bind(server, host, port, redirectUri))) continue;
      servers.push(server);
      port = (server.address() as AddressInfo).port;
    }
    if (servers.length === 0) throw new FlowError("ERR_PORT_BUSY", `This machine has no address for ${redirectUri}.`);
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  visits.port = port;
  return {
    redirectUri: url.port === "0" ? redirectUri.replace(/:0(?=\/|$)/, `:${port}`) : redirectUri,
    async close() {
      await visits.settled();
      await Promise.all(servers.map(closeServer));
    },
  };
}

/** Never the name itself: it may resolve to one family alone, or to anything. */
function hostsOf(hostname: string): readonly string[] {
  if (hostname === "localhost") return ["127.0.0.1", "::1"];
  return [hostname.replace(/^\[|\]$/g, "")];
}

/** Slow and many connections are cut off, so that the one that counts gets through. */
function createCallbackServer(handle: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = createServer(
    { connectionsCheckingInterval: 500, headersTimeout: 3_000, requestTimeout: 3_000, keepAliveTimeout: 1_000 },
    handle,
  );
  server.maxConnections = 512;
  server.maxRequestsPerSocket = 20;
  return server;
}

/** False where the machine does not have this family at all. */
function bind(server: Server, host: string, port: number, redirectUri: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      const code = codeOf(cause);
      if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") return resolve(false);
      const reason = code === "EACCES" ? "may not be used by this program" : "is held by another program";
      reject(new FlowError("ERR_PORT_BUSY", `The port of ${redirectUri} ${reason}.`, { cause }));
    });
    // One family only: `::1` must not take IPv4 along, nor fail because we hold it.
    server.listen({ host, port, ipv6Only: true }, () => resolve(true));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

interface Visits {
  port: number;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** The page that was promised to the browser has been fetched, or a second has passed. */
  settled(): Promise<void>;
}

function createVisits({ pathname, hostname }: URL, answer: AnswerCallback): Visits {
  // Where a browser lands, so that no code stays in its address bar. It says which page, and the page says no more.
  const landing = `${pathname.replace(/\/$/, "")}/done/`;
  const promised = new Set<NodeJS.Timeout>();
  let tell: () => void = () => undefined;

  function promise(): void {
    const timer = setTimeout(() => keepPromise(timer), landingMilliseconds);
    promised.add(timer);
  }

  function keepPromise(timer: NodeJS.Timeout | undefined): void {
    clearTimeout(timer);
    if (timer !== undefined) promised.delete(timer);
    if (promised.size === 0) tell();
  }

  async function take(callback: string, response: ServerResponse): Promise<void> {
    const page = await answer(callback).catch((): LandingPage => "failed");
    if (page === "stray") return show(response, page);
    promise();
    response.writeHead(303, { ...landingHeaders, location: landing + page }).end();
  }

  const visits: Visits = {
    port: 0,
    handle(request, response) {
      const path = request.url ?? "";
      const [name = ""] = path.split("?", 1);
      if (!isForUs(request, hostname, visits.port)) return refuse(response, 421);
      // A page's script names its origin; a browser that follows a redirect does not.
      if (request.headers.origin !== undefined) return refuse(response, 403);
      if (request.method !== "GET") return refuse(response, 405, { allow: "GET" });
      if (name === pathname && path.length <= maximumPathLength) return void take(path, response);
      const page = pages.find((one) => name === landing + one);
      if (page === undefined) return refuse(response, 404);
      response.once("finish", () => keepPromise([...promised][0]));
      show(response, page);
    },
    settled: () =>
      new Promise((resolve) => {
        tell = resolve;
        // The answer that ended the login promises its page in this same turn.
        setImmediate(() => {
          if (promised.size === 0) resolve();
        });
      }),
  };
  return visits;
}

const landingMilliseconds = 1_000;
const maximumPathLength = 12_000;
const pages: readonly LandingPage[] = ["approved", "declined", "other_user", "failed"];

/** A name that was made to point here (DNS rebinding) is not ours. */
function isForUs({ headers }: IncomingMessage, hostname: string, port: number): boolean {
  const names = hostname === "localhost" ? ["localhost", "127.0.0.1", "[::1]"] : [hostname];
  const hosts = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  return headers.host !== undefined && hosts.includes(headers.host.toLowerCase());
}

function show(response: ServerResponse, page: LandingPage): void {
  response.writeHead(landingStatus[page], { ...landingHeaders, "content-security-policy": landingPolicy });
  response.end(formatLandingPage(page));
}

function refuse(response: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...headers, "cache-control": "no-store", connection: "close" }).end();
}
