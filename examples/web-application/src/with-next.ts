import type { Connection } from "@codegrant/client";
import { showResult, showStart } from "./show-result.ts";

type RouteHandler = (request: Request) => Promise<Response>;

/**
 * In Next, as route handlers: `app/connect/route.ts` holds `export const GET = routes.connect;` and
 * `app/callback/route.ts` holds `export const GET = routes.callback;`.
 */
export function withNext(connection: Connection): Readonly<Record<"home" | "connect" | "callback", RouteHandler>> {
  return {
    home: async () => showStart(),
    connect: (request) => connection.start(request),
    callback: (request) => showResult(connection, request),
  };
}
