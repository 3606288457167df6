import { beforeEach, describe, expect, it } from "vitest";
import { approve, signedIn } from "../flow.ts";
import { login, password, type TestPlatform, testPlatform } from "../platform.ts";
import { hiddenFields, send, type Visitor, visitor } from "../visitor.ts";
import { expectPage } from "./expectations.ts";
import { addressOn, onTwitch, type Stage, stage } from "./stage.ts";
import { watchedStore } from "./store-around.ts";

const right = { login, password };
const sessionCookie = "codegrant-session-8080";

let on: Stage;
let stranger: Visitor;
let watched: ReturnType<typeof watchedStore>;

beforeEach(async () => {
  watched = watchedStore();
  on = await stage({}, { store: watched.store });
  stranger = visitor(on.platform.server);
  watched.written.length = 0;
});

/** Whether the session in a cookie still opens the Connections page. */
async function opens(platform: TestPlatform, secret: string | undefined): Promise<boolean> {
  const page = await send(platform.server, "/settings/connections", {
    headers: { cookie: `${sessionCookie}=${secret ?? ""}` },
  });
  return page.body.includes('name="action"');
}

describe("a sign-in", () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ["a wrong password", { login, password: "wrong horse battery" }],
    ["the right password with a blank after it", { login, password: `${password} ` }],
    ["the right password in capitals", { login, password: password.toUpperCase() }],
    ["no password", { login, password: "" }],
    ["a login that nobody has", { login: "nobody", password }],
    ["a login that nobody can have", { login: "' or 1=1 --", password }],
    ["no login", { login: "", password }],
    ["no login field", { password }],
    ["no password field", { login }],
    ["a NUL in the password", { login, password: `${password.slice(0, 7)}\u2400${password.slice(7)}` }],
    ["a password of 30,000 characters", { login, password: "x".repeat(30_000) }],
  ])("with %s shows the page again, says nothing more and writes nothing", async (_, typed) => {
    const address = addressOn(onTwitch, on.app);
    const again = await stranger.submit(address, await stranger.get(address), typed);
    expectPage(again, 403);
    expect(again.header("set-cookie")).toBeUndefined();
    expect(again.body).not.toContain(password);
    expect(watched.written).toEqual([]);
  });

  it("is refused in the same words, whether or not there is such a user", async () => {
    const address = addressOn(onTwitch, on.app);
    const page = await stranger.get(address);
    const said = await Promise.all(
      [login, "bob"].map(async (name) => {
        const again = await stranger.submit(address, page, { login: name, password: "wrong horse battery" });
        return again.body.replaceAll(`"${name}"`, '"name"');
      }),
    );
    expect(said[0]).toBe(said[1]);
  });

  it("does not put the password into the page, an address or the log", async () => {
    const address = addressOn(onTwitch, on.app);
    const back = await stranger.submit(address, await stranger.get(address), right);
    expect(back.header("location")).toBe(address);
    expect(JSON.stringify(on.platform.logged)).not.toContain(password);
  });

  it("LC-36: goes on with 303, so that no browser posts the password on", async () => {
    const address = addressOn(onTwitch, on.app);
    const back = await stranger.submit(address, await stranger.get(address), right);
    expect([back.status, back.body]).toEqual([303, ""]);
  });

  it("LC-12: gives another session each time, and the earlier one of that browser is dead", async () => {
    const before = on.person.cookies.get(sessionCookie);
    expect(stranger.cookies.get(sessionCookie)).toBeUndefined();
    expect(await opens(on.platform, before)).toBe(true);
    const address = addressOn(onTwitch, on.app, { scope: "chat:read" });
    const page = await on.person.get(address);
    await on.person.submit(address, page, { decision: "switch" });
    expect(await opens(on.platform, before)).toBe(false);
    await on.person.submit(address, await on.person.get(address), right);
    const after = on.person.cookies.get(sessionCookie);
    expect(after).toMatch(/^[\w-]{43}$/);
    expect(after).not.toBe(before);
    expect(await opens(on.platform, after)).toBe(true);
  });

  it("LC-12: does not take over a session that someone put into the browser", async () => {
    stranger.cookies.set(sessionCookie, "fixed-by-someone-else");
    const address = addressOn(onTwitch, on.app);
    await stranger.submit(address, await stranger.get(address), right);
    expect(await opens(on.platform, "fixed-by-someone-else")).toBe(false);
    expect(await opens(on.platform, stranger.cookies.get(sessionCookie))).toBe(true);
  });

  it("LC-12: in a browser that holds a living session ends that session", async () => {
    const mine = on.person.cookies.get(sessionCookie);
    stranger.cookies.set(sessionCookie, String(mine));
    // A page drawn before the session came into this browser: another tab.
    const address = "/settings/connections";
    const page = await visitorWithout(stranger, sessionCookie).get(address);
    stranger.cookies.set("codegrant-browser-8080", browserOf(page.header("set-cookie")));
    await stranger.submit(address, page, right);
    expect(await opens(on.platform, mine)).toBe(false);
  });

  it("LC-12: signing out ends the session on the server", async () => {
    const secret = on.person.cookies.get(sessionCookie);
    const page = await on.person.get("/");
    const csrf = /action="\/sign-out"[^]*?name="csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? "";
    const out = await on.person.post("/sign-out", { csrf });
    expect([out.status, out.header("location")]).toEqual([303, "/sign-out"]);
    expect(await opens(on.platform, secret)).toBe(false);
    expect(on.person.cookies.has(sessionCookie)).toBe(false);
  });

  it("ends at its time, by the server's clock and not by the cookie's", async () => {
    const secret = on.person.cookies.get(sessionCookie);
    on.platform.step(86_399);
    expect(await opens(on.platform, secret)).toBe(true);
    on.platform.step(1);
    expect(await opens(on.platform, secret)).toBe(false);
  });
});

