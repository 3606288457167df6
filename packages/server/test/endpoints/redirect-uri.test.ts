import { type Application, changeApplication } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { approve, codeOf } from "../flow.ts";
import { type Registered, redirectUri } from "../platform.ts";
import { type Answer, send } from "../visitor.ts";
import { expectBack, expectPage } from "./expectations.ts";
import { addressOn, exchangeOn, onRfc6749, onTwitch, type Stage, type Surface, stage, surfaces } from "./stage.ts";
import { watchedStore } from "./store-around.ts";

/** Asks with this address as the redirect URI, signed in and with a bad scope: an answer that goes anywhere shows it. */
function ask(surface: Surface, { app, person }: Stage, uri: string): Promise<Answer> {
  return person.get(addressOn(surface, app, { redirect_uri: uri, scope: "no:such:scope" }));
}

describe.each(surfaces)("with https://client.example.com/cb registered, $name", (surface) => {
  let on: Stage;
  let watched: ReturnType<typeof watchedStore>;
  beforeEach(async () => {
    watched = watchedStore();
    on = await stage({}, { store: watched.store });
    watched.written.length = 0;
  });

  it.each([
    ["RU-02", "https://client.example.com/CB"],
    ["RU-02", "HTTPS://client.example.com/cb"],
    ["RU-02", "https://CLIENT.EXAMPLE.COM/cb"],
    ["RU-03", "https://client.example.com:443/cb"],
    ["RU-04", "https://client.example.com/x/../cb"],
    ["RU-04", "https://client.example.com/./cb"],
    ["RU-04", "https://client.example.com/cb/../evil"],
    ["RU-04", "https://client.example.com/cb/..%2Fevil"],
    ["RU-04", "https://client.example.com/cb/%2e%2e%2Fevil"],
    ["RU-04", "https://client.example.com/cb/..%252Fevil"],
    ["RU-04", "https://client.example.com/cb/;/../../evil"],
    ["RU-04", "https://client.example.com/cb%0A%0D/../../evil"],
    ["RU-04", "https://client.example.com//cb"],
    ["RU-04", "https://client.example.com/cb/"],
    ["RU-05", "https://client.example.com/%63b"],
    ["RU-05", encodeURIComponent("https://client.example.com/cb")],
    ["RU-07", "https://client.example.com\\@evil.example/cb"],
    ["RU-07", "https:/\\evil.example"],
    ["RU-07", "https://evil.example\\.client.example.com/cb"],
    ["RU-07", " https://client.example.com/cb"],
    ["RU-07", "https://client.example.com/cb "],
    ["RU-07", "https://client.example.com/\tcb"],
    ["RU-07", "https://client.example.com/cb\r\n"],
    ["RU-10", "https://client.example.com/cb#x"],
    ["RU-10", "https://client.example.com/cb#"],
    ["RU-10", "https://client.example.com/cb%23x"],
    ["RU-11", "https://client.example.com/cb?foo=bar"],
    ["RU-11", "https://client.example.com/cb?"],
    ["RU-12", "https://client.example.com/cb?code=attacker"],
    ["RU-12", "https://client.example.com/cb?state=x&iss=x&error=x"],
    ["RU-13", "https://clientXexample.com/cb"],
    ["RU-13", "https://client.example.com/.*"],
    ["RU-13", "https://*.example.com/cb"],
    ["RU-14", "https://сlient.example.com/cb"],
    ["RU-14", "https://ｃlient.example.com/cb"],
    ["RU-14", "https://xn--lient-9cf.example.com/cb"],
    ["RU-20", "https://client.example.com@evil.example/cb"],
    ["RU-20", "https://attacker@client.example.com/cb"],
    ["RU-20", "https://client.example.com.evil.example/cb"],
    ["RU-31", `http://[${":".repeat(45)}]/cb`],
    ["a name without a scheme", "client.example.com/cb"],
    ["another scheme", "http://client.example.com/cb"],
    ["a script", "javascript:alert(1)"],
    ["data", "data:text/html,x"],
    ["no address at all", "0"],
  ])("%s: %s is a page and never a redirect", async (_, uri) => {
    expectPage(await ask(surface, on, uri));
    expect(watched.written).toEqual([]);
  });

  it("RU-30: the exact one is answered, and two parsers read the same origin and path in it", async () => {
    const location = codedLocation(await approve(on.person, addressOn(surface, on.app)));
    const [, origin, path] = /^(https:\/\/[^/?#]*)([^?#]*)/.exec(location) ?? [];
    const parsed = new URL(location);
    expect([origin, path]).toEqual([parsed.origin, parsed.pathname]);
    expect(`${parsed.origin}${parsed.pathname}`).toBe(redirectUri);
    expect(location).not.toMatch(/[\s\\]/);
  });
});

describe("a registered redirect URI with a query", () => {
  const own = "https://client.example.com/cb?foo=bar";

  it.each(surfaces)("RU-11: is matched whole and keeps its query, the answer appended, $name", async (surface) => {
    const on = await stage({ redirectUris: [own] });
    for (const uri of [`${own}&x=1`, "https://client.example.com/cb?baz=1&foo=bar", redirectUri, `${own}&`])
      expectPage(await ask(surface, on, uri));
    const location = codedLocation(await approve(on.person, addressOn(surface, on.app, { redirect_uri: own })));
    expect(location.startsWith(`${own}&code=cgc_`)).toBe(true);
  });

  it("RU-12: an address registered in another way whose query has our names loses them: each comes once, and is ours", async () => {
    const on = await stage();
    const polluted = "https://client.example.com/cb?code=attacker&keep=1&state=x&%69ss=evil&error=y";
    await on.platform.store.changeApplication(on.app.application.id, { redirectUris: [polluted] });
    const back = await approve(on.person, addressOn(onRfc6749, on.app, { redirect_uri: polluted }));
    const query = new URL(codedLocation(back)).searchParams;
    expect([...query.keys()]).toEqual(["keep", "code", "state", "iss"]);
    expect([query.get("code"), query.get("state")]).toEqual([expect.stringMatching(/^cgc_/), "s-1"]);
  });
});

describe("loopback addresses", () => {
  const loopback = (redirectUris: readonly string[]): Promise<Stage> => stage({ redirectUris });
  const ports = ["", ":1", ":80", ":1024", ":51004", ":65535"];

  it.each(["127.0.0.1", "[::1]", "localhost"])(
    "RU-16: on %s the port may vary in RFC 6749, and is answered as asked",
    async (host) => {
      for (const registered of [`http://${host}/cb`, `http://${host}:8080/cb`]) {
        const on = await loopback([registered]);
        for (const port of ports) {
          const uri = `http://${host}${port}/cb`;
          expectBack(await ask(onRfc6749, on, uri), onRfc6749, "invalid_scope", { to: uri, state: "s-1" });
        }
      }
    },
  );

  it("RU-16: a code for one port is exchanged with that port alone", async () => {
    const on = await loopback(["http://127.0.0.1/cb"]);
    const uri = "http://127.0.0.1:41815/cb";
    const code = codeOf(await approve(on.person, addressOn(onRfc6749, on.app, { redirect_uri: uri })));
    expect((await exchangeOn(onRfc6749, on, code, { redirect_uri: "http://127.0.0.1/cb" })).status).toBe(400);
    expect((await exchangeOn(onRfc6749, on, code, { redirect_uri: uri })).status).toBe(200);
  });

  it.each(["127.0.0.1", "[::1]", "localhost"])(
    "RU-16: on %s Twitch's dialect takes the registered port alone",
    async (host) => {
      const on = await loopback([`http://${host}:3000/cb`]);
      expectPage(await ask(onTwitch, on, `http://${host}:3001/cb`));
      expectBack(await ask(onTwitch, on, `http://${host}:3000/cb`), onTwitch, "invalid_scope", {
        to: `http://${host}:3000/cb`,
        state: "s-1",
      });
    },
  );

  it.each([
    ["RU-18", "http://localhost/cb"],
    ["RU-18", "http://[::1]/cb"],
    ["RU-19", "http://127.1/cb"],
    ["RU-19", "http://0x7f000001/cb"],
    ["RU-19", "http://2130706433/cb"],
    ["RU-19", "http://127.000.000.001/cb"],
    ["RU-19", "http://127.0.0.2/cb"],
    ["RU-19", "http://0.0.0.0/cb"],
    ["RU-19", "http://[::ffff:127.0.0.1]/cb"],
    ["RU-19", "http://[0:0:0:0:0:0:0:1]/cb"],
    ["RU-19", "http://LOCALHOST/cb"],
    ["RU-19", "http://localhost./cb"],
    ["RU-20", "http://attacker@127.0.0.1/cb"],
    ["RU-20", "http://127.0.0.1:80@evil.example/cb"],
    ["RU-20", "http://127.0.0.1.evil.example/cb"],
    ["RU-20", "http://127.0.0.1%2eevil.example/cb"],
    ["RU-21", "http://127.0.0.1:0/cb"],
    ["RU-21", "http://127.0.0.1:65536/cb"],
    ["RU-21", "http://127.0.0.1:99999/cb"],
    ["RU-21", "http://127.0.0.1:080/cb"],
    ["RU-21", "http://127.0.0.1:abc/cb"],
    ["RU-21", "http://127.0.0.1:/cb"],
    ["RU-21", "http://127.0.0.1:8080:80/cb"],
    ["another scheme", "https://127.0.0.1/cb"],
    ["another path", "http://127.0.0.1:8080/CB"],
  ])("%s: with http://127.0.0.1/cb registered, %s is a page", async (_, uri) => {
    const on = await loopback(["http://127.0.0.1/cb"]);
    for (const surface of surfaces) expectPage(await ask(surface, on, uri));
  });

  it("RU-18: none of the three names stands for another", async () => {
    const hosts = ["127.0.0.1", "[::1]", "localhost"];
    for (const host of hosts) {
      const on = await loopback([`http://${host}/cb`]);
      for (const other of hosts.filter((name) => name !== host))
        expectPage(await ask(onRfc6749, on, `http://${other}/cb`));
    }
  });

  it("RU-23: without a path a port may follow, but a slash is another address", async () => {
    const on = await loopback(["http://127.0.0.1"]);
    expectBack(await ask(onRfc6749, on, "http://127.0.0.1:41815"), onRfc6749, "invalid_scope", {
      to: "http://127.0.0.1:41815",
      state: "s-1",
    });
    expectPage(await ask(onRfc6749, on, "http://127.0.0.1:41815/"));
  });
});

describe("a private-use scheme", () => {
  it.each(surfaces)("RU-24: matches as the identical string alone, $name", async (surface) => {
    const on = await stage({ redirectUris: ["com.example.app:/cb"] });
    for (const uri of ["com.example.app://cb", "COM.EXAMPLE.APP:/cb", "com.example.app:/cb/", "com.example.app:cb"])
      expectPage(await ask(surface, on, uri));
    expectBack(await ask(surface, on, "com.example.app:/cb"), surface, "invalid_scope", {
      to: "com.example.app:/cb",
      state: "s-1",
    });
  });
});

describe("a redirect URI that is removed while a code is under way to it", () => {
  it.each(surfaces)("RU-32: kills the code, and no new request goes there, $name", async (surface) => {
    const on = await stage({ redirectUris: [redirectUri, "https://client.example.com/new"] });
    const code = codeOf(await approve(on.person, addressOn(surface, on.app)));
    await keepOnly(on, on.app, ["https://client.example.com/new"]);
    expect((await exchangeOn(surface, on, code)).status).toBe(400);
    expectPage(await on.person.get(addressOn(surface, on.app)));
  });
});

function keepOnly(on: Stage, app: Registered, redirectUris: readonly string[]): Promise<Application> {
  return changeApplication(on.platform, app.application.id, { redirectUris });
}

/** The Location of an answer that carries a code. */
function codedLocation(answer: Answer): string {
  const location = answer.header("location") ?? "";
  expect(location).toMatch(/[?&]code=cgc_/);
  return location;
}

describe("hostile addresses", () => {
  it("RU-31: cost the server nothing worth naming, by any number of registered ones", async () => {
    const on = await stage({
      redirectUris: Array.from({ length: 10 }, (_, i) => `https://client.example.com/${"c".repeat(1_900)}${i}`),
    });
    for (const uri of [":", "/", "@", "%2f", "[", ":1", "a."].map((text) => `http://${text.repeat(5_000)}/cb`))
      expectPage(await send(on.platform.server, addressOn(onRfc6749, on.app, { redirect_uri: uri })));
  });
});
