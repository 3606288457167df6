import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Message, maximumBodyBytes, type RequestRecord } from "../message.ts";
import type { Server } from "../server.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

export interface NodeHandlerOptions {
  /** Whose `X-Forwarded-For` is believed; nobody's by default. */
  readonly trustedProxies?: TrustedProxies;
  createRequestId?(): string;
  /** Requests that were read and wait for their answer; the next one is sent away at once. 1,000 unless given. */
  readonly maximumInFlight?: number;
  /** Told when that begins, and again only after it was over: for the log. */
  onBusy?(): void;
}

/**
 * Carries a server on `node:http`, without a `Request` or `Response` in between: those cost more than the whole answer.
 * A body over `maximumBodyBytes` is not read, and its connection is closed after the answer. While too much waits,
 * whoever comes is answered with 503 and `Retry-After`: a quick no is kinder than a late answer.
 */
export function createNodeHandler(server: Server, options: NodeHandlerOptions = {}): RequestListener {
  const createRequestId = options.createRequestId ?? randomUUID;
  const places = createPlaces(options);
  return (incoming, response) => {
    if (!places.isFree()) return refuseBusy(incoming, response);
    readBody(incoming)
      .then(
        (body) => {
          // Again, and counted only now: whoever sends slowly takes nobody's place.
          if (!places.isFree()) return refuseBusy(incoming, response);
          places.take();
          return server(new NodeRequest(incoming, body, createRequestId(), options.trustedProxies))
            .then((message) => send(response, message, body === undefined ? closing : []))
            .finally(places.leave);
        },
        // The peer went away while sending: nobody is left to answer.
        () => response.destroy(),
      )
      .catch(() => response.destroy()); // a message that Node will not send costs one connection, not the process
  };
}

interface Places {
  /** Also notes when there is none. */
  isFree(): boolean;
  take(): void;
  leave(this: void): void;
}

function createPlaces({ maximumInFlight = 1_000, onBusy }: NodeHandlerOptions): Places {
  let taken = 0;
  let isBusy = false;
  return {
    isFree() {
      if (taken < maximumInFlight) return true;
      if (!isBusy) onBusy?.();
      isBusy = true;
      return false;
    },
    take() {
      taken += 1;
    },
    leave() {
      taken -= 1;
      if (taken <= maximumInFlight / 2) isBusy = false;
    },
  };
}

/** A class, so that a request costs one object and no closures; an address is looked up by whoever needs it. */
class NodeRequest implements RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly bodyIsTooLarge: boolean;
  readonly requestId: string;
  readonly #incoming: IncomingMessage;
  readonly #peer: string;
  readonly #trustedProxies: TrustedProxies | undefined;

  constructor(
    incoming: IncomingMessage,
    body: string | undefined,
    requestId: string,
    trustedProxies: TrustedProxies | undefined,
  ) {
    const url = incoming.url ?? "/";
    const mark = url.indexOf("?");
    this.method = incoming.method ?? "GET";
    this.path = mark === -1 ? url : url.slice(0, mark);
    this.query = mark === -1 ? "" : url.slice(mark + 1);
    this.body = body ?? "";
    this.bodyIsTooLarge = body === undefined;
    this.requestId = requestId;
    this.#incoming = incoming;
    // Now: a socket that was closed no longer knows it.
    this.#peer = incoming.socket.remoteAddress ?? "";
    this.#trustedProxies = trustedProxies;
  }

  get remoteAddress(): string {
    return this.#trustedProxies?.addressOf(this.#peer, this.#incoming.headers["x-forwarded-for"]) ?? this.#peer;
  }

  header(name: string): string | undefined {
    const value = this.#incoming.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  headerCount(name: string): number {
    const { rawHeaders } = this.#incoming;
    let count = 0;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const sent = rawHeaders[i];
      if (sent?.length === name.length && sent.toLowerCase() === name) count++;
    }
    return count;
  }
}

/** The body as Latin-1, or undefined when it is larger than any request of ours. */
function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  if (incoming.method === "GET" || incoming.method === "HEAD") return Promise.resolve("");
  if (Number(incoming.headers["content-length"] ?? 0) > maximumBodyBytes) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    let body = "";
    incoming.setEncoding("latin1");
    incoming.on("data", (chunk: string) => {
      body += chunk;
      if (body.length > maximumBodyBytes) {
        incoming.pause();
        incoming.removeAllListeners("data");
        resolve(undefined);
      }
    });
    incoming.on("end", () => resolve(body));
    incoming.on("error", reject);
    incoming.on("close", () => reject(new Error("closed")));
  });
}

/** What is left of an unread body must not be taken for the next request. */
const closing: readonly string[] = ["Connection", "close"];

/** Says it in the members of every dialect, since none has been chosen yet; to a person in words. */
function refuseBusy({ headers }: IncomingMessage, response: ServerResponse): void {
  const sentence = "The server has too much to do at this moment. Try again in a few seconds.";
  const isPerson = headers.accept?.includes("text/html") ?? false;
  const members = { status: 503, error: "temporarily_unavailable", error_description: sentence, message: sentence };
  const body = isPerson ? sentence : JSON.stringify(members);
  response.writeHead(503, {
    "Content-Type": isPerson ? "text/plain; charset=utf-8" : "application/json",
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    "Retry-After": "2",
    Connection: "close",
  });
  response.end(body);
}

function send(response: ServerResponse, { status, headers, body }: Message, more: readonly string[]): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, [...headers, ...more, "Content-Length", length]);
  response.end(body);
}
