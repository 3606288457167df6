import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type Socket } from "node:net";
import { Readable } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Fetch } from "@codegrant/client";

/**
 * A fetch that goes through the proxy of `HTTPS_PROXY`, unless `NO_PROXY` names the host. Node's own does so only from
 * 22.21 and 24.5 on and only if it is told at its start; this one does on each. `undefined`: there is no proxy.
 * Certificates are checked end to end, against Node's list and `NODE_EXTRA_CA_CERTS`.
 */
export function createProxyFetch(env: NodeJS.ProcessEnv): Fetch | undefined {
  const proxy = env["HTTPS_PROXY"] || env["https_proxy"];
  if (proxy === undefined || proxy === "") return undefined;
  const address = URL.canParse(proxy) ? new URL(proxy) : new URL(`http://${proxy}`);
  const direct = (env["NO_PROXY"] || env["no_proxy"] || "").split(/[\s,]+/).filter((entry) => entry !== "");
  return async (url, init) => {
    const target = new URL(url);
    if (target.protocol !== "https:" || direct.some((entry) => fits(entry, target))) return await fetch(url, init);
    return await fetchThrough(address, target, init);
  };
}

/** `*`, a host, `.domain` or `domain` with all below it, each with or without a port. */
function fits(entry: string, { hostname, port }: URL): boolean {
  const [, name = "", entryPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (entryPort !== undefined && entryPort !== (port === "" ? "443" : port)) return false;
  return entry === "*" || hostname === name || (name !== "" && hostname.endsWith(`.${name}`));
}

async function fetchThrough(proxy: URL, target: URL, init: RequestInit): Promise<Response> {
  const { method, headers, body } = await plainRequest(target, init);
  const { signal } = init;
  const tunnel = await openTunnel(proxy, target, signal ?? undefined);
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = connectTls({ socket: tunnel, host, ...name, ALPNProtocols: ["http/1.1"] });
  const request = requestHttps(target, { method, headers, createConnection: () => socket, ...(signal && { signal }) });
  request.end(body);
  const [answer] = (await once(request, "response")) as [IncomingMessage];
  return responseOf(answer);
}

/** What fetch itself would send. Bodies here are small, so they are gathered first. */
async function plainRequest(
  target: URL,
  init: RequestInit,
): Promise<{ readonly method: string; readonly headers: Record<string, string>; readonly body: Buffer }> {
  const request = new Request(target, init);
  const body = Buffer.from(await request.arrayBuffer());
  const headers = { ...Object.fromEntries(request.headers), "content-length": String(body.length) };
  return { method: request.method, headers, body };
}

/** RFC 9110, 9.3.6: the proxy passes bytes on and sees none of what is in them. */
async function openTunnel(proxy: URL, { hostname, port }: URL, signal: AbortSignal | undefined): Promise<Socket> {
  const authority = `${hostname}:${port === "" ? "443" : port}`;
  const request = (proxy.protocol === "https:" ? requestHttps : requestHttp)({
    host: proxy.hostname.replace(/^\[|\]$/g, ""),
    port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
    method: "CONNECT",
    path: authority,
    headers: { host: authority, ...credentialsOf(proxy) },
    agent: false,
    ...(signal && { signal }),
  });
  request.end();
  const [answer, socket] = (await once(request, "connect")) as [IncomingMessage, Socket];
  if (answer.statusCode === 200) return socket;
  socket.destroy();
  throw new Error(`The proxy ${proxy.host} answered ${answer.statusCode} and opens no way to ${authority}.`);
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}

function responseOf(answer: IncomingMessage): Response {
  const { statusCode: status = 502, statusMessage: statusText = "", headers } = answer;
  const pairs = Object.entries(headers).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  const hasBody = ![204, 205, 304].includes(status);
  const body = hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null;
  if (!hasBody) answer.resume();
  return new Response(body, { status, statusText, headers: pairs });
}
