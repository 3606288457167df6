import http from "node:http";
import type { PhotoClub } from "./photo-club.ts";
import { serveFetch } from "./serve-fetch.ts";
import { withExpress } from "./with-express.ts";
import { withFastify } from "./with-fastify.ts";
import { withHono } from "./with-hono.ts";
import { withHttp } from "./with-http.ts";
import { type NextRoutes, withNext } from "./with-next.ts";

/** Each example as a server of Node that only has to listen. */
export const frameworks: Readonly<Record<string, (club: PhotoClub) => http.Server | Promise<http.Server>>> = {
  http: withHttp,
  express: (club) => http.createServer(withExpress(club)),
  fastify: async (club) => {
    const app = withFastify(club);
    await app.ready();
    return http.createServer(app.routing);
  },
  hono: (club) => {
    const app = withHono(club);
    return serveFetch((request) => app.fetch(request));
  },
  next: (club) => serveFetch(routeLikeNext(withNext(club), new URL(club.platform.settings.issuer).pathname)),
};

/** Finds the file that Next would, by the table in `with-next.ts`, so that the handlers run without Next itself. */
function routeLikeNext(routes: NextRoutes, basePath: string): (request: Request) => Promise<Response> {
  const fileOf = (path: string): Partial<Record<string, (request: Request) => Promise<Response>>> => {
    if (path === "/api/photos") return routes.photos;
    if (path.startsWith("/.well-known/oauth-protected-resource/")) return routes.photosMetadata;
    const isCodegrant = path.startsWith(basePath) || path === `/.well-known/oauth-authorization-server${basePath}`;
    return isCodegrant ? routes.codegrant : {};
  };
  return async (request) => {
    const handler = fileOf(new URL(request.url).pathname)[request.method];
    return handler === undefined ? new Response("Not found", { status: 404 }) : handler(request);
  };
}
