import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect as connectSocket } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import type { AnswerCallback, LandingPage } from "../../src/index.ts";
import { listenForCallback } from "../../src/node/listen.ts";
import { thrownBy } from "../fixtures.ts";
import { ask, good, listen } from "./listening.ts";

describe("the place where the answer arrives", () => {
  it.each(["HEAD", "POST", "OPTIONS", "PUT", "DELETE"])("takes nothing by %s (CC-09)", async (method) => {
    const { port, visits } = await listen();
    expect((await ask(port, good, method)).status).toBe(405);
    expect(visits).toEqual([]);
  });

  it.each([
    ["evil.example:PORT", 421],
    ["localhost.evil.example", 421],
    ["127.0.0.1.evil.example:PORT", 421],
    ["127.0.0.1", 421],
    ["127.0.0.1:PORT", 303],
  ])("is asked by the name %s (CC-12): %i", async (host, status) => {
    const { port, visits } = await listen();
    expect((await ask(port, good, "GET", { host: host.replace("PORT", String(port)) })).status).toBe(status);
    expect(visits).toHaveLength(status === 303 ? 1 : 0);
  });

  it("refuses a page's script, tells it nothing and sends no CORS headers (CC-13)", async () => {
    const { port, visits } = await listen();
    for (const path of [good, "/callback/done/approved", "/"]) {
      const { status, headers, body } = await ask(port, path, "GET", { origin: "https://evil.example" });
      expect([status, body, headers["access-control-allow-origin"]]).toEqual([403, "", undefined]);
    }
    expect(visits).toEqual([]);
  });

  it("listens on loopback alone, on both families for `localhost` (CC-11, CC-27)", async () => {
    const { port } = await listen("http://localhost:0/callback");
    expect(await canConnect("127.0.0.1", port)).toBe(true);
    expect(await canConnect("::1", port)).toBe(hasIpv6());
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, scopeid }) => !internal && !scopeid);
    for (const { address } of others) expect([address, await canConnect(address, port)]).toEqual([address, false]);
  });

  it.each([
    ["http://127.0.0.1:0/callback", "127.0.0.1", "::1"],
    ["http://[::1]:0/callback", "::1", "127.0.0.1"],
  ])("at %s is at that literal address and no other (CC-27)", async (uri, own, other) => {
    if (!hasIpv6() && own === "::1") {
      expect(await thrownBy(listen(uri))).toMatchObject({ code: "ERR_PORT_BUSY" });
      return;
    }
    const { port } = await listen(uri);
    expect([await canConnect(own, port), await canConnect(other, port)]).toEqual([true, false]);
  });

  it.each(["127.0.0.1", "::1"])(
    "is refused when another program holds the port at %s, and lets go of the rest (CC-30)",
    async (host) => {
      const other = createServer();
      other.listen({ host: hasIpv6() ? host : "127.0.0.1", port: 0, ipv6Only: true });
      await once(other, "listening");
      const { port } = other.address() as AddressInfo;
      const error = await thrownBy(listenForCallback(`http://localhost:${port}/callback`, async () => "approved"));
      expect(error).toMatchObject({ code: "ERR_PORT_BUSY" });
      other.close();
      await once(other, "close");
      await (await listenForCallback(`http://localhost:${port}/callback`, async () => "approved")).close();
    },
  );

  it("keeps to its path and its length (CC-24)", async () => {
    const { port, visits } = await listen();
    expect((await ask(port, "/favicon.ico")).status).toBe(404);
    expect((await ask(port, "/callback/?code=x")).status).toBe(404);
    expect((await ask(port, `/callback?code=${"x".repeat(13_000)}`)).status).toBe(404);
    expect((await ask(port, `/callback?code=${"x".repeat(100_000)}`)).status).toBe(431);
    expect(visits).toEqual([]);
  });
});

describe("the page a person lands on", () => {
  it.each<LandingPage>(["approved", "declined", "other_user", "failed"])(
    "%s has an address without the code and says nothing of the request (CC-17, CC-19)",
    async (page) => {
      const { port } = await listen(undefined, page);
      const redirect = await ask(port, good);
      expect(redirect).toMatchObject({ status: 303, body: "", headers: { location: `/callback/done/${page}` } });
      const landed = await ask(port, String(redirect.headers["location"]));
      expect(landed.status).toBe(200);
      expect(landed.body).not.toMatch(/secret|code=|state|https?:/);
      expect(landed.headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
      expect(landed.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-/);
    },
  );

  it("shows nothing that a stranger wrote (CC-18)", async () => {
    const { port } = await listen(undefined, "stray");
    const { body, status } = await ask(port, "/callback?error_description=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
    expect(status).toBe(400);
    expect(body).not.toMatch(/img|alert/);
  });

  it("is still there for the browser that was sent to it, and then the port is free", async () => {
    const { listener, port } = await listen();
    await ask(port, good);
    const closed = listener.close();
    expect((await ask(port, "/callback/done/approved")).status).toBe(200);
    await closed;
    expect(await canConnect("127.0.0.1", port)).toBe(false);
  });

  it("is still there when the login ends in the same turn as its answer", async () => {
    let closed: Promise<void> | undefined;
    const answer: AnswerCallback = async () => {
      closed = listener.close();
      return "approved";
    };
    const listener = await listenForCallback("http://127.0.0.1:0/callback", answer);
    const port = Number(new URL(listener.redirectUri).port);
    const { headers } = await ask(port, good);
    expect((await ask(port, String(headers["location"]))).status).toBe(200);
    await closed;
  });
});

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === "::1"));
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket({ host, port, timeout: 1_000 });
    const settle = (isOpen: boolean) => () => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once("connect", settle(true)).once("error", settle(false)).once("timeout", settle(false));
  });
}
