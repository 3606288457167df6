import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import {
  createHandlers,
  createSettings,
  createTrustedProxies,
  type Handlers,
  maximumBodyBytes,
  mounts,
} from "@codegrant/server";
import { afterEach, describe, expect, it } from "vitest";
import { demoUser, login, type TestPlatform, testPlatform } from "../platform.ts";

const issuer = "https://photos.example/connect";
const servers: http.Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const handlersOf = (platform: TestPlatform, options = {}): Handlers =>
  createHandlers(platform, mounts.rfc6749, options);

describe("owns", () => {
  it.each([
    ["/connect", true],
    ["/connect/", true],
    ["/connect/anything/at/all", true],
    ["/.well-known/oauth-authorization-server/connect", true],
    ["/.well-known/oauth-authorization-server", false],
    ["/connected", false],
    ["/", false],
    ["/Connect/", false],
  ])("%s under /connect: %s", (path, owned) => {
    expect(handlersOf(testPlatform({ settings: { issuer } })).owns(path)).toBe(owned);
  });

  it.each([
    ["/", true],
    ["/oauth2/token", true],
    ["/photos", false],
  ])("%s without a path, only its addresses: %s", (path, owned) => {
    expect(handlersOf(testPlatform()).owns(path)).toBe(owned);
  });
});

describe("fetch and node", () => {
  it.each<[string, string, RequestInit]>([
    ["a page", "/", {}],
    ["a look at a page's headers alone", "/", { method: "HEAD" }],
    ["a document", "/.well-known/oauth-authorization-server", {}],
    ["an address that is not there", "/nothing", {}],
    ["a refused token request", "/oauth2/token", { method: "POST", body: new URLSearchParams({ grant_type: "x" }) }],
    [
      "a preflight",
      "/oauth2/token",
      { method: "OPTIONS", headers: { origin: "http://localhost:1", "access-control-request-method": "POST" } },
    ],
    ["a body that is too large", "/oauth2/token", { method: "POST", body: "x".repeat(maximumBodyBytes + 1) }],
  ])("answer the same to %s", async (_, path, init) => {
    const told = [];
    for (const carrier of ["fetch", "node"] as const) {
      const handlers = handlersOf(testPlatform(), { createRequestId: () => "request-1" });
      const response =
        carrier === "fetch"
          ? await handlers.fetch(new Request(`http://localhost:8080${path}`, init))
          : await fetch(`${await listen(handlers.node)}${path}`, init);
      const headers = [...response.headers].filter(
        ([name]) => !["date", "connection", "content-length", "keep-alive", "transfer-encoding"].includes(name),
      );
      told.push({ status: response.status, headers, body: await response.text() });
    }
    expect(told[0]).toEqual(told[1]);
    expect((told[0]?.body ?? "") === "").toBe(init.method === "HEAD" || init.method === "OPTIONS");
  });

  it("keep bytes as they are: a form in UTF-8 arrives so", async () => {
    const platform = testPlatform();
    const handlers = handlersOf(platform);
    const body = new URLSearchParams({ login: "é", password: "ü€" });
    const page = await handlers.fetch(
      new Request("http://localhost:8080/settings/connections", { method: "POST", body }),
    );
    expect(await page.text()).toContain('value="é"');
  });

  it("send every cookie, also where a framework has set headers before", async () => {
    const handlers = handlersOf(testPlatform());
    const origin = await listen((request, response) => {
      response.setHeader("X-Powered-By", "a framework");
      response.setHeader("Content-Security-Policy", "form-action 'self'");
      handlers.node(request, response);
    });
    const response = await fetch(`${origin}/settings/connections`);
    expect(response.headers.get("x-powered-by")).toBe("a framework");
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    expect(response.headers.getSetCookie()).toHaveLength(1);
  });

  it("say what is wrong when the body was read before", async () => {
    const handlers = handlersOf(testPlatform());
    const errors: unknown[] = [];
    const origin = await listen((request, response) => {
      request.resume().once("end", () => {
        if (request.url === "/plain") return handlers.node(request, response);
        return handlers.node(request, response, (error) => {
          errors.push(error);
          response.end();
        });
      });
    });
    const post = { method: "POST", body: "a=b" };
    await fetch(`${origin}/oauth2/token`, post);
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining("before whatever parses") })]);
    expect((await fetch(`${origin}/plain`, post)).status).toBe(500);
    const request = new Request("http://localhost:8080/oauth2/token", post);
    await request.text();
    await expect(handlers.fetch(request)).rejects.toThrow("before whatever parses");
  });

  it("leave a path that is not theirs to next, and a query does not change whose it is", async () => {
    const handlers = handlersOf(testPlatform());
    const origin = await listen((request, response) =>
      handlers.node(request, response, () => response.end("the application's")),
    );
    expect(await (await fetch(`${origin}/photos?/oauth2/token`)).text()).toBe("the application's");
    expect((await fetch(`${origin}/healthz?photos`)).status).toBe(200);
  });
});

