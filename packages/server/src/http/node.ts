import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { type Message, maximumBodyBytes, type RequestRecord } from "../message.ts";
import type { Server } from "../server.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

export interface NodeHandlerOptions {
  /** Whose `X-Forwarded-For` is believed; nobody's by default. */
  readonly trustedProxies?: TrustedProxies;
  createRequestId?(): string;
}

/**
 * Carries a server on `node:http`, without a `Request` or `Response` in between: those cost more than the whole answer.
 * A body over `maximumBodyBytes` is refused before it is read, and its connection closed.
 */
export function createNodeHandler(server: Server, options: NodeHandlerOptions = {}): RequestListener {
  const createRequestId = options.createRequestId ?? randomUUID;
  return (incoming, response) => {
    readBody(incoming).then(
      (body) => {
        if (body === undefined) return refuseLargeBody(response);
        return server(requestRecordOf(incoming, body, createRequestId(), options.trustedProxies)).then((message) =>
          sendMessage(response, message),
        );
      },
      // The peer went away while sending: nobody is left to answer.
      () => response.destroy(),
    );
  };
}

function requestRecordOf(
  incoming: IncomingMessage,
  body: string,
  requestId: string,
  trustedProxies: TrustedProxies | undefined,
): RequestRecord {
  const url = incoming.url ?? "/";
  const mark = url.indexOf("?");
  const peer = incoming.socket.remoteAddress ?? "";
  return {
    method: incoming.method ?? "GET",
    path: mark === -1 ? url : url.slice(0, mark),
    query: mark === -1 ? "" : url.slice(mark + 1),
    ...nodeHeaders(incoming),
    body,
    remoteAddress: trustedProxies?.addressOf(peer, incoming.headers["x-forwarded-for"]) ?? peer,
    requestId,
  };
}

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

function refuseLargeBody(response: ServerResponse): void {
  const body = '{"error":"invalid_request","error_description":"The body is too large"}';
  response.writeHead(413, {
    "Content-Type": "application/json",
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    Connection: "close",
  });
  response.end(body);
}

/** Writes a message as the whole answer. */
export function sendMessage(response: ServerResponse, { status, headers, body }: Message): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, [...headers, "Content-Length", length]);
  response.end(body);
}
