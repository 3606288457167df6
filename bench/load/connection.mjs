// One keep-alive connection with one request in flight. Node's own client costs more CPU a request than the servers
// under test, and on two cores would be the bottleneck itself.
import { connect } from "node:net";

const timeoutMilliseconds = 10_000;
const headEnd = "\r\n\r\n";

/** @typedef {{ method?: string, path: string, headers?: Readonly<Record<string, string>>, body?: string }} Request */
/** @typedef {{ status: number, headers: Record<string, string>, cookies: string[], body: string }} Reply */

export class Connection {
  #port;
  /** @type {import("node:net").Socket | undefined} */
  #socket;
  /** @type {{ resolve: (reply: Reply) => void, reject: (error: Error) => void } | undefined} */
  #waiting;
  #received = "";

  constructor(/** @type {number} */ port) {
    this.#port = port;
  }

  /**
   * @param {Request} request its body in ASCII
   * @returns {Promise<Reply>}
   */
  async request({ method = "GET", path, headers = {}, body }) {
    const socket = this.#socket ?? (await this.#open());
    let head = `${method} ${path} HTTP/1.1\r\nHost: localhost:${this.#port}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    if (body !== undefined) head += `Content-Length: ${body.length}\r\n`;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      socket.write(`${head}\r\n${body ?? ""}`, "latin1");
    });
  }

  close() {
    this.#waiting = undefined;
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  /** @returns {Promise<import("node:net").Socket>} */
  #open() {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port: this.#port, noDelay: true }).setEncoding("latin1");
      const fail = (/** @type {Error} */ error) => {
        reject(error);
        this.#fail(socket, error);
      };
      socket.setTimeout(timeoutMilliseconds, () => socket.destroy(new Error("no reply within ten seconds")));
      socket.once("error", fail).once("close", () => fail(new Error("closed by the server")));
      socket.once("connect", () => {
        this.#socket = socket;
        this.#received = "";
        resolve(socket);
      });
      socket.on("data", (/** @type {string} */ chunk) => {
        this.#received += chunk;
        this.#take();
      });
    });
  }

  #fail(/** @type {unknown} */ socket, /** @type {Error} */ error) {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    // Nobody waits while nothing was asked: the next request opens another connection.
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  /** Answers whoever waits once the reply is whole. */
  #take() {
    const end = this.#received.indexOf(headEnd);
    if (end === -1 || this.#waiting === undefined) return;
    const { status, headers, cookies } = parseHead(this.#received.slice(0, end));
    const read = readBody(this.#received, end + headEnd.length, status, headers);
    if (read === undefined) return;
    this.#received = this.#received.slice(read.end);
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    if (headers["connection"] === "close") this.close();
    resolve({ status, headers, cookies, body: read.body });
  }
}

function parseHead(/** @type {string} */ head) {
  const [first = "", ...lines] = head.split("\r\n");
  /** @type {Record<string, string>} */
  const headers = {};
  const cookies = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "set-cookie") cookies.push(value);
    else headers[name] = value;
  }
  return { status: Number(first.slice(9, 12)), headers, cookies };
}

/**
 * The body and where it ends; undefined while some of it is missing.
 * @param {string} text
 * @param {number} from
 * @param {number} status
 * @param {Record<string, string>} headers
 */
function readBody(text, from, status, headers) {
  if (status === 204 || status === 304) return { body: "", end: from };
  if (headers["transfer-encoding"] === "chunked") return readChunks(text, from);
  const end = from + Number(headers["content-length"] ?? 0);
  return text.length < end ? undefined : { body: text.slice(from, end), end };
}

function readChunks(/** @type {string} */ text, /** @type {number} */ from) {
  let body = "";
  for (let at = from; ; ) {
    const line = text.indexOf("\r\n", at);
    if (line === -1) return undefined;
    const size = Number.parseInt(text.slice(at, line), 16);
    const end = line + 2 + size + 2;
    if (text.length < end) return undefined;
    body += text.slice(line + 2, line + 2 + size);
    at = end;
    if (size === 0) return { body, end };
  }
}

/** The cookies of one browser. */
export class Jar {
  /** @type {Map<string, string>} */
  #cookies = new Map();

  take(/** @type {Reply} */ { cookies }) {
    for (const cookie of cookies) {
      const pair = cookie.split(";", 1)[0] ?? "";
      const equals = pair.indexOf("=");
      const name = pair.slice(0, equals);
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(equals + 1));
    }
  }

  header() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
}
