import { createGuard, createHandlers, mounts, responseOf } from "@codegrant/server";
import { Hono } from "hono";
import type { PhotoClub } from "./photo-club.ts";

/** In Hono, on whatever it runs: the server takes what is its own before any other route. */
export function withHono({ platform, photosUrl }: PhotoClub): Hono {
  const codegrant = createHandlers(platform, mounts.rfc6749);
  const guard = createGuard(platform, mounts.rfc6749, { resource: photosUrl });
  const app = new Hono();
  app.use((context, next) => (codegrant.owns(context.req.path) ? codegrant.fetch(context.req.raw) : next()));

  app.get(guard.metadataPath, () => responseOf(guard.metadata));
  app.get("/api/photos", async (context) => {
    const checked = await guard.checkRequest(context.req.raw, ["photos:read"]);
    if (checked.outcome === "refused") return checked.response;
    return context.json({ photosOf: checked.access.userId });
  });
  return app;
}
