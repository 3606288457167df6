import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface Listening {
  readonly port: number;
  /** Takes no more connections, lets requests under way finish, and cuts what is left after `graceSeconds`. */
  close(graceSeconds: number): Promise<void>;
}

export interface ListenOptions {
  /** The first must be there; a further one, such as `::1` beside `127.0.0.1`, only where the machine has it. */
  readonly hosts: readonly string[];
  /** 0 finds one that is free on every host. */
  readonly port: number;
  readonly listener: RequestListener;
}

/** Listens on one port of each host. Rejects with the system's error, its `code` telling why. */
export async function listen({ hosts, port, listener }: ListenOptions): Promise<Listening> {
  for (let tries = 1; ; tries++) {
    const opened: Listening[] = [];
    try {
      for (const host of hosts) {
        const one = await open(host, opened[0]?.port ?? port, listener, opened.length > 0);
        if (one) opened.push(one);
      }
      return together(opened);
    } catch (error) {
      await Promise.all(opened.map((one) => one.close(0)));
      // A port that is free on the first host may be taken on the next.
      const another = port === 0 && (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!another || tries === maximumTries) throw error;
    }
  }
}

const maximumTries = 5;

function together(opened: readonly Listening[]): Listening {
  return {
    port: opened[0]?.port ?? 0,
    close: async (graceSeconds) => {
      await Promise.all(opened.map((one) => one.close(graceSeconds)));
    },
  };
}

async function open(
  host: string,
  port: number,
  listener: RequestListener,
  mayBeMissing: boolean,
): Promise<Listening | undefined> {
  const server = createServer(limits);
  const close = closing(server);
  server.on("request", listener);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    if (mayBeMissing && missingHost.has((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
  return { port: (server.address() as AddressInfo).port, close };
}

const missingHost: ReadonlySet<string> = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** Whoever sends slowly is cut off, so that slow senders never hold all connections. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 2_000,
  // Longer than the minute that proxies keep an idle connection, so that they never meet one just closed.
  keepAliveTimeout: 72_000,
};

const idleCheckMilliseconds = 20;

/**
 * Node closes the connections that are idle at that moment. Left to us are those on which nothing was ever asked, as
 * browsers open in advance, and those that fall idle afterwards: each would hold the process until its timeout.
 */
function closing(server: Server): Listening["close"] {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return (graceSeconds) =>
    new Promise((resolve) => {
      // By a timer and not at the end of each request: nothing of this is then paid for while the server runs.
      const idle = setInterval(() => server.closeIdleConnections(), idleCheckMilliseconds);
      const cut = setTimeout(() => server.closeAllConnections(), graceSeconds * 1_000);
      server.close(() => {
        clearTimeout(cut);
        clearInterval(idle);
        resolve();
      });
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    });
}
