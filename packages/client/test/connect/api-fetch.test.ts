import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Connection, type ConnectOptions, connect } from "../../src/index.ts";
import { type AutoProvider, startAutoProvider } from "../auto-provider.ts";
import { clientId, clientSecret, thrownBy } from "../fixtures.ts";
import { json, type LoopbackServer, type Received, startServer } from "../loopback.ts";

let provider: AutoProvider;
let api: LoopbackServer;
let elsewhere: LoopbackServer;
/** What the API says, besides asking for a token that lives. */
let answer: (request: Received) => { status: number; location?: string } | undefined;

beforeEach(async () => {
  provider = await startAutoProvider();
  answer = () => undefined;
  api = await startServer((request, response) => {
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    const { status, location } = answer(request) ?? { status: provider.alive.has(token) ? 200 : 401 };
    if (location !== undefined) response.setHeader("location", location);
    json(response, status, { path: request.url, body: request.body });
  });
  elsewhere = await startServer((_request, response) => json(response, 200, "elsewhere"));
});
afterEach(() => Promise.all([provider.close(), api.close(), elsewhere.close()]));

async function connected(options: Partial<ConnectOptions> = {}): Promise<Connection> {
  const columns = { ...provider.provider, api: { baseUrl: api.url, headers: { "client-id": "{clientId}" } } };
  const connection = connect(columns, {
    clientId,
    clientSecret,
    scopes: ["read"],
    minimumIntervalSeconds: 0,
    clock: quickClock,
    ...options,
  });
  await connection.login({ method: "device", onPrompt: () => undefined });
  return connection;
}

