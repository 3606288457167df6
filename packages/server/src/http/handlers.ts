import type { IncomingMessage, ServerResponse } from "node:http";
import type { Platform } from "../platform.ts";
import type { Mount } from "../routes.ts";
import { createServer } from "../server.ts";
import { createFetchHandler, type FetchHandlerOptions } from "./fetch.ts";
import { createNodeHandler, type NodeHandlerOptions } from "./node.ts";

export type HandlersOptions = FetchHandlerOptions & NodeHandlerOptions;

/** A server to put into an application of one's own, whatever it is written with. */
export interface Handlers {
  /**
   * For `node:http`, and as a middleware of Express, Connect or Polka: an address that is not the server's goes to
   * `next`. Without `next` it is answered with a page that says so.
   */
  node(incoming: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): void;
  /** For Hono, Next, Fastify's `inject`, Bun, Deno and all that speak `Request` and `Response`. */
  fetch(request: Request): Promise<Response>;
  /**
   * Whether a path is the server's: all below the issuer's path, or, for an issuer without one, each of its addresses;
   * and the metadata document, which stands at the root of the host also for an issuer with a path (RFC 8414, 3.1).
   */
  owns(path: string): boolean;
}

/**
 * The authorization server as handlers that mount anywhere. Its addresses follow from the issuer alone, path and all:
 * mount the handlers at the root of the host, before whatever parses bodies, and they take what is theirs.
 * Behind a proxy, say which one is trusted; the issuer is what people see, so no header of a proxy changes it.
 *
 * @example
 * ```ts
 * import http from "node:http";
 *
 * const codegrant = createHandlers(platform, mounts.rfc6749);
 * http
 *   .createServer((request, response) => {
 *     codegrant.node(request, response, () => response.end("The rest of the application"));
 *   })
 *   .listen(8080);
 * ```
 */
export function createHandlers(platform: Platform, mounted: readonly Mount[], options: HandlersOptions = {}): Handlers {
  const server = createServer(platform, mounted);
  const node = createNodeHandler(server, options);
  return {
    node(incoming, response, next) {
      if (next !== undefined && !server.owns(pathOf(incoming))) next();
      else node(incoming, response, next);
    },
    fetch: createFetchHandler(server, options),
    owns: (path) => server.owns(path),
  };
}

function pathOf(incoming: IncomingMessage & { readonly originalUrl?: string }): string {
  return (incoming.originalUrl ?? incoming.url ?? "/").split("?", 1)[0] ?? "/";
}
