import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import {
  createNodeHandler,
  createPasswords,
  createServer,
  mounts,
  type NodeHandlerOptions,
  type Server,
} from "@codegrant/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { approve, authorizeUrl, codeOf, exchange, signedIn } from "../flow.ts";
import { demoUser, login, password, registered, testPlatform } from "../platform.ts";
import { type Answer, visitor } from "../visitor.ts";

/** A server whose answers wait until the test lets them go. */
async function slowServer(options: NodeHandlerOptions) {
  const waiting: (() => void)[] = [];
  const answer: Server = () =>
    new Promise((resolve) => waiting.push(() => resolve({ status: 200, headers: [], body: "done" })));
  const http = createHttpServer(createNodeHandler(answer, options));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  const get = (headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${port}/`, { headers });
  /** So many requests, all of which have got as far as the server. */
  const inFlight = async (count: number): Promise<Promise<Response>[]> => {
    const all = Array.from({ length: count }, () => get());
    while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve));
    return all;
  };
  const letGo = (): void => {
    for (const go of waiting.splice(0)) go();
  };
  return { port, get, inFlight, letGo, waiting };
}

describe("when too much waits", () => {
  it("the next request is sent away at once with a time to come back, and later ones are answered again", async () => {
    const { get, inFlight, letGo, waiting } = await slowServer({ maximumInFlight: 3 });
    const taken = await inFlight(3);
    const refused = await get();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
    expect(await refused.json()).toMatchObject({ status: 503, error: "temporarily_unavailable" });
    expect(waiting).toHaveLength(3); // it never got to the server
    letGo();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200, 200]);
    const [later] = await inFlight(1);
    letGo();
    expect((await later)?.status).toBe(200);
  });

  it("a person reads it in words", async () => {
    const { get, inFlight, letGo } = await slowServer({ maximumInFlight: 1 });
    const taken = await inFlight(1);
    const refused = await get({ accept: "text/html" });
    expect(await refused.text()).toContain("Try again in a few seconds");
    letGo();
    await Promise.all(taken);
  });

  it("the log is told once, and again only after it was over", async () => {
    let told = 0;
    let now = 0;
    const onBusy = () => void (told += 1);
    const { get, inFlight, letGo } = await slowServer({ maximumInFlight: 2, onBusy, elapsed: () => now });
    for (const times of [1, 2]) {
      now += 20_000;
      const taken = await inFlight(2);
      for (let i = 0; i < 5; i++) await get();
      expect(told).toBe(times);
      letGo();
      await Promise.all(taken);
    }
  });

  it("whoever was sent away and asks again at once is not read for a moment, and then heard", async () => {
    const http = createHttpServer(createNodeHandler(() => new Promise(() => undefined), { maximumInFlight: 0 }));
    const sockets: Socket[] = [];
    http.on("connection", (socket) => sockets.push(socket)).listen(0, "127.0.0.1");
    await once(http, "listening");
    const client = connect((http.address() as AddressInfo).port, "127.0.0.1");
    onTestFinished(() => {
      client.destroy();
      http.close();
    });
    for (let times = 0; times < 2; times++) {
      client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab");
      expect(String(await once(client, "data"))).toContain(" 503 ");
      while (!sockets[0]?.isPaused()) await new Promise((resolve) => setImmediate(resolve));
    }
  });

  it("bodies that come slowly take nobody's place (DO-01)", async () => {
    const { port, inFlight, letGo } = await slowServer({ maximumInFlight: 2 });
    const slow = Array.from({ length: 10 }, () => {
      const socket = connect(port, "127.0.0.1");
      socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
      return socket;
    });
    const taken = await inFlight(2);
    letGo();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual([200, 200]);
    for (const socket of slow) socket.destroy();
  });
});

describe("two hundred sign-ins at once (DO-03)", () => {
  it("hash two at a time, stop no token request, and the ones too many are sent away early", async () => {
    const gates: (() => void)[] = [];
    let running = 0;
    let most = 0;
    const gatedVerify = async (): Promise<boolean> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => gates.push(resolve));
      running -= 1;
      return false;
    };
    const platform = testPlatform();
    const app = await registered(platform);
    await demoUser(platform);
    const code = codeOf(await approve(await signedIn(platform), authorizeUrl(app)));
    const passwords = createPasswords({
      atOnce: 2,
      waiting: 64,
      argon2: { hash: () => Promise.reject(new Error("not here")), verify: gatedVerify },
    });
    const busy = { ...platform, server: createServer({ ...platform, passwords }, mounts.twitch) };

    const answered: Answer[] = [];
    const signIns = Array.from({ length: 200 }, async (_, index) => {
      const person = visitor(busy.server);
      const page = await person.get("/settings/connections");
      // Logins of nobody too: they cost the same.
      const typed = { login: index % 2 === 0 ? login : `nobody${index}`, password };
      answered.push(await person.submit("/settings/connections", page, typed));
    });
    while (answered.length < 200 - 66) await new Promise((resolve) => setImmediate(resolve));
    expect(answered.map(({ status }) => status)).toEqual(Array.from({ length: 134 }, () => 503));
    expect(answered[0]?.header("retry-after")).toMatch(/^\d+$/);

    expect((await exchange(busy, app, code)).status).toBe(200); // while 66 sign-ins wait
    expect(running).toBe(2);
    while (answered.length < 200) {
      for (const open of gates.splice(0)) open();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(signIns);
    expect(most).toBe(2);
    expect(running).toBe(0);
  });
});
