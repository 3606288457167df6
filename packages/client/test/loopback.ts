import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** The body as a form. */
  readonly form: URLSearchParams;
}

export interface LoopbackServer {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
}

/** A small server of one test's own that keeps what it received; it is closed with the test. */
export async function serve(answer: (request: Received, response: ServerResponse) => void): Promise<LoopbackServer> {
  const server = await startServer(answer);
  onTestFinished(() => server.close());
  return server;
}

/** The same for several tests; whoever starts it closes it. */
export async function startServer(
  answer: (request: Received, response: ServerResponse) => void,
): Promise<LoopbackServer> {
  const received: Received[] = [];
  const http = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const { method = "", url = "", headers } = incoming;
      const request = { method, url, headers, body, form: new URLSearchParams(body) };
      received.push(request);
      answer(request, response);
    });
  });
  const { port, close } = await listen(http);
  return { url: `http://127.0.0.1:${port}`, received, close };
}

export async function listen(http: Server): Promise<{ port: number; close: () => Promise<void> }> {
  await new Promise<void>((resolve) => http.listen(0, "localhost", resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      http.close(() => resolve());
      http.closeAllConnections();
    });
  return { port: (http.address() as AddressInfo).port, close };
}

/** An answer with JSON in it. */
export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
