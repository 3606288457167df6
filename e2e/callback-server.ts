import http from "node:http";
import type { AddressInfo } from "node:net";

export interface CallbackServer {
  /** The redirect URI to register. */
  readonly redirectUri: string;
  /** Every request that reached it, oldest first. */
  readonly received: readonly URL[];
  close(): Promise<void>;
}

export interface CallbackOptions {
  readonly host?: "127.0.0.1" | "[::1]";
  /** Sends the browser on to this address, as an application does that keeps its callback apart. */
  readonly onwardTo?: string;
}

/** An application's redirect URI, which keeps what it was sent. */
export async function startCallback({ host = "127.0.0.1", onwardTo }: CallbackOptions = {}): Promise<CallbackServer> {
  const received: URL[] = [];
  const server = http.createServer((request, response) => {
    received.push(new URL(request.url ?? "/", origin));
    if (onwardTo !== undefined) response.writeHead(302, { Location: onwardTo }).end();
    else response.writeHead(200, { "Content-Type": "text/html" }).end(arrived);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host.replace(/[[\]]/g, ""), resolve);
  });
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri: `${origin}/callback`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const arrived = `<!doctype html><html lang="en"><title>Arrived</title><link rel="icon" href="data:,"><h1>Arrived</h1>`;
