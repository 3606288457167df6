import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Outcome } from "./received.ts";

export interface Listener {
  /** `http://localhost:3000`, without a slash at its end. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** Larger requests are refused: none of OAuth's is. */
const maximumBodyBytes = 1_048_576;

/** A port of this machine; 0 takes any that is free. Rejects if it is taken. */
export async function listenOn(port: number, answer: (request: PlainRequest) => Promise<Outcome>): Promise<Listener> {
  const server = createServer((incoming, response) => {
    const aborter = new AbortController();
    response.on("close", () => aborter.abort(new Error("The connection is closed.")));
    serve(incoming, response, answer, aborter.signal).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "localhost", resolve);
  });
  return {
    baseUrl: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: (request: PlainRequest) => Promise<Outcome>,
  signal: AbortSignal,
): Promise<void> {
  const body = await readBody(incoming);
  const { method = "GET", url: path = "/" } = incoming;
  const outcome = body && (await answer({ method, path, headers: headersOf(incoming), body, signal }));
  if (outcome === undefined) return void response.writeHead(413, { connection: "close" }).end();
  if ("brokenBy" in outcome) return void response.destroy();
  // One by one, since several cookies are several lines.
  for (const [name, value] of outcome.headers) response.appendHeader(name, value);
  response.writeHead(outcome.status);
  response.flushHeaders();
  const reader = (outcome.body as ReadableStream<Uint8Array> | null)?.getReader();
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) response.write(next.value);
  response.end();
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maximumBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? "", rawHeaders[i + 1] ?? "");
  return headers;
}
