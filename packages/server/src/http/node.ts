import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type Message, maximumBodyBytes, type RequestRecord } from "../message.ts";
import type { Server } from "../server.ts";
import { createPlaces, type PlacesOptions } from "./places.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

export interface NodeHandlerOptions extends PlacesOptions {
  /** Whose `X-Forwarded-For` is believed; nobody's by default. */
  readonly trustedProxies?: TrustedProxies;
  createRequestId?(): string;
}

/**
 * Carries a server on `node:http`, without a `Request` or `Response` in between: those cost more than the whole answer.
 * A body over `maximumBodyBytes` is not read, and its connection is closed after the answer. While too much waits,
 * whoever comes is answered with 503 and `Retry-After`: a quick no is kinder than a late answer. A body that somebody
 * has read before is the caller's mistake: an error for `next`, or 500.
 */
export function createNodeHandler(server: Server, options: NodeHandlerOptions = {}): NodeHandler {
  const createRequestId = options.createRequestId ?? randomUUID;
  const places = createPlaces(options);
  const answer = async (incoming: IncomingMessage, response: ServerResponse, body: string | undefined) => {
    try {
      // Whoever hung up while waiting wants no answer.
      if (response.destroyed || incoming.socket.destroyed) return;
      const message = await server(new NodeRequest(incoming, body, createRequestId, options.trustedProxies));
      sendMessage(response, body === undefined ? thenClosing(message) : message);
    } finally {
      places.leave();
    }
  };
  const enter = (incoming: IncomingMessage, response: ServerResponse, body: string | undefined): void =>
    places.enter({
      // Node will not send the message: that costs one connection, not the process.
      start: () => void answer(incoming, response, body).catch(() => response.destroy()),
      refuse: () => refuseBusy(incoming, response),
    });
  return (incoming, response, next) => {
    if (isReadAlready(incoming)) return refuseReadBody(response, next);
    if (!hasBody(incoming)) return enter(incoming, response, "");
    if (!places.isFree()) return refuseBusy(incoming, response);
    // Only then: whoever sends slowly takes nobody's place. A peer that goes away while sending has its connection closed.
    readBody(incoming).then(
      (body) => enter(incoming, response, body),
      () => response.destroy(),
    );
  };
}

