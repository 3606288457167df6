import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { gzipSync } from "node:zlib";
import { createNodeHandler, createServer, mounts } from "@codegrant/server";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { registered, type TestPlatform, testPlatform } from "../platform.ts";

let platform: TestPlatform;
let port: number;
/** What reached the server, as `METHOD path`. */
let reached: string[];
beforeEach(async () => {
  platform = testPlatform();
  reached = [];
  const server = createServer(platform, mounts.rfc6749);
  const http = createHttpServer(
    createNodeHandler((request) => {
      reached.push(`${request.method} ${request.path}`);
      return server(request);
    }),
  );
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  port = (http.address() as AddressInfo).port;
});

/** Everything that comes back until the server hangs up; the last request asks for that. */
async function answersTo(...sent: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (more) => (text += more.toString("latin1")));
  socket.on("error", () => undefined);
  for (const part of sent) socket.write(part);
  await once(socket, "close");
  return text;
}

const statusesOf = (answers: string): string[] =>
  [...answers.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status = ""]) => status);

const last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const type = "Content-Type: application/x-www-form-urlencoded";

function post(headers: readonly string[], connection = "close"): string {
  return ["POST /oauth2/token HTTP/1.1", "Host: x", type, `Connection: ${connection}`, ...headers, "", ""].join("\r\n");
}

async function form(): Promise<string> {
  const { clientId, clientSecret } = await registered(platform);
  return `grant_type=client_credentials&client_id=${clientId}&client_secret=${clientSecret}`;
}

describe("TP-15: how a body may come", () => {
  it("in chunks, as some clients send every body", async () => {
    const body = await form();
    const chunks = [body.slice(0, 10), body.slice(10)].map((text) => `${text.length.toString(16)}\r\n${text}\r\n`);
    const answers = await answersTo(post(["Transfer-Encoding: chunked"]), ...chunks, "0\r\n\r\n");
    expect(statusesOf(answers)).toEqual(["200"]);
  });

  it("not with a length and in chunks at once: two readers would see two requests", async () => {
    const body = `${(await form()).length.toString(16)}\r\n${await form()}\r\n0\r\n\r\n`;
    const answers = await answersTo(post([`Content-Length: ${body.length}`, "Transfer-Encoding: chunked"]), body);
    expect([statusesOf(answers), reached]).toEqual([["400"], []]);
  });

  it("not with two lengths", async () => {
    const answers = await answersTo(post(["Content-Length: 3", "Content-Length: 4"]), "a=bc");
    expect([statusesOf(answers), reached]).toEqual([["400"], []]);
  });

  it("not compressed: what it would unpack to is never made", async () => {
    const bomb = gzipSync(Buffer.alloc(2_000_000, "a"));
    const head = post(["Content-Encoding: gzip", `Content-Length: ${bomb.length}`]);
    expect(statusesOf(await answersTo(head, bomb))).toEqual(["400"]);
    const honest = gzipSync(await form());
    const small = post(["Content-Encoding: gzip", `Content-Length: ${honest.length}`]);
    expect(statusesOf(await answersTo(small, honest))).toEqual(["400"]);
  });
});

describe("HT-13: the rest of a body", () => {
  it("that is longer than announced is a broken request, which reaches nothing and ends the connection", async () => {
    const body = "a=b and this is too much\r\n\r\n";
    const answers = await answersTo(post(["Content-Length: 3"], "keep-alive"), body, last);
    expect(statusesOf(answers).at(-1)).toBe("400");
    expect(reached.filter((request) => request !== "POST /oauth2/token")).toEqual([]);
  });

  it("that was too large to be read is not taken for the next request", async () => {
    const body = `${"x".repeat(70_000)}\r\n${last}`;
    const answers = await answersTo(post([`Content-Length: ${body.length}`], "keep-alive"), body);
    expect(statusesOf(answers)).toEqual(["413"]);
    expect(reached).toEqual(["POST /oauth2/token"]);
  });
});
