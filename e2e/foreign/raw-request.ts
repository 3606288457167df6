import { createConnection } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** The header block as it came, without the status line. */
  readonly head: string;
  readonly body: string;
  header(name: string): string | undefined;
  json(): Readonly<Record<string, unknown>>;
}

const timeoutMs = 5_000;

/**
 * Sends exactly these lines to a server, so that what another language's client writes is replayed byte for byte:
 * no header is added but `Host` and `Content-Length`.
 */
export async function sendRaw(url: string, lines: readonly string[], body = ""): Promise<RawAnswer> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const [method = "POST", ...headers] = lines;
  const start = `${method} ${pathname}${search} HTTP/1.1`;
  const length = method === "GET" ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const text = [start, `Host: ${host}`, ...headers, ...length, "", body].join("\r\n");
  return parse(await exchange(hostname, Number(port), text));
}

function exchange(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = createConnection({ host, port }, () => socket.write(text));
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error("The server did not answer in time")));
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      received += String(chunk);
      if (!isWhole(received)) return;
      socket.destroy();
      resolve(received);
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error(`The server hung up after: ${received}`)));
  });
}

/** Our server always says how long its answer is. */
function isWhole(received: string): boolean {
  const { head, body } = split(received);
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  return length !== undefined && Buffer.byteLength(body) >= Number(length);
}

function split(received: string): { readonly head: string; readonly body: string } {
  const end = received.indexOf("\r\n\r\n");
  return end === -1 ? { head: "", body: "" } : { head: received.slice(0, end), body: received.slice(end + 4) };
}

function parse(received: string): RawAnswer {
  const { head: whole, body } = split(received);
  const head = whole.slice(whole.indexOf("\r\n") + 2);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(whole)?.[1]),
    head,
    body,
    header: (name) => new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1]?.trim(),
    json: () => JSON.parse(body) as Readonly<Record<string, unknown>>,
  };
}
