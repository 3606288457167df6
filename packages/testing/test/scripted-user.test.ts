import { connect, finishDeviceAuthorization, startDeviceAuthorization } from "@codegrant/client";
import { describe, expect, it } from "vitest";
import { createTestClock } from "../src/index.ts";
import { askForTokens, authorizeUrl, create, exchange, redirectUri, start } from "./create.ts";

describe("the scripted user", () => {
  it("approves, and the browser goes back with a code and the very state", async () => {
    const test = await create("twitch");
    const callback = new URL((await test.visit(authorizeUrl(test))) ?? "");
    expect(callback.href.startsWith(`${redirectUri}?`)).toBe(true);
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      code: expect.stringMatching(/./),
      scope: "chat:read chat:edit",
      state: "state-of-the-test",
    });
  });

  it("declines in the platform's own words, though they approved before", async () => {
    const test = await create("twitch");
    await test.visit(authorizeUrl(test));
    test.user.answer = "decline";
    const callback = new URL((await test.visit(authorizeUrl(test))) ?? "");
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      error: "access_denied",
      error_description: "The user denied you access",
      state: "state-of-the-test",
    });
  });

  it("lets go of a scope", async () => {
    const test = await create("twitch");
    test.user.answer = { only: ["chat:read"] };
    expect(await (await exchange(test)).json()).toMatchObject({ scope: ["chat:read"] });
  });

  it("leaves, and nothing ever comes back: a login ends when its time is over", async () => {
    const test = await create("twitch");
    test.user.answer = "leave";
    expect(await test.visit(authorizeUrl(test))).toBeUndefined();
    const login = connect(test.provider, { ...test.options, scopes: [] }).login({ timeoutSeconds: 120 });
    while (!test.requests.some(({ url }) => url.includes("localhost%3A3000"))) await new Promise(setImmediate);
    test.clock.advance(120);
    expect((await login).status).toBe("timed_out");
  });

  it("can be somebody else from one page to the next", async () => {
    const test = await create("twitch");
    const connection = connect(test.provider, { ...test.options, scopes: [] });
    await connection.account("broadcaster").login();
    test.user.account = { id: "2002", login: "bob" };
    expect(await connection.account("bot").login()).toMatchObject({ who: { id: "2002", login: "bob" } });
    expect(await connection.account("broadcaster").status()).toMatchObject({ who: { id: "1001", login: "ada" } });
    await connection.account("broadcaster").refresh();
    expect((await connection.account("broadcaster").fetch("/helix/users")).status).toBe(200);
  });

  it("types in the code that a device shows", async () => {
    const test = await create("twitch");
    const { fetch, clock } = test;
    const now = (): number => clock.now();
    const device = await startDeviceAuthorization(
      test.provider,
      test.client,
      { scopes: ["chat:read"] },
      { fetch, now },
    );
    expect(await test.visit(device.verificationUriComplete ?? device.verificationUri)).toBeUndefined();
    const result = await finishDeviceAuthorization(test.provider, test.client, device, {
      fetch,
      now,
      wait: async (seconds) => clock.advance(seconds),
    });
    expect(result).toMatchObject({ status: "approved", tokens: { scopes: ["chat:read"] } });
  });

  it("disconnects the application, and every token is dead", async () => {
    const test = await create("twitch");
    const connection = connect(test.provider, { ...test.options, scopes: [] });
    await connection.login();
    await test.disconnect();
    test.clock.advance(60);
    await expect(connection.fetch("/helix/users")).rejects.toMatchObject({ actor: "user" });
    expect(await connection.status()).toMatchObject({ state: "needs_login" });
  });

  it("sees what a wrong request is told, and the test does too", async () => {
    const test = await create("twitch");
    const wrong = authorizeUrl(test, { redirect_uri: "https://app.example/other" });
    await expect(test.visit(wrong)).rejects.toThrow(/^Twitch shows a page: .+/);
  });

  it("answers plain HTTP on loopback too, where real pages are shown if they are asked for", async () => {
    const scripted = await start("twitch");
    const redirect = await fetch(authorizeUrl(scripted), { redirect: "manual" });
    expect(redirect.headers.get("location")).toContain(`${redirectUri}?code=`);
    const paged = await start("twitch", { pages: true });
    const page = await fetch(authorizeUrl(paged), { redirect: "manual" });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('name="decision"')]);
  });
});

