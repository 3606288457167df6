import { deleteApplication, disconnect } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { approve, codeVerifier, refresh } from "../flow.ts";
import { redirectUri, registered } from "../platform.ts";
import { expectRefusal } from "./expectations.ts";
import {
  addressOn,
  codeOn,
  exchangeOn,
  isGood,
  onRfc6749,
  onTwitch,
  postPairs,
  type Stage,
  type Surface,
  stage,
  surfaces,
  tokensOf,
} from "./stage.ts";

let on: Stage;
beforeEach(async () => {
  on = await stage();
});

const withoutPkce = { code_challenge: undefined, code_challenge_method: undefined };
const withoutVerifier = { code_verifier: undefined };

function expectDeadCode(answer: Awaited<ReturnType<typeof exchangeOn>>, surface: Surface): void {
  expectRefusal(answer, surface, 400, "invalid_grant", "Invalid authorization code");
}

/** Whether the refresh token of an answer still refreshes. */
async function refreshes(surface: Surface, refreshToken: string): Promise<boolean> {
  return (await refresh(on.platform, on.app, refreshToken, {}, `${surface.prefix}/token`)).status === 200;
}

describe.each(surfaces)("a code, $name", (surface) => {
  it.each([0, 10])(
    "CD-04: sent again with its verifier %d s later is refused, and the first answer stands",
    async (seconds) => {
      const code = await codeOn(surface, on);
      const { refresh: refreshToken } = tokensOf(await exchangeOn(surface, on, code));
      on.platform.step(seconds);
      expectDeadCode(await exchangeOn(surface, on, code), surface);
      expect(await refreshes(surface, refreshToken)).toBe(true);
    },
  );

  it.each([11, 3_600, 80 * 86_400])(
    "CD-04: sent again with its verifier %d s later is refused, and the grant ends",
    async (seconds) => {
      const code = await codeOn(surface, on);
      const { refresh: refreshToken } = tokensOf(await exchangeOn(surface, on, code));
      on.platform.step(seconds);
      expectDeadCode(await exchangeOn(surface, on, code), surface);
      expect(await refreshes(surface, refreshToken)).toBe(false);
      expect(on.platform.logged).toContainEqual(expect.objectContaining({ event: "grant.ended", detail: "replay" }));
    },
  );

  it("CD-04: sent again after a refresh still ends the grant", async () => {
    const code = await codeOn(surface, on);
    const { refresh: refreshToken } = tokensOf(await exchangeOn(surface, on, code));
    on.platform.step(60);
    const next = tokensOf(await refresh(on.platform, on.app, refreshToken, {}, `${surface.prefix}/token`));
    expectDeadCode(await exchangeOn(surface, on, code), surface);
    expect(await refreshes(surface, next.refresh)).toBe(false);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, number]>([
    ["a wrong verifier", { code_verifier: "x".repeat(43) }, 11],
    ["no verifier", withoutVerifier, 11],
    ["a wrong secret", { client_secret: "wrong" }, 11],
  ])("CD-04: sent again with %s ends nothing, for who lacks a proof changes nothing", async (_, changes, seconds) => {
    const code = await codeOn(surface, on);
    const { refresh: refreshToken } = tokensOf(await exchangeOn(surface, on, code));
    on.platform.step(seconds);
    expect((await exchangeOn(surface, on, code, changes)).status).toBeGreaterThanOrEqual(400);
    expect(await refreshes(surface, refreshToken)).toBe(true);
  });

  it("CD-05: of fifty exchanges at once one answers, and its tokens live", async () => {
    const code = await codeOn(surface, on);
    const answers = await Promise.all(Array.from({ length: 50 }, () => exchangeOn(surface, on, code)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array<number>(49).fill(400),
    ]);
    const good = answers.find(({ status }) => status === 200);
    expect(good && (await refreshes(surface, tokensOf(good).refresh))).toBe(true);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>]>([
    ["a wrong redirect URI", { redirect_uri: "https://client.example.com/other" }],
    ["a wrong secret", { client_secret: "wrong" }],
    ["no secret", { client_secret: undefined }],
    ["a wrong verifier", { code_verifier: "x".repeat(43) }],
    ["no verifier", withoutVerifier],
    ["an unknown client", { client_id: "nobody" }],
    ["a wrong grant type", { grant_type: "refresh_token" }],
    ["a resource that was not granted", { resource: "https://api.example/" }],
  ])("CD-08: is not spent by %s", async (_, changes) => {
    const code = await codeOn(surface, on);
    expect((await exchangeOn(surface, on, code, changes)).status).toBeGreaterThanOrEqual(400);
    expect((await exchangeOn(surface, on, code)).status).toBe(200);
  });

  it("CD-09: made up from a real one's beginning revokes nobody's", async () => {
    const code = await codeOn(surface, on);
    const made = [
      code.slice(0, -1) + (code.endsWith("A") ? "B" : "A"),
      code.slice(0, 20) + "A".repeat(code.length - 20),
      `${code}A`,
      code.slice(0, -1),
      `cga_${code.slice(4)}`,
      code.toUpperCase(),
      ` ${code}`,
    ];
    for (const guess of made) expectDeadCode(await exchangeOn(surface, on, guess), surface);
    const { refresh: refreshToken } = tokensOf(await exchangeOn(surface, on, code));
    on.platform.step(11);
    for (const guess of made) expectDeadCode(await exchangeOn(surface, on, guess), surface);
    expect(await refreshes(surface, refreshToken)).toBe(true);
  });

  it("of another application is refused, and is not spent by it", async () => {
    const code = await codeOn(surface, on);
    const other = await registered(on.platform, { name: "Another one" });
    expectDeadCode(await exchangeOn(surface, { ...on, app: other }, code), surface);
    expect((await exchangeOn(surface, on, code)).status).toBe(200);
    on.platform.step(11);
    expectDeadCode(await exchangeOn(surface, { ...on, app: other }, code), surface);
  });

  it("CD-11: is dead once its user disconnected", async () => {
    const code = await codeOn(surface, on);
    const [user] = await on.platform.store.listUsers({ limit: 1 });
    await disconnect(on.platform, user?.id ?? "", on.app.application.id);
    expectDeadCode(await exchangeOn(surface, on, code), surface);
  });

  it("CD-11: is dead once its application was deleted", async () => {
    const code = await codeOn(surface, on);
    await deleteApplication(on.platform, on.app.application.id);
    const status = surface === onRfc6749 ? 401 : 400;
    expectRefusal(await exchangeOn(surface, on, code), surface, status, "invalid_client", "invalid client");
  });

  it("CD-12: gives no more scopes than were granted, whatever the exchange asks", async () => {
    const code = await codeOn(surface, on);
    const answer = await exchangeOn(surface, on, code, { scope: "user:read:email channel:manage:broadcast" });
    expect(JSON.stringify(answer.json()["scope"])).toMatch(/^(?:"user:read:email"|\["user:read:email"\])$/);
  });

  it("CD-17: is dead after five wrong verifiers", async () => {
    const code = await codeOn(surface, on);
    for (let guess = 0; guess < 5; guess++) {
      const answer = await exchangeOn(surface, on, code, { code_verifier: String(guess).repeat(43) });
      expectDeadCode(answer, surface);
    }
    expectDeadCode(await exchangeOn(surface, on, code), surface);
  });

  it("CD-17: is good after four", async () => {
    const code = await codeOn(surface, on);
    for (let guess = 0; guess < 4; guess++) {
      await exchangeOn(surface, on, code, { code_verifier: String(guess).repeat(43) });
      await exchangeOn(surface, on, code, { client_secret: "a wrong secret is no guess at the verifier" });
    }
    expect((await exchangeOn(surface, on, code)).status).toBe(200);
  });

  it("CD-17: guesses at once are counted, every one", async () => {
    const code = await codeOn(surface, on);
    for (let round = 0; round < 5; round++) {
      const guesses = Array.from({ length: 3 }, (_, i) => `${round}${i}`.repeat(22));
      await Promise.all(guesses.map((guess) => exchangeOn(surface, on, code, { code_verifier: guess })));
    }
    expectDeadCode(await exchangeOn(surface, on, code), surface);
  });

  it("that was revoked is refused with a wrong verifier as with the right one", async () => {
    const code = await codeOn(surface, on);
    const body = { client_id: on.app.clientId, client_secret: on.app.clientSecret, token: code };
    expect((await postPairs(on.platform, `${surface.prefix}/revoke`, Object.entries(body))).status).toBe(200);
    expectDeadCode(await exchangeOn(surface, on, code, { code_verifier: "x".repeat(43) }), surface);
    expectDeadCode(await exchangeOn(surface, on, code), surface);
  });

  it.each([60, 61, 3_600])("that is %d s old is dead", async (seconds) => {
    const code = await codeOn(surface, on);
    on.platform.step(seconds);
    expectDeadCode(await exchangeOn(surface, on, code), surface);
  });

  it("that is 59 s old is good", async () => {
    const code = await codeOn(surface, on);
    on.platform.step(59);
    expect((await exchangeOn(surface, on, code)).status).toBe(200);
  });

  it("CD-19: that is used, or has expired, is not revived by a clock set back", async () => {
    const used = await codeOn(surface, on);
    await exchangeOn(surface, on, used);
    const expired = await codeOn(surface, on, { state: "s-2" });
    on.platform.step(120);
    expectDeadCode(await exchangeOn(surface, on, expired), surface);
    on.platform.step(-3_600);
    expectDeadCode(await exchangeOn(surface, on, expired), surface);
    expectDeadCode(await exchangeOn(surface, on, used), surface);
  });

  it("is good only in the family that issued it", async () => {
    const code = await codeOn(surface, on);
    const foreign = surfaces.filter(({ dialect }) => dialect.family !== surface.dialect.family);
    for (const other of foreign) expectDeadCode(await exchangeOn(other, on, code), other);
    expect((await exchangeOn(surface, on, code)).status).toBe(200);
  });

  it("CD-20, HT-08: comes back in a redirect that no cache keeps, and on no page", async () => {
    const back = await approve(on.person, addressOn(surface, on.app));
    const code = back.location?.searchParams.get("code") ?? "";
    expect([back.body, back.header("cache-control"), back.header("referrer-policy")]).toEqual([
      "",
      "no-store",
      "same-origin",
    ]);
    for (const page of ["/", "/settings/connections", addressOn(surface, on.app, { scope: "chat:read" })])
      expect((await on.person.get(page)).body).not.toContain(code.slice(4));
    expect(JSON.stringify(on.platform.logged)).not.toContain(code.slice(4));
  });
});

describe.each(surfaces.filter((surface) => surface !== onRfc6749))("a code without PKCE, $name", (surface) => {
  it("CD-04: sent twice within the same second is refused, and the grant ends", async () => {
    const code = await codeOn(surface, on, withoutPkce);
    const { access, refresh: refreshToken } = tokensOf(await exchangeOn(surface, on, code, withoutVerifier));
    expectDeadCode(await exchangeOn(surface, on, code, withoutVerifier), surface);
    expect(await isGood(on.platform, access)).toBe(false);
    expect(await refreshes(surface, refreshToken)).toBe(false);
  });

  it("CD-05: of fifty exchanges at once one answers, and its tokens are dead afterwards", async () => {
    const code = await codeOn(surface, on, withoutPkce);
    const answers = await Promise.all(Array.from({ length: 50 }, () => exchangeOn(surface, on, code, withoutVerifier)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array<number>(49).fill(400),
    ]);
    const good = answers.find(({ status }) => status === 200);
    expect(good && (await isGood(on.platform, tokensOf(good).access))).toBe(false);
  });

  it("CD-08: is not spent without its redirect URI, which the dialect requires", async () => {
    const code = await codeOn(surface, on, withoutPkce);
    const answer = await exchangeOn(surface, on, code, { ...withoutVerifier, redirect_uri: undefined });
    expect(answer.status).toBe(400);
    expect((await exchangeOn(surface, on, code, withoutVerifier)).status).toBe(200);
  });
});

describe("the redirect URI at the exchange", () => {
  it("may be left out in RFC 6749 where PKCE was used", async () => {
    const code = await codeOn(onRfc6749, on);
    expect((await exchangeOn(onRfc6749, on, code, { redirect_uri: undefined })).status).toBe(200);
  });

  it("may not be left out in RFC 6749 where PKCE was not used", async () => {
    const lax = await stage({ settings: { pkce: "optional" } });
    const code = await codeOn(onRfc6749, lax, withoutPkce);
    const missing = await exchangeOn(onRfc6749, lax, code, { ...withoutVerifier, redirect_uri: undefined });
    expectRefusal(missing, onRfc6749, 400, "invalid_request", "");
    expect((await exchangeOn(onRfc6749, lax, code, withoutVerifier)).status).toBe(200);
  });

  it.each(["https://client.example.com/CB", "https://client.example.com/cb/", `${redirectUri}?`, `${redirectUri}#`])(
    "must be the same byte for byte: %s is not",
    async (uri) => {
      const code = await codeOn(onTwitch, on);
      const answer = await exchangeOn(onTwitch, on, code, { redirect_uri: uri, code_verifier: codeVerifier });
      expectRefusal(answer, onTwitch, 400, "invalid_grant", "Parameter redirect_uri does not match registered URI");
    },
  );
});

describe("answers about codes", () => {
  it.each(surfaces)(
    "TP-18, LG-08: unknown, expired, used and foreign ones read the same outside, and differ in the log, $name",
    async (surface) => {
      const other = await registered(on.platform, { name: "Another one" });
      const expired = await codeOn(surface, on);
      on.platform.step(61);
      const used = await codeOn(surface, on);
      await exchangeOn(surface, on, used);
      const foreign = await codeOn(surface, { ...on, app: other });
      on.platform.logged.length = 0;
      const answers = [];
      for (const code of [`cgc_${"A".repeat(64)}`, "anything", expired, used, foreign])
        answers.push(await exchangeOn(surface, on, code));
      const [first] = answers;
      for (const answer of answers)
        expect([answer.status, answer.headers, answer.body]).toEqual([400, first?.headers, first?.body]);
      const reasons = on.platform.logged.filter(({ event }) => event === "request.refused").map(({ detail }) => detail);
      expect(new Set(reasons).size).toBe(4);
      const logged = JSON.stringify(on.platform.logged);
      for (const code of [expired, used, foreign]) expect(logged).not.toContain(code.slice(4));
    },
  );
});
