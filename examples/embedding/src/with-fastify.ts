import { createGuard, createHandlers, mounts, nodeHeaders, sendMessage } from "@codegrant/server";
import fastify, { type FastifyInstance } from "fastify";
import type { PhotoClub } from "./photo-club.ts";

/** In Fastify 5: an `onRequest` hook, which comes before bodies are parsed and before "not found". */
export function withFastify({ platform, photosUrl }: PhotoClub): FastifyInstance {
  const codegrant = createHandlers(platform, mounts.rfc6749);
  const guard = createGuard(platform, mounts.rfc6749, { resource: photosUrl });
  const app = fastify();
  app.addHook("onRequest", (request, reply, next) => {
    if (!codegrant.owns(request.url.split("?", 1)[0] ?? "")) return next();
    reply.hijack();
    codegrant.node(request.raw, reply.raw);
  });

  app.get(guard.metadataPath, (_, reply) => {
    reply.hijack();
    sendMessage(reply.raw, guard.metadata);
  });
  app.get("/api/photos", async (request, reply) => {
    const checked = await guard.check(nodeHeaders(request.raw), ["photos:read"]);
    if (checked.outcome === "allowed") return { photosOf: checked.access.userId };
    reply.hijack();
    sendMessage(reply.raw, checked.message);
    return reply;
  });
  return app;
}