describe("the sign-in form", () => {
  it.each<[string, (fields: Record<string, string>) => Record<string, string>]>([
    ["without its anti-forgery token", ({ csrf: _, ...rest }) => rest],
    ["with an empty one", (fields) => ({ ...fields, csrf: "" })],
    ["with a changed one", (fields) => ({ ...fields, csrf: `A${(fields["csrf"] ?? "").slice(1)}B` })],
    ["with a cut one", (fields) => ({ ...fields, csrf: (fields["csrf"] ?? "").slice(0, -1) })],
  ])("%s signs nobody in", async (_, change) => {
    const address = addressOn(onTwitch, on.app);
    const page = await stranger.get(address);
    const again = await stranger.post(address, { ...change(hiddenFields(page)), ...right });
    expectPage(again, 403);
    expect(watched.written).toEqual([]);
  });

  it("of another browser signs nobody in, so that nobody is made to sign in as an attacker", async () => {
    const address = addressOn(onTwitch, on.app);
    const attacker = visitor(on.platform.server);
    const page = await attacker.get(address);
    await stranger.get(address);
    expectPage(await stranger.submit(address, page, right), 403);
    expectPage(await visitor(on.platform.server).submit(address, page, right), 403);
    expect(watched.written).toEqual([]);
  });

  it("of another address signs nobody in", async () => {
    const page = await stranger.get(addressOn(onTwitch, on.app));
    expectPage(await stranger.submit(addressOn(onTwitch, on.app, { state: "s-2" }), page, right), 403);
    expectPage(await stranger.submit("/settings/connections", page, right), 403);
    expect(watched.written).toEqual([]);
  });
});

