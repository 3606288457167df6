import { createServer } from "node:http";
import { createNodeHandler } from "@codegrant/server";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type TestPlatform, testPlatform } from "../platform.ts";

let platform: TestPlatform;
beforeAll(() => {
  platform = testPlatform();
});

async function listening(): Promise<string> {
  const http = createServer(createNodeHandler(platform.server));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void http.close());
  const address = http.address();
  return typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : "";
}

const form = { "content-type": "application/x-www-form-urlencoded" };
const large = `code=${"x".repeat(70_000)}`;

describe("TP-14: a body larger than any of ours is not read", () => {
  it.each([
    ["/oauth2/token", { status: 413, message: "The body is too large" }],
    ["/kraken/oauth2/token", { error: "Content Too Large", status: 413, message: "The body is too large" }],
    ["/oauth/token", { error: "invalid_request", error_description: "The body is too large" }],
  ])("%s says so in its dialect", async (path, said) => {
    const answer = await fetch((await listening()) + path, { method: "POST", headers: form, body: large });
    expect([answer.status, await answer.json()]).toEqual([413, said]);
    expect(answer.headers.get("connection")).toBe("close");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("also when its length was not told in advance", async () => {
    const body = new Blob([large]).stream();
    const url = `${await listening()}/oauth2/token`;
    const answer = await fetch(url, { method: "POST", headers: form, body, duplex: "half" } as RequestInit);
    expect([answer.status, await answer.json()]).toEqual([413, { status: 413, message: "The body is too large" }]);
  });

  it.each(["/oauth2/authorize", "/account/password", "/settings/connections"])("%s shows a page", async (path) => {
    const answer = await fetch((await listening()) + path, { method: "POST", headers: form, body: large });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain("That was too much at once");
  });
});
