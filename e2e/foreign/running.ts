import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  createKeyRing,
  createNodeHandler,
  createPlatform,
  createScopeCatalogue,
  createServer,
  krakenScopes,
  type LogEntry,
  mounts,
  twitchScopes,
} from "@codegrant/server";
import { openStore } from "@codegrant/sqlite/server";
import type { RunningPlatform } from "../platform.ts";

/** A platform that speaks every dialect, on an SQLite file of its own, at `http://localhost:PORT`, with a clock that the test can move on. */
export interface ClockedPlatform extends RunningPlatform {
  step(seconds: number): void;
}

export async function startClocked(): Promise<ClockedPlatform> {
  const entries: LogEntry[] = [];
  let offset = 0;
  let listener: RequestListener = () => undefined;
  const listening = await listen((request, response) => listener(request, response));
  // Not its number: cookies, metadata and `iss` are the name's that clients are given.
  const url = listening.url.replace("127.0.0.1", "localhost");
  const folder = mkdtempSync(path.join(tmpdir(), "codegrant-foreign-"));
  const store = await openStore({ file: path.join(folder, "platform.db") });
  const platform = createPlatform({
    store,
    keys: createKeyRing([{ id: 1, secret: randomBytes(32) }]),
    settings: {
      name: "Kestrel",
      issuer: url,
      scopes: createScopeCatalogue([...twitchScopes, ...krakenScopes]),
      passwordHelp: "Ask at the front desk.",
      sessionLifetimeSeconds: 86_400,
      codeLifetimeSeconds: 60,
      refreshWindows: { retrySeconds: 30, lateSeconds: 90 * 86_400, publicLateSeconds: 86_400 },
    },
    now: () => Math.floor(Date.now() / 1000) + offset,
    log: (entry) => entries.push(entry),
  });
  listener = createNodeHandler(createServer(platform, mounts.twitch));
  return {
    url,
    platform,
    logged: (event, clientId) => entries.filter((entry) => entry.event === event && entry.clientId === clientId),
    step: (seconds) => {
      offset += seconds;
    },
    close: async () => {
      await listening.close();
      await platform.usage.flush();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Listening {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** On a free port of this machine alone. */
export async function listen(listener: RequestListener): Promise<Listening> {
  const server = createHttpServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
