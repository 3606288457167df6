import http from "node:http";
import type { AddressInfo } from "node:net";
import { everySample, type Pages } from "../packages/server/test/pages/views.ts";

export interface PageServer {
  readonly origin: string;
  /** Every form that arrived, oldest first. */
  readonly forms: ReceivedForm[];
  readonly names: readonly string[];
  close(): Promise<void>;
}

export interface ReceivedForm {
  readonly path: string;
  readonly origin: string | undefined;
  readonly fields: Record<string, string[]>;
}

/** Serves every page of the build at a path of its name, with its real headers, and keeps the forms it is sent. */
export async function servePages(pages: Pages): Promise<PageServer> {
  const samples = new Map(everySample(pages).map(({ name, draw }) => [`/${name}`, draw()]));
  const forms: ReceivedForm[] = [];
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const [path = "/"] = (request.url ?? "/").split("?");
    const page = samples.get(path);
    if (request.method === "POST") {
      forms.push({ path, origin: request.headers.origin, fields: await readForm(request) });
      response.writeHead(200, { "Content-Type": "text/plain" }).end("received");
    } else if (path === pages.stylesheetPath) {
      response.writeHead(200, Object.fromEntries(pages.stylesheetHeaders)).end(pages.stylesheet);
    } else if (page !== undefined) {
      response.writeHead(200, Object.fromEntries(pages.pageHeaders)).end(page);
    } else {
      response.writeHead(path === "/elsewhere" ? 200 : 404, { "Content-Type": "text/html" }).end("<h1>Elsewhere</h1>");
    }
  };
  const server = http.createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${port}`, forms, names: [...samples.keys()].map((path) => path.slice(1)), close };
}

async function readForm(request: http.IncomingMessage): Promise<Record<string, string[]>> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
  const fields: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(body)) (fields[name] ??= []).push(value);
  return fields;
}
