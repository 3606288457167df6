import { randomBytes } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import {
  createHandlers,
  createKeyRing,
  createMemoryStore,
  createPlatform,
  createScopeCatalogue,
  createSettings,
  type HostAccounts,
  mounts,
  type PlatformSettings,
  twitchScopes,
} from "@codegrant/server";
import type { RunningPlatform } from "./platform.ts";

export interface Mounting {
  readonly basePath: string;
  /** Pages of the host, beside ours. */
  readonly host?: http.RequestListener;
  readonly accounts?: HostAccounts;
  readonly settings?: Partial<PlatformSettings>;
}

/** A platform as a host mounts it, below a path of a server whose other pages are the host's own. */
export async function startMountedPlatform({
  basePath,
  host = (_, response) => void response.writeHead(404).end("A page of the host"),
  accounts,
  settings,
}: Mounting): Promise<RunningPlatform> {
  const server = http.createServer((request, response) => {
    handlers.node(request, response, () => host(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`;
  const platform = createPlatform({
    store: createMemoryStore(),
    keys: createKeyRing([{ id: 1, secret: randomBytes(32) }]),
    settings: createSettings({
      name: "Photo club",
      issuer: url,
      scopes: createScopeCatalogue(twitchScopes),
      ...settings,
    }),
    ...(accounts !== undefined && { accounts }),
  });
  const handlers = createHandlers(platform, mounts.rfc6749);
  return {
    url,
    platform,
    logged: () => [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
