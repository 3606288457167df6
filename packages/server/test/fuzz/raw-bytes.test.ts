import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { connect } from "node:net";
import { createNodeHandler } from "@codegrant/server";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestPlatform, testPlatform } from "../platform.ts";
import { printedSeed } from "../seed.ts";

let http: HttpServer;
let platform: TestPlatform;

beforeAll(async () => {
  platform = testPlatform();
  http = createHttpServer(createNodeHandler(platform.server));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
});
afterAll(() => http.close());

/** Everything the server says to these bytes until it or we hang up. */
function answerTo(sent: Buffer): Promise<string> {
  const address = http.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => socket.end(sent));
    socket.on("data", (more) => (text += more.toString("latin1")));
    socket.on("error", () => resolve(text));
    socket.on("close", () => resolve(text));
  });
}

const paths = [
  "/oauth2/token",
  "/oauth2/authorize",
  "/settings/connections",
  "/oauth/introspect",
  "/",
  "*",
  "//",
  "/%",
];
const bytes = fc.uint8Array({ maxLength: 300 }).map((all) => Buffer.from(all).toString("latin1"));
const header = fc.tuple(
  fc.constantFrom("Host", "Cookie", "Authorization", "Content-Type", "Content-Length", "Te"),
  bytes,
);
const requests = fc
  .record({
    method: fc.constantFrom("GET", "POST", "BREW"),
    path: fc.constantFrom(...paths),
    all: fc.array(header),
    bytes,
  })
  .map(({ method, path, all, bytes: body }) =>
    [
      `${method} ${path} HTTP/1.1`,
      "Host: a",
      "Connection: close",
      ...all.map((pair) => pair.join(": ")),
      "",
      body,
    ].join("\r\n"),
  );

it("arbitrary bytes on a connection are answered below 500 or not at all, and the next request is served", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(bytes, requests), async (sent) => {
      const answer = await answerTo(Buffer.from(sent, "latin1"));
      if (answer !== "") expect(answer).toMatch(/^HTTP\/1\.1 [1-4]\d\d /);
    }),
    { numRuns: 600, seed: printedSeed("raw bytes") },
  );
  expect(await answerTo(Buffer.from("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))).toMatch(
    / 200 OK/,
  );
  expect(platform.logged.filter(({ level }) => level === "error")).toEqual([]);
});
