import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "@codegrant/client";
import { createTestProvider, type TestProvider } from "@codegrant/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { frameworks } from "../src/frameworks.ts";

interface Running {
  readonly provider: TestProvider;
  readonly origin: string;
}

/** The redirect URI hangs on the port, so the port is taken first. */
async function start(name: string): Promise<Running> {
  const provider = await createTestProvider("twitch");
  const late: { answer?: http.RequestListener } = {};
  const outer = http.createServer((incoming, outgoing) => late.answer?.(incoming, outgoing));
  outer.listen(0, "localhost");
  await once(outer, "listening");
  onTestFinished(async () => {
    outer.closeAllConnections();
    outer.close();
    await provider.close();
  });
  const origin = `http://localhost:${(outer.address() as AddressInfo).port}`;
  const redirectUri = `${origin}/callback`;
  const client = await provider.register({ redirectUris: [redirectUri] });
  const { fetch } = provider;
  const connection = connect(provider.provider, { ...client, fetch, redirectUri, scopes: ["user:read:email"] });
  const inner = await frameworks[name]?.(connection);
  late.answer = (incoming, outgoing) => inner?.emit("request", incoming, outgoing);
  return { provider, origin };
}

/** A visitor presses "Connect", answers at the provider, and comes back. */
async function visit({ provider, origin }: Running): Promise<{ redirect: Response; page: () => Promise<string> }> {
  const redirect = await fetch(`${origin}/connect`, { redirect: "manual" });
  const [cookie = ""] = redirect.headers.getSetCookie()[0]?.split(";", 1) ?? [];
  const callback = (await provider.visit(redirect.headers.get("location") ?? "")) ?? "";
  return { redirect, page: async () => await (await fetch(callback, { headers: { cookie } })).text() };
}

describe.each(Object.keys(frameworks))("a web application in %s", (name) => {
  it("connects its visitor, and the reload of the page says the same", async () => {
    const running = await start(name);
    running.provider.user.account = { id: "7", login: "<b>ada</b>" };
    expect(await (await fetch(running.origin)).text()).toContain("Connect with Twitch");
    const { redirect, page } = await visit(running);
    expect(redirect.status).toBe(303);
    expect(redirect.headers.getSetCookie()).toEqual([expect.stringMatching(/^codegrant-browser=.*HttpOnly/)]);
    expect(await page()).toContain("Connected as &#60;b&#62;ada&#60;/b&#62;. The first request with the token: 200.");
    expect(await page()).toContain("Connected as &#60;b&#62;ada");
  });

  it("takes a no for an answer", async () => {
    const running = await start(name);
    running.provider.user.answer = "decline";
    const { page } = await visit(running);
    expect(await page()).toContain("Not connected.");
  });

  it("says what to do when the answer belongs to nobody here", async () => {
    const { origin } = await start(name);
    const answer = await fetch(`${origin}/callback?code=stolen&state=made-up`);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("Start again")]);
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  });
});
