import { deleteApplication, disableApplication, disconnect, enableApplication, setPassword } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { refresh } from "../flow.ts";
import { login, registered, type TestPlatformOptions } from "../platform.ts";
import type { Answer } from "../visitor.ts";
import { expectRefusal } from "./expectations.ts";
import {
  isGood,
  onRfc6749,
  onTwitch,
  postPairs,
  type Stage,
  type Surface,
  stage,
  surfaces,
  type Tokens,
  tokensOf,
  tokensOn,
} from "./stage.ts";

const day = 86_400;

let on: Stage;
beforeEach(async () => {
  on = await stage();
});

function ask(
  surface: Surface,
  at: Stage,
  refreshToken: string,
  changes: Readonly<Record<string, string | undefined>> = {},
) {
  return refresh(at.platform, at.app, refreshToken, changes, `${surface.prefix}/token`);
}

async function next(surface: Surface, at: Stage, { refresh: refreshToken }: Pick<Tokens, "refresh">): Promise<Tokens> {
  return tokensOf(await ask(surface, at, refreshToken));
}

function expectDead(answer: Answer, surface: Surface): void {
  expectRefusal(answer, surface, 400, "invalid_grant", "Invalid refresh token");
}

const endings = (at: Stage): unknown[] =>
  at.platform.logged.filter(({ event }) => event === "grant.ended").map(({ detail }) => detail);

