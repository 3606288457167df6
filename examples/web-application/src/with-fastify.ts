import type { Connection } from "@codegrant/client";
import { readRequest } from "@codegrant/client/node";
import fastify, { type FastifyInstance } from "fastify";
import { showResult, showStart } from "./show-result.ts";

/** In Fastify 5, which sends a `Response` by itself. */
export function withFastify(connection: Connection): FastifyInstance {
  const app = fastify();
  app.get("/", async () => showStart());
  app.get("/connect", async ({ raw }) => await connection.start(readRequest(raw)));
  app.get("/callback", async ({ raw }) => await showResult(connection, readRequest(raw)));
  return app;
}