describe("what else a test can set", () => {
  it("an application with a client id and secret of its own configuration", async () => {
    const application = { clientId: "my-client-id", clientSecret: "my secret", redirectUris: [redirectUri] };
    const test = await create("github", { application });
    expect(test.client).toEqual({ clientId: "my-client-id", clientSecret: "my secret" });
    expect((await exchange(test)).status).toBe(200);
    const wrong = await askForTokens(
      { ...test, client: { ...test.client, clientSecret: "other" } },
      {
        grant_type: "refresh_token",
        refresh_token: "any",
      },
    );
    expect(await wrong.json()).toMatchObject({ error: "incorrect_client_credentials" });
  });

  it("several applications", async () => {
    const test = await create("twitch");
    const other = await test.register({ type: "public", redirectUris: [redirectUri] });
    expect(other.clientSecret).toBeUndefined();
    expect(other.clientId).not.toBe(test.client.clientId);
  });

  it("the scopes there are: another is refused as the platform refuses it", async () => {
    const test = await create("twitch", { scopes: ["chat:read"] });
    const callback = new URL((await test.visit(authorizeUrl(test))) ?? "");
    expect(callback.searchParams.get("error")).toBe("invalid_scope");
  });

  it("the API, which sees good tokens only", async () => {
    const api = (request: Request): Response => Response.json({ asked: new URL(request.url).pathname });
    const test = await create("discord", { api });
    const connection = connect(test.provider, { ...test.options, scopes: ["identify"] });
    await connection.login();
    expect(await (await connection.fetch("/api/v10/guilds")).json()).toEqual({ asked: "/api/v10/guilds" });
    expect((await test.fetch("https://discord.com/api/v10/guilds")).status).toBe(401);
  });

  it("a clock that both ends share", async () => {
    const clock = createTestClock(1_800_000_000);
    const test = await create("twitch", { clock });
    const connection = connect(test.provider, { ...test.options, scopes: [] });
    await connection.login();
    expect((await connection.status()).expiresAt).toBe(1_800_000_000 + 4 * 3_600);
    clock.advance(4 * 3_600);
    expect((await connection.fetch("/helix/users")).status).toBe(200);
    expect(test.requests.filter(({ form }) => form["grant_type"] === "refresh_token")).toHaveLength(1);
  });

  it("nothing by accident: an unknown provider, an unknown fault and a foreign address are said", async () => {
    await expect(create("twich")).rejects.toThrow(
      /No provider is called "twich"\. There are: codegrant-rfc6749, .*twitch/,
    );
    const test = await create();
    expect(() => test.misbehave("explode" as "redirect")).toThrow(/There is no fault "explode"/);
    await expect(test.fetch("https://elsewhere.example/token")).rejects.toThrow(/is no address of Codegrant/);
  });
});

describe("the clock", () => {
  it("stands still, wakes who waits when it is turned, and lets a wait end by itself", async () => {
    const clock = createTestClock(1_000);
    const long = clock.wait(3_600);
    clock.advance(3_600);
    await long;
    expect([clock.now(), clock.elapsed()]).toEqual([4_600, 3_600]);
    await clock.wait(0.01);
    expect(clock.elapsed()).toBeCloseTo(3_600.01);
    clock.jump(-600);
    expect([clock.now(), Math.floor(clock.elapsed())]).toEqual([4_000, 3_600]);
  });

  it("lets go of who was called off", async () => {
    const clock = createTestClock();
    const aborter = new AbortController();
    const waiting = clock.wait(3_600, { signal: aborter.signal });
    aborter.abort();
    await waiting;
    await clock.wait(3_600, { signal: aborter.signal });
    expect(clock.elapsed()).toBe(0);
  });
});
