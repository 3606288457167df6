import { createGuard, createHandlers, mounts, nodeHeaders, sendMessage } from "@codegrant/server";
import express from "express";
import type { PhotoClub } from "./photo-club.ts";

/** In Express 5: a middleware at the root, before whatever parses bodies. */
export function withExpress({ platform, photosUrl }: PhotoClub): express.Express {
  const codegrant = createHandlers(platform, mounts.rfc6749);
  const guard = createGuard(platform, mounts.rfc6749, { resource: photosUrl });
  const app = express();
  app.use((request, response, next) => codegrant.node(request, response, next));
  app.use(express.json());

  app.get(guard.metadataPath, (_, response) => sendMessage(response, guard.metadata));
  // Express 5 takes a rejection to its error handler.
  app.get("/api/photos", async (request, response) => {
    const checked = await guard.check(nodeHeaders(request), ["photos:read"]);
    if (checked.outcome === "refused") return sendMessage(response, checked.message);
    response.json({ photosOf: checked.access.userId });
  });
  return app;
}