export type NodeHandler = (
  incoming: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

/** Express and its like take the prefix of a mount off `url`, and keep the whole here. */
type Incoming = IncomingMessage & { readonly originalUrl?: string };

/** The headers of a Node request, as endpoints and guards read them. */
export function nodeHeaders(
  incoming: Pick<IncomingMessage, "headers" | "rawHeaders">,
): Pick<RequestRecord, "header" | "headerCount"> {
  return {
    header(name) {
      const value = incoming.headers[name];
      return typeof value === "object" ? value.join(", ") : value;
    },
    headerCount(name) {
      let count = 0;
      for (let i = 0; i < incoming.rawHeaders.length; i += 2)
        if (incoming.rawHeaders[i]?.toLowerCase() === name) count++;
      return count;
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
  readonly #incoming: Incoming;
  readonly #peer: string;
  readonly #trustedProxies: TrustedProxies | undefined;
  readonly #createRequestId: () => string;
  #requestId: string | undefined;

  constructor(
    incoming: Incoming,
    body: string | undefined,
    createRequestId: () => string,
    trustedProxies: TrustedProxies | undefined,
  ) {
    const url = incoming.originalUrl ?? incoming.url ?? "/";
    const mark = url.indexOf("?");
    this.method = incoming.method ?? "GET";
    this.path = mark === -1 ? url : url.slice(0, mark);
    this.query = mark === -1 ? "" : url.slice(mark + 1);
    this.body = body ?? "";
    this.bodyIsTooLarge = body === undefined;
    this.#createRequestId = createRequestId;
    this.#incoming = incoming;
    // Now: a socket that was closed no longer knows it.
    this.#peer = incoming.socket.remoteAddress ?? "";
    this.#trustedProxies = trustedProxies;
  }

  /** Drawn when it is first asked for: an answer that no log line tells of needs none. */
  get requestId(): string {
    this.#requestId ??= this.#createRequestId();
    return this.#requestId;
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
  if (Number(incoming.headers["content-length"] ?? 0) > maximumBodyBytes) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    let body = "";
    // Decoded chunk by chunk, which Latin-1 allows and which spares the stream a decoder.
    incoming.on("data", (chunk: Buffer) => {
      body += chunk.toString("latin1");
      if (body.length > maximumBodyBytes) {
        incoming.pause();
        incoming.removeAllListeners("data");
        resolve(undefined);
      }
    });
    incoming.on("end", () => resolve(body));
    incoming.on("error", reject);
    // After every request: an error made there, with its stack, would cost as much as reading the body.
    incoming.on("close", () => {
      if (!incoming.complete) reject(new Error("closed"));
    });
  });
}

function hasBody({ method }: IncomingMessage): boolean {
  return method !== "GET" && method !== "HEAD";
}

/** A parser that ran before us has the body, and we would wait for it until the connection ends. */
function isReadAlready(incoming: IncomingMessage): boolean {
  return incoming.readableDidRead && hasBody(incoming);
}

function refuseReadBody(response: ServerResponse, next: ((error?: unknown) => void) | undefined): void {
  const problem = new TypeError("The body was read before. Mount Codegrant before whatever parses bodies.");
  if (next !== undefined) return next(problem);
  const headers = ["Content-Type", "application/json", "Cache-Control", "no-store"];
  sendMessage(response, { status: 500, headers, body: '{"error":"server_error"}' });
}

/** What is left of an unread body must not be taken for the next request. */
const closing: readonly string[] = ["Connection", "close"];

function thenClosing(message: Message): Message {
  return { ...message, headers: [...message.headers, ...closing] };
}

/**
 * Says it in the members of every dialect, since none has been chosen yet; to a person in words. The connection stays,
 * unless much is still to come on it: a new one costs a busy server more than the next refusal.
 */
function refuseBusy({ headers, method, socket }: IncomingMessage, response: ServerResponse): void {
  const message = headers.accept?.includes("text/html") ? busyPage : busyAnswer;
  const length = headers["content-length"];
  const isShort = method === "GET" || (length !== undefined && Number(length) <= maximumBodyBytes);
  if (isShort) response.once("close", () => setImmediate(pause, socket));
  sendMessage(response, isShort ? message : thenClosing(message));
}

/**
 * Whoever asks again at once, whatever Retry-After says, is heard half a second later: until then the request waits in
 * the system and costs nothing, where each refusal would take time from those who were let in.
 */
function pause(socket: Socket): void {
  socket.pause();
  setTimeout(() => socket.resume(), pauseMilliseconds).unref();
}

const pauseMilliseconds = 500;

const busySentence = "The server has too much to do at this moment. Try again in a few seconds.";
const busyHeaders = ["Cache-Control", "no-store", "Retry-After", "2"];
const busyPage: Message = {
  status: 503,
  headers: ["Content-Type", "text/plain; charset=utf-8", ...busyHeaders],
  body: busySentence,
};
const busyAnswer: Message = {
  status: 503,
  headers: ["Content-Type", "application/json", ...busyHeaders],
  body: JSON.stringify({
    status: 503,
    error: "temporarily_unavailable",
    error_description: busySentence,
    message: busySentence,
  }),
};

/** Writes a message as the whole answer. */
export function sendMessage(response: ServerResponse, { status, headers, body }: Message): void {
  const all = [...headers, "Content-Length", String(Buffer.byteLength(body))];
  if (response.getHeaderNames().length === 0) response.writeHead(status, all);
  else writeOver(response, status, all);
  response.end(body);
}

/**
 * A framework has set headers of its own: ours take their place. One by one, since `writeHead` with a list would keep
 * only the last of several `Set-Cookie` then.
 */
function writeOver(response: ServerResponse, status: number, headers: readonly string[]): void {
  for (let i = 0; i < headers.length; i += 2) response.removeHeader(headers[i] ?? "");
  for (let i = 0; i < headers.length; i += 2) response.appendHeader(headers[i] ?? "", headers[i + 1] ?? "");
  response.writeHead(status);
}
