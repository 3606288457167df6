import http from "node:http";
import { createGuard, createHandlers, mounts, nodeHeaders, sendMessage } from "@codegrant/server";
import type { PhotoClub } from "./photo-club.ts";

/** In plain `node:http`: the server takes its own addresses, the rest is the application's. */
export function withHttp({ platform, photosUrl }: PhotoClub): http.Server {
  const codegrant = createHandlers(platform, mounts.rfc6749);
  const guard = createGuard(platform, mounts.rfc6749, { resource: photosUrl });

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (request.url === guard.metadataPath) return sendMessage(response, guard.metadata);
    if (request.url !== "/api/photos") return void response.writeHead(404).end();
    const checked = await guard.check(nodeHeaders(request), ["photos:read"]);
    if (checked.outcome === "refused") return sendMessage(response, checked.message);
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ photosOf: checked.access.userId }));
  }

  return http.createServer((request, response) => {
    codegrant.node(request, response, () => void answer(request, response));
  });
}