describe("guessing a password", () => {
  const wrong = { login, password: "wrong horse battery" };

  it("is slowed down for the account, however its login is typed", async () => {
    const page = await stranger.get("/settings/connections");
    for (let i = 0; i < 10; i++) {
      const typed = `${" ".repeat(i)}${i % 2 === 0 ? login : login.toUpperCase()}`;
      expectPage(await stranger.submit("/settings/connections", page, { ...wrong, login: typed }), 403);
    }
    const next = await stranger.submit("/settings/connections", page, { ...right, login: ` ${login} ` });
    expectPage(next, 429);
    expect(Number(next.header("retry-after"))).toBeGreaterThan(0);
  });

  it("is slowed down in a browser that knows the account, however its login is typed", async () => {
    const page = await stranger.get("/settings/connections");
    await stranger.submit("/settings/connections", page, { ...right, login: ` ${login}` });
    stranger.cookies.delete(sessionCookie);
    for (let i = 0; i < 10; i++) {
      const typed = i % 2 === 0 ? login : `${login.toUpperCase()}${" ".repeat(i)}`;
      expectPage(await stranger.submit("/settings/connections", page, { ...wrong, login: typed }), 403);
    }
    expectPage(await stranger.submit("/settings/connections", page, right), 429);
  });

  it("many times at once learns no more than one after the other", async () => {
    const page = await stranger.get("/settings/connections");
    const guesses = Array.from({ length: 30 }, (_, i) => (i === 29 ? right : wrong));
    const answers = await Promise.all(guesses.map((typed) => stranger.submit("/settings/connections", page, typed)));
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(10);
    expect(answers.at(-1)?.status).toBe(429);
    expect(watched.written).toEqual([]);
  });
});

describe("where a sign-in leads", () => {
  it.each([
    "//evil.example",
    "/\\evil.example",
    "/%09/evil.example",
    "https:evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/..//evil.example",
  ])("LC-35: an invited return to %s is not read; it stays on the address it stood at", async (target) => {
    for (const name of ["return_to", "next", "redirect", "redirect_uri", "continue", "after"]) {
      const address = `/settings/connections?${new URLSearchParams({ [name]: target })}`;
      const someone = visitor(on.platform.server);
      const back = await someone.submit(address, await someone.get(address), right);
      expect([back.status, back.header("location"), back.location?.host]).toEqual([303, address, "localhost:8080"]);
    }
  });
});

describe("two cookies under our name", () => {
  it.each(["codegrant-session-8080", "codegrant-browser-8080"])(
    "LC-14: %s twice is refused, whichever comes first",
    async (name) => {
      const mine = on.person.cookies.get(name) ?? "";
      for (const cookie of [
        `${name}=${mine}; ${name}=x`,
        `${name}=x; ${name}=${mine}`,
        `${name}=${mine};${name}=${mine}`,
      ]) {
        for (const target of [addressOn(onTwitch, on.app), "/settings/connections", "/"])
          expectPage(await send(on.platform.server, target, { headers: { cookie } }));
        const fields = { decision: "approve", csrf: "x" };
        const post = { method: "POST", body: fields, headers: { cookie } };
        expectPage(await send(on.platform.server, addressOn(onTwitch, on.app), post));
      }
      expect(watched.written).toEqual([]);
    },
  );

  it("LC-14: over https only names that no sibling host can set count, and they are Secure", async () => {
    const secure = testPlatform({ settings: { issuer: "https://id.example" } });
    const page = await send(secure.server, "/settings/connections");
    expect(page.header("set-cookie")).toMatch(
      /^__Host-codegrant-browser=[\w-]{22}; Path=\/; .*HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(page.header("set-cookie")).not.toContain("Domain");
    const tossed = await send(secure.server, "/settings/connections", {
      headers: { cookie: "codegrant-session=x; codegrant-session=y" },
    });
    expect(tossed.status).toBe(200);
  });
});

describe("pages that show what is private", () => {
  it("LC-38: are kept by no cache, for strangers and users, with and without errors", async () => {
    const pages = [
      await on.person.get("/settings/connections"),
      await on.person.get(addressOn(onTwitch, on.app)),
      await stranger.get("/settings/connections"),
      await stranger.get(addressOn(onTwitch, on.app)),
      await on.person.get("/nowhere"),
      await on.person.get("/sign-out"),
      await approve(await signedIn(on.platform), addressOn(onTwitch, on.app)),
    ];
    expect(pages.map((page) => page.header("cache-control"))).toEqual(pages.map(() => "no-store"));
  });
});

function visitorWithout(other: Visitor, name: string): Visitor {
  const copy = visitor(on.platform.server);
  for (const [key, value] of other.cookies) if (key !== name) copy.cookies.set(key, value);
  return copy;
}

function browserOf(setCookie: string | undefined): string {
  return /codegrant-browser-8080=([^;]*)/.exec(setCookie ?? "")?.[1] ?? "";
}