describe.each(surfaces)("a refresh token, $name", (surface) => {
  it("rotates: each answer has another one", async () => {
    const one = await tokensOn(surface, on);
    const two = await next(surface, on, one);
    const three = await next(surface, on, two);
    expect(new Set([one, two, three].flatMap(({ access, refresh: token }) => [access, token])).size).toBe(6);
  });

  it("RF-02: two generations old ends the grant with all its tokens", async () => {
    const one = await tokensOn(surface, on);
    const two = await next(surface, on, one);
    const three = await next(surface, on, two);
    expectDead(await ask(surface, on, one.refresh), surface);
    expectDead(await ask(surface, on, three.refresh), surface);
    expectDead(await ask(surface, on, two.refresh), surface);
    expect(endings(on)).toEqual(["theft"]);
    for (const { access } of [one, two, three]) expect(await isGood(on.platform, access)).toBe(false);
  });

  it("RF-02: is theft by its generation, not by the clock: three rotations within one second, then the first", async () => {
    const one = await tokensOn(surface, on);
    const four = await next(surface, on, await next(surface, on, await next(surface, on, one)));
    expectDead(await ask(surface, on, one.refresh), surface);
    expectDead(await ask(surface, on, four.refresh), surface);
    expect(endings(on)).toEqual(["theft"]);
  });

  it.each([0, 2, 30])(
    "RF-12: sent again %d s later is answered with the same successor, byte for byte",
    async (seconds) => {
      const one = await tokensOn(surface, on);
      const two = await next(surface, on, one);
      on.platform.step(seconds);
      const again = await next(surface, on, one);
      expect(again.refresh).toBe(two.refresh);
      expectGoodAccess(await next(surface, on, again));
      expect(endings(on)).toEqual([]);
    },
  );

  it("RF-12: sent again gets a fresh access token, whose life begins now", async () => {
    const one = await tokensOn(surface, on);
    const two = await next(surface, on, one);
    on.platform.step(20);
    const again = await ask(surface, on, one.refresh);
    expect(tokensOf(again).access).not.toBe(two.access);
    expect(again.json()["expires_in"]).toBe(surface.dialect.lifetimes.accessTokenSeconds);
  });

  it.each([31, 3_600, 80 * day])(
    "RF-12: sent again %d s later, its successor never seen, skips that one",
    async (seconds) => {
      const one = await tokensOn(surface, on);
      const lost = await next(surface, on, one);
      on.platform.step(seconds);
      const three = await next(surface, on, one);
      expect(three.refresh).not.toBe(lost.refresh);
      expectDead(await ask(surface, on, lost.refresh), surface);
      expectDead(await ask(surface, on, three.refresh), surface);
      expect(endings(on)).toEqual(["theft"]);
    },
  );

  it("RF-12: sent late again and again stays answered, since its holder never had another", async () => {
    const one = await tokensOn(surface, on);
    for (let time = 0; time < 5; time++) {
      on.platform.step(3_600);
      await next(surface, on, one);
    }
    expect(endings(on)).toEqual([]);
  });

  it("RF-12: sent late, its successor used, is theft", async () => {
    const one = await tokensOn(surface, on);
    const two = await next(surface, on, one);
    on.platform.step(3_600);
    const three = await next(surface, on, two);
    expectDead(await ask(surface, on, one.refresh), surface);
    expectDead(await ask(surface, on, three.refresh), surface);
  });

  it("is judged by generations while the clock steps back and forth", async () => {
    let tokens = await tokensOn(surface, on);
    for (const seconds of [-3_600, 7_200, -day, 0, 10 * day, -5 * day]) {
      on.platform.step(seconds);
      const again = await next(surface, on, tokens);
      expect((await next(surface, on, tokens)).refresh).toBe(again.refresh);
      tokens = again;
    }
    expect(endings(on)).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, number]>([
    ["RF-06: without the secret", { client_secret: undefined }, surface === onRfc6749 ? 401 : 400],
    ["RF-06: with a wrong secret", { client_secret: "wrong" }, surface === onRfc6749 ? 401 : 403],
    ["RF-20: with a resource that was not granted", { resource: "https://api.example/" }, 400],
    ["RF-20: with another grant type", { grant_type: "authorization_code" }, 400],
    ...(surface === onRfc6749
      ? [
          ["RF-20: with more scopes than granted", { scope: "user:read:email chat:read" }, 400] as [
            string,
            Readonly<Record<string, string>>,
            number,
          ],
        ]
      : []),
  ])("%s is refused and not rotated", async (_, changes, status) => {
    const one = await tokensOn(surface, on);
    expect((await ask(surface, on, one.refresh, changes)).status).toBe(status);
    const two = await next(surface, on, one);
    on.platform.step(31);
    expectGoodAccess(await next(surface, on, two));
  });

  it("of another application is refused, and its grant is untouched", async () => {
    const one = await tokensOn(surface, on);
    const two = await next(surface, on, one);
    await next(surface, on, two);
    const other = { ...on, app: await registered(on.platform, { name: "Another one" }) };
    expectDead(await ask(surface, other, one.refresh), surface);
    expect(endings(on)).toEqual([]);
  });

  it("RF-09: is no access token, and an access token or code is no refresh token", async () => {
    const { access, refresh: refreshToken } = await tokensOn(surface, on);
    expectDead(await ask(surface, on, access), surface);
    expectDead(await ask(surface, on, `cgr_${access.slice(4)}`), surface);
    expect(await isGood(on.platform, refreshToken)).toBe(false);
    expect(await isGood(on.platform, `cga_${refreshToken.slice(4)}`)).toBe(false);
    expect(endings(on)).toEqual([]);
  });

  it("RF-11: unused until its time is dead; used, its time starts over", async () => {
    const one = await tokensOn(surface, on);
    on.platform.step(89 * day);
    const two = await next(surface, on, one);
    on.platform.step(89 * day);
    const three = await next(surface, on, two);
    on.platform.step(90 * day);
    expectDead(await ask(surface, on, three.refresh), surface);
  });

  it("RF-15: dies with the password, with a Disconnect and with its application", async () => {
    const one = await tokensOn(surface, on);
    await setPassword(on.platform, login, "another horse battery");
    expectDead(await ask(surface, on, one.refresh), surface);
    const fresh = await stage();
    const two = await tokensOn(surface, fresh);
    const [user] = await fresh.platform.store.listUsers({ limit: 1 });
    await disconnect(fresh.platform, user?.id ?? "", fresh.app.application.id);
    expectDead(await ask(surface, fresh, two.refresh), surface);
    const three = await stage();
    const { refresh: last } = await tokensOn(surface, three);
    await deleteApplication(three.platform, three.app.application.id);
    expect((await ask(surface, three, last)).status).toBe(surface === onRfc6749 ? 401 : 400);
  });

  it("rests while its application is disabled, and comes back with it", async () => {
    const one = await tokensOn(surface, on);
    await disableApplication(on.platform, on.app.application.id);
    expectRefusal(await ask(surface, on, one.refresh), surface, 400, "unauthorized_client", "invalid client");
    expect(await isGood(on.platform, one.access)).toBe(false);
    await enableApplication(on.platform, on.app.application.id);
    expectGoodAccess(await next(surface, on, one));
  });

  it("LG-08: unknown, old, foreign and expired read the same outside, and differ in the log", async () => {
    const ended = await tokensOn(surface, on);
    await next(surface, on, await next(surface, on, ended));
    const theirs = await tokensOn(surface, { ...on, app: await registered(on.platform, { name: "Another one" }) });
    on.platform.logged.length = 0;
    const answers = [];
    for (const token of ["anything", theirs.refresh, ended.refresh, ended.refresh, theirs.access])
      answers.push(await ask(surface, on, token));
    for (const answer of answers) expect([answer.status, answer.body]).toEqual([400, answers[0]?.body]);
    const details = on.platform.logged.filter(({ event }) => event === "request.refused").map(({ detail }) => detail);
    expect(new Set(details).size).toBe(4);
    expect(JSON.stringify(on.platform.logged)).not.toContain(ended.refresh.slice(4));
  });
});

/** An access token of the Twitch family is good; one of RFC 6749 is at least of the right form. */
function expectGoodAccess({ access }: Tokens): void {
  expect(access).toMatch(/^cga_[\w-]{64}$/);
}

describe("windows", () => {
  const withWindows = (retrySeconds: number, lateSeconds: number): TestPlatformOptions => ({
    settings: { refreshWindows: { retrySeconds, lateSeconds, publicLateSeconds: lateSeconds } },
  });

  it("RF-12: of 0 are strict: the predecessor is theft at once", async () => {
    const strict = await stage({}, withWindows(0, 0));
    const one = await tokensOn(onTwitch, strict);
    const two = await next(onTwitch, strict, one);
    expectDead(await ask(onTwitch, strict, one.refresh), onTwitch);
    expectDead(await ask(onTwitch, strict, two.refresh), onTwitch);
    expect(endings(strict)).toEqual(["theft"]);
  });

  it("RF-12: without the first, a retry rotates once more", async () => {
    const late = await stage({}, withWindows(0, 3_600));
    const one = await tokensOn(onTwitch, late);
    const two = await next(onTwitch, late, one);
    expect((await next(onTwitch, late, one)).refresh).not.toBe(two.refresh);
  });

  it("RF-12: without the second, a late retry is theft", async () => {
    const early = await stage({}, withWindows(30, 0));
    const one = await tokensOn(onTwitch, early);
    await next(onTwitch, early, one);
    early.platform.step(31);
    expectDead(await ask(onTwitch, early, one.refresh), onTwitch);
    expect(endings(early)).toEqual(["theft"]);
  });

  it.each([
    [day, 200],
    [day + 1, 400],
  ])("RF-12: for a public application a retry %d s late is answered %d", async (seconds, status) => {
    const open = await stage({ type: "public" });
    const one = await tokensOn(onTwitch, open);
    await next(onTwitch, open, one);
    open.platform.step(seconds);
    expect((await ask(onTwitch, open, one.refresh)).status).toBe(status);
  });
});

describe("an application that refuses what is stale", () => {
  it("RF-02: is told, and its grant lives, since its secret binds it", async () => {
    const kept = await stage({ settings: { onReuse: "refuse" } });
    const one = await tokensOn(onRfc6749, kept);
    const two = await next(onRfc6749, kept, one);
    const three = await next(onRfc6749, kept, two);
    expectDead(await ask(onRfc6749, kept, one.refresh), onRfc6749);
    expect(endings(kept)).toEqual([]);
    expectGoodAccess(await next(onRfc6749, kept, three));
  });
});

describe("with rotation off", () => {
  const still = (): Promise<Stage> => stage({ settings: { refreshRotation: "off" } });

  it("every answer has the same refresh token, still after 200 days of daily use", async () => {
    const at = await still();
    const one = await tokensOn(onTwitch, at);
    for (let days = 0; days < 200; days++) {
      at.platform.step(day);
      const again = await next(onTwitch, at, one);
      expect(again.refresh).toBe(one.refresh);
    }
    expect(await isGood(at.platform, (await next(onTwitch, at, one)).access)).toBe(true);
    at.platform.step(90 * day);
    expectDead(await ask(onTwitch, at, one.refresh), onTwitch);
  });

  it("a revoked access token is dead and the next one is good", async () => {
    const at = await still();
    const one = await tokensOn(onTwitch, at);
    const two = await next(onTwitch, at, one);
    await revoke(at, two.access);
    expect(await isGood(at.platform, two.access)).toBe(false);
    expect(await isGood(at.platform, (await next(onTwitch, at, one)).access)).toBe(true);
  });

  it.each([0, 1])("thirty workers that refresh at once all get an answer, %d s after the exchange", async (seconds) => {
    const at = await still();
    const one = await tokensOn(onTwitch, at);
    at.platform.step(seconds);
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(onTwitch, at, one.refresh)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    for (const answer of answers) expect(await isGood(at.platform, tokensOf(answer).access)).toBe(true);
  });

  it("switching it on and off touches no row: the token that is current goes on", async () => {
    const at = await still();
    const one = await tokensOn(onTwitch, at);
    await at.platform.store.changeApplication(at.app.application.id, { settings: {} });
    const two = await next(onTwitch, at, one);
    expect(two.refresh).not.toBe(one.refresh);
    await at.platform.store.changeApplication(at.app.application.id, { settings: { refreshRotation: "off" } });
    for (const token of [two, one, two]) expect((await next(onTwitch, at, token)).refresh).toBe(two.refresh);
  });
});

describe("scope at refresh", () => {
  it("RF-08: narrows the access token in RFC 6749, and the refresh token keeps all", async () => {
    const one = await tokensOn(onRfc6749, on, { scope: "user:read:email chat:read" });
    const narrow = await ask(onRfc6749, on, one.refresh, { scope: "chat:read" });
    expect(narrow.json()["scope"]).toBe("chat:read");
    const whole = await ask(onRfc6749, on, tokensOf(narrow).refresh);
    expect(whole.json()["scope"]).toBe("user:read:email chat:read");
  });

  it("RF-08: is ignored by Twitch, which always gives the whole grant", async () => {
    const one = await tokensOn(onTwitch, on, { scope: "user:read:email chat:read" });
    const again = await ask(onTwitch, on, one.refresh, { scope: "channel:manage:broadcast" });
    expect(again.json()["scope"]).toEqual(["user:read:email", "chat:read"]);
  });

  it("RF-08: beyond 23 scopes what a mask cannot say is invalid_scope, and nothing is spent", async () => {
    const names = on.platform.settings.scopes.all.slice(0, 26).map(({ name }) => name);
    const one = await tokensOn(onRfc6749, on, { scope: names.join(" ") });
    const refused = await ask(onRfc6749, on, one.refresh, { scope: names.slice(0, 25).join(" ") });
    expectRefusal(refused, onRfc6749, 400, "invalid_scope", "");
    const said = await ask(onRfc6749, on, one.refresh, { scope: names.slice(20).join(" ") });
    expect(said.json()["scope"]).toBe(names.slice(20).join(" "));
  });
});

describe("access tokens issued before a rotation", () => {
  it("RF-23: live until their own expiry, and end with the grant", async () => {
    const one = await tokensOn(onTwitch, on);
    const two = await next(onTwitch, on, one);
    on.platform.step(4 * 3_600 - 1);
    expect([await isGood(on.platform, one.access), await isGood(on.platform, two.access)]).toEqual([true, true]);
    on.platform.step(1);
    expect([await isGood(on.platform, one.access), await isGood(on.platform, two.access)]).toEqual([false, false]);
    const three = await next(onTwitch, on, two);
    await revoke(on, three.refresh);
    expect(await isGood(on.platform, three.access)).toBe(false);
  });
});

describe("a family", () => {
  it.each(surfaces)("keeps its refresh tokens to itself, $name", async (surface) => {
    const one = await tokensOn(surface, on);
    for (const other of surfaces.filter(({ dialect }) => dialect.family !== surface.dialect.family))
      expectDead(await ask(other, on, one.refresh), other);
    expectGoodAccess(await next(surface, on, one));
  });
});

async function revoke(at: Stage, token: string): Promise<void> {
  const answer = await postPairs(at.platform, "/oauth2/revoke", [
    ["client_id", at.app.clientId],
    ["token", token],
  ]);
  expect([answer.status, answer.body]).toEqual([200, ""]);
}

describe("the answer of a refresh", () => {
  it.each(surfaces)("always has a refresh token and is kept by no cache, $name", async (surface) => {
    const answer = await ask(surface, on, (await tokensOn(surface, on)).refresh);
    expect(answer.json()["refresh_token"]).toMatch(/^cgr_/);
    expect([answer.header("cache-control"), answer.header("pragma")]).toEqual(["no-store", "no-cache"]);
  });
});
