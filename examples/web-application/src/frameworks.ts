import http from "node:http";
import type { Connection } from "@codegrant/client";
import { readRequest, sendResponse } from "@codegrant/client/node";
import { withExpress } from "./with-express.ts";
import { withFastify } from "./with-fastify.ts";
import { withHono } from "./with-hono.ts";
import { withHttp } from "./with-http.ts";
import { withNext } from "./with-next.ts";

/** Each example as a server of Node that only has to listen. */
export const frameworks: Readonly<Record<string, (connection: Connection) => Promise<http.Server>>> = {
  http: async (connection) => withHttp(connection),
  express: async (connection) => http.createServer(withExpress(connection)),
  fastify: async (connection) => {
    const app = withFastify(connection);
    await app.ready();
    return http.createServer(app.routing);
  },
  hono: async (connection) => {
    const app = withHono(connection);
    return serveFetch(async (request) => app.fetch(request));
  },
  next: async (connection) => {
    const { home, connect, callback } = withNext(connection);
    const files: Readonly<Record<string, typeof home>> = { "/": home, "/connect": connect, "/callback": callback };
    return serveFetch(async (request) => {
      const found = files[new URL(request.url).pathname];
      return found === undefined ? new Response("Not found", { status: 404 }) : await found(request);
    });
  },
};

/** What a framework's own server does for it. */
function serveFetch(answer: (request: Request) => Promise<Response>): http.Server {
  return http.createServer((incoming, outgoing) => {
    answer(readRequest(incoming))
      .then((response) => sendResponse(outgoing, response))
      .catch(() => outgoing.destroy());
  });
}
