import { createApplication, mounts } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { createRoutes } from "../../src/routes.ts";
import { approve, authorizeUrl, codeOf, exchange } from "../flow.ts";
import { demoUser, login, password, registered, testPlatform } from "../platform.ts";
import { type Answer, send, visitor } from "../visitor.ts";
import { expectBack, expectPage } from "./expectations.ts";
import { addressOn, exchangeOn, onRfc6749, onTwitch, type Stage, stage, surfaces } from "./stage.ts";

let on: Stage;
beforeEach(async () => {
  on = await stage();
});

const routes = [...createRoutes(testPlatform(), mounts.twitch).keys()];
const methods = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "DELETE", "PATCH", "TRACE", "PROPFIND"];

/** Nothing that could end a header, and nothing that Node would refuse to send. */
function expectCleanHeaders(answer: Answer): void {
  for (const text of answer.headers) expect(text).toMatch(/^[\t\x20-\x7e]*$/);
}

describe.each(routes)("%s", (route) => {
  it.each(methods)("HT-04: answers %s without a 5xx, a 307 or a 308", async (method) => {
    for (const target of [route, `${route}?a=b`, `${route}?${"x=y&".repeat(10)}`]) {
      const answer = await send(on.platform.server, target, { method });
      expect(answer.status).toBeLessThan(500);
      expect([307, 308]).not.toContain(answer.status);
      expectCleanHeaders(answer);
    }
  });

  it("HT-06: stands at this very path alone", async () => {
    const others = [
      `/${route}`,
      `${route}/`,
      route.toUpperCase(),
      `${route}%2f`,
      `/x/..${route}`,
      `/.${route}`,
      `${route};a=b`,
      `${route}%00`,
      `${route}.html`,
      ` ${route}`,
      `http://localhost:8080${route}`,
      `%2f${route.slice(1)}`,
    ].filter((path) => !routes.includes(path));
    for (const path of others) {
      for (const method of ["GET", "POST"]) {
        const answer = await send(on.platform.server, path, { method });
        expect([path, answer.status]).toEqual([path, 404]);
        expectPage(answer, 404);
      }
    }
  });
});

describe.each(routes)("HEAD of %s", (route) => {
  it("has the status and the headers of GET, except where a GET may write", async () => {
    for (const target of [route, `${route}?a=b`]) {
      const get = await send(on.platform.server, target, { method: "GET" });
      const head = await send(on.platform.server, target, { method: "HEAD" });
      if (route.endsWith("/authorize")) expect([head.status, head.header("allow")]).toEqual([405, "GET, POST"]);
      else expect([head.status, namesOf(head)]).toEqual([get.status, namesOf(get)]);
    }
  });
});

const namesOf = (answer: Answer): readonly string[] => answer.headers.filter((_, index) => index % 2 === 0);