describe("behind a proxy", () => {
  async function refusedSignIns(options: object, forwarded: (n: number) => string): Promise<readonly number[]> {
    const platform = testPlatform();
    await demoUser(platform);
    const asked: string[] = [];
    const limits = {
      ...platform.limits,
      address: {
        waitSeconds: () => 0,
        refuse: (key: string) => asked.push(key),
        turnAway: () => 0,
        forgive: () => undefined,
      },
    };
    const origin = await listen(createHandlers({ ...platform, limits }, mounts.rfc6749, options).node);
    for (let n = 1; n <= 3; n++) {
      const headers = { "x-forwarded-for": forwarded(n) };
      const page = await fetch(`${origin}/settings/connections`, { headers });
      const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
      const body = new URLSearchParams({ csrf, login, password: "wrong" });
      await fetch(`${origin}/settings/connections`, { method: "POST", body, headers: { ...headers, cookie } });
    }
    return asked.map((address) => Number(address.split(".").at(-1)));
  }

  it("LC-33: that is declared as trusted, the sender's address is the one it tells", async () => {
    const trusted = { trustedProxies: createTrustedProxies(["127.0.0.0/8"]) };
    expect(await refusedSignIns(trusted, (n) => `198.51.100.${n}`)).toEqual([1, 2, 3]);
    expect(await refusedSignIns(trusted, (n) => `203.0.113.${n}, 198.51.100.7`)).toEqual([7, 7, 7]);
  });

  it("LC-33: that nobody declared, what it tells is not believed", async () => {
    expect(await refusedSignIns({}, (n) => `198.51.100.${n}`)).toEqual([1, 1, 1]);
  });

  it("LC-33: a host that knows the peer of a Request says so, and the same holds", async () => {
    const platform = testPlatform();
    const seen: string[] = [];
    const limits = {
      ...platform.limits,
      address: { ...platform.limits.address, refuse: (key: string) => seen.push(key) },
    };
    const { fetch: ask } = createHandlers({ ...platform, limits }, mounts.rfc6749, {
      peerOf: () => "127.0.0.1",
      trustedProxies: createTrustedProxies(["127.0.0.1"]),
    });
    const address = "http://localhost:8080/settings/connections";
    const page = await ask(new Request(address));
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
    const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const body = new URLSearchParams({ csrf, login, password: "wrong" });
    const headers = { cookie, "x-forwarded-for": "198.51.100.9" };
    await ask(new Request(address, { method: "POST", body, headers }));
    expect(seen).toEqual(["198.51.100.9"]);
  });
});

describe("settings", () => {
  it.each(["https://photos.example/", "https://photos.example/connect/", "photos.example", "https://Photos.example"])(
    "refuse %s as an issuer, since clients compare it byte for byte",
    (wrong) => {
      const { scopes } = testPlatform().settings;
      expect(() => createSettings({ name: "Photo club", issuer: wrong, scopes })).toThrow(TypeError);
    },
  );
});
