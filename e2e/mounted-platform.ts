import { randomBytes } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import {
  createKeyRing,
  createMemoryStore,
  createNodeHandler,
  createPlatform,
  createScopeCatalogue,
  createServer,
  createSettings,
  mounts,
  twitchScopes,
} from "@codegrant/server";
import type { RunningPlatform } from "./platform.ts";

/** A platform as a host mounts it, below a path of a server whose other pages are the host's own. */
export async function startMountedPlatform(basePath: string): Promise<RunningPlatform> {
  const host = http.createServer((request, response) => {
    if (request.url?.startsWith(basePath)) return handler(request, response);
    response.writeHead(404, { "Content-Type": "text/plain" }).end("A page of the host");
  });
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(host.address() as AddressInfo).port}${basePath}`;
  const platform = createPlatform({
    store: createMemoryStore(),
    keys: createKeyRing([{ id: 1, secret: randomBytes(32) }]),
    settings: createSettings({ name: "Photo club", issuer: url, scopes: createScopeCatalogue(twitchScopes) }),
  });
  const handler = createNodeHandler(createServer(platform, mounts.rfc6749));
  return {
    url,
    platform,
    logged: () => [],
    close: async () => {
      host.closeAllConnections();
      await new Promise((resolve) => host.close(resolve));
    },
  };
}