describe("a request on the user's behalf", () => {
  it("has the provider's headers beside the caller's, and the token in the header alone (CT-21)", async () => {
    const connection = await connected();
    const response = await connection.fetch("/helix/users?id=1", { headers: { "x-own": "yes" } });
    expect(response.status).toBe(200);
    const [request] = api.received;
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${(await connection.accessToken()).reveal()}`,
      "client-id": clientId,
      "x-own": "yes",
    });
    expect(request?.url).toBe("/helix/users?id=1");
  });

  it("is repeated once with a fresh token after a 401, body and all", async () => {
    const connection = await connected();
    provider.alive.clear();
    const response = await connection.fetch("/chat", { method: "POST", body: "hello" });
    expect(await response.json()).toEqual({ path: "/chat", body: "hello" });
    expect(api.received.map(({ body }) => body)).toEqual(["hello", "hello"]);
    expect(provider.counts.refreshes).toBe(1);
  });

  it("that a fresh token does not help is repeated exactly once", async () => {
    const connection = await connected();
    answer = () => ({ status: 401 });
    expect((await connection.fetch("/users")).status).toBe(401);
    expect(api.received).toHaveLength(2);
    expect(provider.counts.refreshes).toBe(1);
  });

  it("is not repeated after a 403, and costs no refresh", async () => {
    const connection = await connected();
    answer = () => ({ status: 403 });
    expect((await connection.fetch("/users")).status).toBe(403);
    expect([api.received.length, provider.counts.refreshes]).toEqual([1, 0]);
  });

  it("with a stream for a body is sent once, and the next one has the fresh token", async () => {
    const connection = await connected();
    provider.alive.clear();
    const body = new Blob(["streamed"]).stream();
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    expect((await connection.fetch("/upload", init)).status).toBe(401);
    expect(api.received).toHaveLength(1);
    expect((await connection.fetch("/users")).status).toBe(200);
  });

  it("takes a Request as well", async () => {
    const connection = await connected();
    const request = new Request(`${api.url}/chat`, { method: "POST", body: "hello", headers: { "x-own": "yes" } });
    expect((await connection.fetch(request)).status).toBe(200);
    expect(api.received[0]).toMatchObject({ method: "POST", body: "hello", headers: { "x-own": "yes" } });
  });

  it("answers with the 401 itself where there is no fresh token to be had", async () => {
    const connection = await connected();
    provider.alive.clear();
    await provider.close();
    const response = await connection.fetch("/users");
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ path: "/users", body: "" });
    provider = await startAutoProvider();
  });
});

describe("the token goes nowhere else (CT-21)", () => {
  it.each(["https://evil.example/", "//evil.example/", "http://127.0.0.1:1/", "users", "file:///etc/passwd"])(
    "%s is refused before anything is sent",
    async (address) => {
      const connection = await connected();
      expect(await thrownBy(connection.fetch(address))).toBeInstanceOf(TypeError);
      expect(api.received).toEqual([]);
    },
  );

  it("except where it was told to", async () => {
    const connection = await connected({ apiOrigins: [elsewhere.url] });
    await connection.fetch(`${elsewhere.url}/users`);
    expect(elsewhere.received[0]?.headers.authorization).toBe(`Bearer ${(await connection.accessToken()).reveal()}`);
  });

  it("a redirect to another origin is followed without it and without the caller's headers", async () => {
    const connection = await connected();
    answer = ({ url }) => (url === "/download" ? { status: 302, location: `${elsewhere.url}/file` } : undefined);
    const response = await connection.fetch("/download", { headers: { cookie: "mine", "x-own": "yes" } });
    expect(await response.json()).toBe("elsewhere");
    const { headers } = elsewhere.received[0] ?? {};
    expect([headers?.authorization, headers?.["client-id"], headers?.cookie, headers?.["x-own"]]).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
  });

  it("a redirect of a POST to another origin is not followed", async () => {
    const connection = await connected();
    answer = () => ({ status: 307, location: `${elsewhere.url}/file` });
    expect((await connection.fetch("/users", { method: "POST", body: "mine" })).status).toBe(307);
    expect(elsewhere.received).toEqual([]);
  });

  it.each(["/new", "elsewhere"])(
    'with `redirect: "error"` a redirect to %s is an error, as in fetch itself',
    async (to) => {
      const connection = await connected();
      answer = ({ url }) =>
        url === "/old" ? { status: 302, location: to === "elsewhere" ? `${elsewhere.url}/file` : to } : undefined;
      expect(await thrownBy(connection.fetch("/old", { redirect: "error" }))).toBeInstanceOf(TypeError);
      expect([api.received.length, elsewhere.received.length]).toEqual([1, 0]);
    },
  );

  it('with `redirect: "manual"` a redirect is the answer', async () => {
    const connection = await connected();
    answer = () => ({ status: 302, location: `${elsewhere.url}/file` });
    expect((await connection.fetch("/old", { redirect: "manual" })).status).toBe(302);
    expect([api.received.length, elsewhere.received.length]).toEqual([1, 0]);
  });

  it("a redirect that leaves the API and comes back brings no token back with it", async () => {
    const connection = await connected();
    const back = await startServer((_request, response) => {
      response.writeHead(302, { location: `${api.url}/back` }).end();
    });
    answer = ({ url }) => (url === "/old" ? { status: 302, location: back.url } : undefined);
    expect((await connection.fetch("/old")).status).toBe(401);
    await back.close();
    expect(api.received.map(({ url, headers }) => [url, headers.authorization !== undefined])).toEqual([
      ["/old", true],
      ["/back", false],
    ]);
    // Nothing was said of the token.
    expect(provider.counts.refreshes).toBe(0);
  });

  it("a redirect within the API is followed with it, five times at most", async () => {
    const connection = await connected();
    answer = ({ url }) => (url === "/old" ? { status: 301, location: "/new" } : undefined);
    expect(await (await connection.fetch("/old")).json()).toEqual({ path: "/new", body: "" });
    answer = () => ({ status: 302, location: "/round" });
    expect((await connection.fetch("/round")).status).toBe(302);
    expect(api.received).toHaveLength(2 + 6);
  });
});

/** The right time, without the pauses between two polls. */
const quickClock: NonNullable<ConnectOptions["clock"]> = {
  now: () => Math.floor(Date.now() / 1_000),
  elapsed: () => performance.now() / 1_000,
  wait: () => new Promise((resolve) => setTimeout(resolve, 5)),
};
