import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * A request of Node, Express or Fastify as `start` and `finish` take it: method, path, query and headers. They read no
 * body, so whatever parses bodies may stand before them. Nobody knows the origin here and nothing asks for it: the
 * redirect URI is what the connection was made with.
 *
 * @example
 * import { createServer } from "node:http";
 * createServer(async (incoming, outgoing) => {
 *   await sendResponse(outgoing, await connection.start(readRequest(incoming)));
 * });
 */
export function readRequest(incoming: IncomingMessage & { readonly originalUrl?: string }): Request {
  const { method = "GET", rawHeaders, url = "/", originalUrl = url } = incoming;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    // HTTP/2 tells method and path as headers.
    if (!name.startsWith(":")) headers.append(name, rawHeaders[i + 1] ?? "");
  }
  // Written together and not resolved: a path of `//host` would be an address of another host.
  return new Request(`http://localhost${originalUrl}`, { method, headers });
}

/** Writes a `Response` as the whole answer of Node or Express. */
export async function sendResponse(outgoing: ServerResponse, response: Response): Promise<void> {
  const { status, headers } = response;
  const body = new Uint8Array(await response.arrayBuffer());
  outgoing.statusCode = status;
  for (const [name, value] of headers) if (name !== "set-cookie") outgoing.setHeader(name, value);
  for (const cookie of headers.getSetCookie()) outgoing.appendHeader("set-cookie", cookie);
  outgoing.end(body);
}
