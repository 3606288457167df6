import http from "node:http";

/** What a framework's own server does for it: `node:http` in front of a function from `Request` to `Response`. */
export function serveFetch(answer: (request: Request) => Response | Promise<Response>): http.Server {
  return http.createServer((incoming, outgoing) => {
    carry(answer, incoming, outgoing).catch(() => outgoing.destroy());
  });
}

async function carry(
  answer: (request: Request) => Response | Promise<Response>,
  incoming: http.IncomingMessage,
  outgoing: http.ServerResponse,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  const { method = "GET", headers, url = "/" } = incoming;
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  const body = chunks.length === 0 ? null : Buffer.concat(chunks);
  const response = await answer(
    new Request(`http://${headers.host ?? "localhost"}${url}`, { method, headers: pairs, body }),
  );
  response.headers.forEach((value, name) => {
    if (name !== "set-cookie") outgoing.setHeader(name, value);
  });
  outgoing.setHeader("set-cookie", response.headers.getSetCookie());
  outgoing.writeHead(response.status).end(Buffer.from(await response.arrayBuffer()));
}
