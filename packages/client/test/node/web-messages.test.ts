import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { readRequest, sendResponse } from "../../src/node/index.ts";
import { listen } from "../loopback.ts";

async function serve(answer: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown): Promise<string> {
  const { port, close } = await listen(createServer((incoming, outgoing) => void answer(incoming, outgoing)));
  onTestFinished(close);
  return `http://localhost:${port}`;
}

it("a request keeps its method, path, query and headers, and every cookie", async () => {
  const seen: Request[] = [];
  const url = await serve((incoming, outgoing) => {
    seen.push(readRequest(incoming));
    outgoing.end();
  });
  await fetch(`${url}//elsewhere.example/callback?code=1%202&state=%C3%A4`, { headers: { cookie: "a=1; b=2" } });
  await fetch(`${url}/callback`, { method: "POST", body: "ignored" });
  const [first, second] = seen;
  expect(first?.url).toBe("http://localhost//elsewhere.example/callback?code=1%202&state=%C3%A4");
  expect([first?.method, first?.headers.get("cookie")]).toEqual(["GET", "a=1; b=2"]);
  expect([second?.method, second?.body]).toEqual(["POST", null]);
});

it("a request that Express has taken a prefix from keeps its whole path", () => {
  const incoming = {
    method: "GET",
    url: "/callback",
    originalUrl: "/app/callback?code=1",
    rawHeaders: [":path", "/x"],
  };
  expect(readRequest(incoming as unknown as IncomingMessage).url).toBe("http://localhost/app/callback?code=1");
});

it("a response keeps its status, its headers, each cookie for itself, and its body", async () => {
  const url = await serve((_, outgoing) => {
    outgoing.setHeader("set-cookie", "own=1");
    const headers = new Headers({ location: "https://example.com/", "cache-control": "no-store" });
    headers.append("set-cookie", "a=1");
    headers.append("set-cookie", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT");
    return sendResponse(outgoing, new Response("gone", { status: 303, headers }));
  });
  const answer = await fetch(url, { redirect: "manual" });
  expect([answer.status, answer.headers.get("location"), await answer.text()]).toEqual([
    303,
    "https://example.com/",
    "gone",
  ]);
  expect(answer.headers.getSetCookie()).toEqual(["own=1", "a=1", "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT"]);
});
