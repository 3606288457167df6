import type { Connection } from "@codegrant/client";
import { Hono } from "hono";
import { showResult, showStart } from "./show-result.ts";

/** In Hono, on Node, Bun, Deno or a worker: its requests are what the kit takes. */
export function withHono(connection: Connection): Hono {
  return new Hono()
    .get("/", () => showStart())
    .get("/connect", (context) => connection.start(context.req.raw))
    .get("/callback", (context) => showResult(connection, context.req.raw));
}
