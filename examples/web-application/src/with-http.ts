import http from "node:http";
import type { Connection } from "@codegrant/client";
import { readRequest, sendResponse } from "@codegrant/client/node";
import { showResult, showStart } from "./show-result.ts";

/** On `node:http` alone. */
export function withHttp(connection: Connection): http.Server {
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === "/connect") return await connection.start(request);
    if (pathname === "/callback") return await showResult(connection, request);
    return pathname === "/" ? showStart() : new Response("Not found", { status: 404 });
  };
  return http.createServer((incoming, outgoing) => {
    answer(readRequest(incoming))
      .then((response) => sendResponse(outgoing, response))
      .catch(() => outgoing.destroy());
  });
}