describe("a redirect", () => {
  it.each(["\u2028", "\u2029", "\u0085", "é", "\u{1f600}", "%0d%0aSet-Cookie:x=y", "+", '"', "\\"])(
    "HT-03: carries a state with %j encoded, and it comes back as it was",
    async (text) => {
      for (const surface of surfaces) {
        const state = `a${text}b`;
        const address = addressOn(surface, on.app, { state, scope: "no:such:scope" });
        const answer = await on.person.get(address);
        expectCleanHeaders(answer);
        expectBack(answer, surface, "invalid_scope", { state });
      }
    },
  );

  it.each(["%0d%0a", "%0a", "%E5%98%8A%E5%98%8D", "%u000d%u000a", "%c0%8d%c0%8a"])(
    "HT-03: is never split by %s, in any parameter",
    async (bytes) => {
      for (const name of ["state", "scope", "response_type", "redirect_uri", "client_id", "prompt", "nonce"]) {
        const address = `${addressOn(onTwitch, on.app)}&${name}=x${bytes}Set-Cookie:a=b`;
        const answer = await on.person.get(address);
        expectCleanHeaders(answer);
        expect(answer.headers.filter((text) => /a=b/.test(text) && !text.startsWith("https:"))).toEqual([]);
      }
    },
  );

  it("HT-03: an application and a user cannot be named with line ends", async () => {
    for (const name of ["Photo\r\nSet-Cookie: a=b", "Photo\u2028printer"])
      await expect(
        createApplication(on.platform, { name, redirectUris: ["https://a.example/cb"], type: "public" }),
      ).rejects.toThrow(/./);
  });

  it("HT-11: for a browser ends in #_, so that no fragment of ours travels on; the code is exchanged all the same", async () => {
    const browser = { "sec-fetch-mode": "navigate" };
    const address = addressOn(onRfc6749, on.app);
    await on.person.submit(address, await on.person.get(address), { decision: "approve" });
    const back = await on.person.get(address, browser);
    expect(back.header("location")).toMatch(/[?&]iss=[^#&]*#_$/);
    expect((await exchangeOn(onRfc6749, on, back.location?.searchParams.get("code") ?? "")).status).toBe(200);
    expect((await on.person.get(address)).header("location")).not.toContain("#");
    const refused = await on.person.get(addressOn(onRfc6749, on.app, { scope: "no:such" }), browser);
    expect(refused.header("location")).toMatch(/#_$/);
  });

  it("HT-11: to an application's own scheme gets no fragment, which some of them could not read", async () => {
    const own = await stage({ redirectUris: ["com.example.app:/cb"] });
    const address = addressOn(onRfc6749, own.app, { redirect_uri: "com.example.app:/cb", scope: "no:such" });
    const answer = await own.person.get(address, { "sec-fetch-mode": "navigate" });
    expect(answer.header("location")).not.toContain("#");
  });
});

describe("headers of the request that nobody vouches for", () => {
  const lies = {
    host: "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-port": "443",
    "x-forwarded-prefix": "/evil",
    "x-original-url": "/healthz",
    "x-rewrite-url": "/healthz",
    "x-http-method-override": "POST",
    forwarded: "host=evil.example;proto=https",
  };

  it("HT-05: change neither cookies nor addresses nor issuer nor route", async () => {
    const stranger = visitor(on.platform.server);
    const address = addressOn(onRfc6749, on.app);
    const page = await stranger.get(address, lies);
    expect(page.header("set-cookie")).toMatch(/^codegrant-browser-8080=/);
    expect(page.header("set-cookie")).not.toContain("Secure");
    expect(page.body + page.headers.join()).not.toContain("evil");
    const home = await stranger.get("/", lies);
    expect(home.body).toContain("http://localhost:8080/oauth2/authorize");
    expect(home.body).not.toContain("evil");
    const back = await on.person.get(addressOn(onRfc6749, on.app, { scope: "no:such" }), lies);
    expect(back.location?.searchParams.get("iss")).toBe("http://localhost:8080");
  });

  it("HT-05: an https issuer stays https, whatever a peer says", async () => {
    const secure = testPlatform({ settings: { issuer: "https://id.example" } });
    const page = await send(secure.server, "/settings/connections", {
      headers: { ...lies, "x-forwarded-proto": "http" },
    });
    expect(page.header("set-cookie")).toContain("; Secure");
  });
});

describe("under a path", () => {
  it("the whole flow works, and so does signing out; nothing is served beside it", async () => {
    const platform = testPlatform({ settings: { issuer: "https://id.example/auth" } });
    const app = await registered(platform);
    await demoUser(platform);
    const person = visitor(platform.server);
    const address = authorizeUrl(app, {}, "/auth/oauth2/authorize");
    await person.submit(address, await person.get(address), { login, password });
    const code = codeOf(await approve(person, address));
    expect((await exchange(platform, app, code, {}, "/auth/oauth2/token")).status).toBe(200);
    const home = await person.get("/auth");
    const csrf = /action="\/auth\/sign-out"[^]*?name="csrf" value="([^"]*)"/.exec(home.body)?.[1] ?? "";
    const out = await person.post("/auth/sign-out", { csrf });
    expect([out.status, out.header("location")]).toEqual([303, "/auth/sign-out"]);
    expect((await person.get("/auth/settings/connections")).body).toContain('name="password"');
    for (const path of ["/", "/settings/connections", "/oauth2/authorize", "/authx", "/auth/auth", "/AUTH"])
      expectPage(await person.get(path), 404);
  });
});
