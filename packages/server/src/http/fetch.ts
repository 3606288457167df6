import { randomUUID } from "node:crypto";
import { type Message, maximumBodyBytes, type RequestRecord } from "../message.ts";
import type { Server } from "../server.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

export interface FetchHandlerOptions {
  /** Whose `X-Forwarded-For` is believed; nobody's by default. */
  readonly trustedProxies?: TrustedProxies;
  /** The peer's address, which a `Request` does not tell. Without it all strangers share one limit against floods. */
  peerOf?(request: Request): string | undefined;
  createRequestId?(): string;
}

/**
 * Carries a server on web-standard requests, for every framework that has them. Rejects with a `TypeError` when
 * somebody has read the body before: mount it before whatever parses bodies.
 */
export function createFetchHandler(
  server: Server,
  options: FetchHandlerOptions = {},
): (request: Request) => Promise<Response> {
  const createRequestId = options.createRequestId ?? randomUUID;
  return async (request) => {
    const body = await readBody(request);
    const message = await server(requestRecordOf(request, body, createRequestId(), options));
    return responseOf(request.method === "HEAD" ? { ...message, body: "" } : message);
  };
}

function requestRecordOf(
  request: Request,
  body: string | undefined,
  requestId: string,
  { peerOf, trustedProxies }: FetchHandlerOptions,
): RequestRecord {
  const { pathname, search } = new URL(request.url);
  const peer = peerOf?.(request) ?? "";
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    ...webHeaders(request.headers),
    body: body ?? "",
    bodyIsTooLarge: body === undefined,
    remoteAddress: trustedProxies?.addressOf(peer, request.headers.get("x-forwarded-for") ?? undefined) ?? peer,
    requestId,
  };
}

/** The headers of a `Request`. The platform has joined what was sent twice, so a header counts once or not at all. */
export function webHeaders(headers: Headers): Pick<RequestRecord, "header" | "headerCount"> {
  return {
    header: (name) => headers.get(name) ?? undefined,
    headerCount: (name) => (headers.has(name) ? 1 : 0),
  };
}

/** The body as Latin-1, or undefined when it is larger than any request of ours; then the rest is not read. */
async function readBody(request: Request): Promise<string | undefined> {
  if (request.bodyUsed) throw new TypeError("The body was read before. Mount Codegrant before whatever parses bodies.");
  if (request.body === null) return "";
  if (Number(request.headers.get("content-length") ?? 0) > maximumBodyBytes) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of request.body as ReadableStream<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maximumBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("latin1");
}

/** A message as a `Response`. */
export function responseOf({ status, headers, body }: Message): Response {
  const pairs = new Headers();
  for (let i = 0; i < headers.length; i += 2) pairs.append(headers[i] ?? "", headers[i + 1] ?? "");
  return new Response(bodyless.has(status) ? null : body, { status, headers: pairs });
}

/** A `Response` of these must have none. */
const bodyless: ReadonlySet<number> = new Set([204, 205, 304]);
