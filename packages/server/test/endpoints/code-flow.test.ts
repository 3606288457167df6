import { beforeEach, describe, expect, it } from "vitest";
import { approve, authorizeUrl, codeOf, codeVerifier, exchange, pkce, refresh, signedIn, validate } from "../flow.ts";
import { demoUser, type Registered, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { send, type Visitor, visitor } from "../visitor.ts";

let platform: TestPlatform;
let app: Registered;
let person: Visitor;

beforeEach(async () => {
  platform = testPlatform();
  app = await registered(platform);
  await demoUser(platform);
  person = await signedIn(platform);
});

describe("the code flow in Twitch's dialect", () => {
  it("leads from a stranger over sign-in and consent to a token, at one address", async () => {
    const stranger = visitor(platform.server);
    const url = authorizeUrl(app);
    const signIn = await stranger.get(url);
    expect(signIn.status).toBe(200);
    const signedInNow = await stranger.submit(url, signIn, { login: "ada", password: "correct horse battery" });
    expect([signedInNow.status, signedInNow.header("location")]).toEqual([303, url]);
    const back = await approve(stranger, url);
    expect(back.status).toBe(303);
    expect(back.location?.origin).toBe("https://client.example.com");
    expect(Object.fromEntries(back.location?.searchParams ?? [])).toEqual({
      code: expect.stringMatching(/^cgc_/),
      scope: "user:read:email",
      state: "s-1",
    });
    const tokens = await exchange(platform, app, codeOf(back));
    expect(tokens.json()).toEqual({
      access_token: expect.stringMatching(/^cga_/),
      refresh_token: expect.stringMatching(/^cgr_/),
      scope: ["user:read:email"],
      expires_in: 14_400,
      token_type: "bearer",
    });
    expect((await validate(platform, tokens.json()["access_token"])).json()).toMatchObject({
      client_id: app.clientId,
      login: "ada",
      scopes: ["user:read:email"],
    });
  });

  it("sends a user who approved before straight back, and asks again with force_verify", async () => {
    await approve(person, authorizeUrl(app));
    expect((await person.get(authorizeUrl(app))).status).toBe(303);
    expect((await person.get(authorizeUrl(app, { force_verify: "true" }))).status).toBe(200);
    expect((await person.get(authorizeUrl(app, { scope: "user:read:email chat:read" }))).status).toBe(200);
  });

  it("tells the application that the user declined", async () => {
    const page = await person.get(authorizeUrl(app));
    const back = await person.submit(authorizeUrl(app), page, { decision: "decline" });
    expect(back.header("location")).toBe(
      "https://client.example.com/cb?error=access_denied&error_description=The+user+denied+you+access&state=s-1",
    );
  });

  it("answers one of twenty exchanges at once; without PKCE its tokens are dead afterwards (CD-04, CD-05)", async () => {
    const code = codeOf(await approve(person, authorizeUrl(app)));
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange(platform, app, code)));
    const good = answers.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    expect((await validate(platform, good[0]?.json()["access_token"])).status).toBe(401);
    expect((await refresh(platform, app, String(good[0]?.json()["refresh_token"]))).status).toBe(400);
  });

  it("answers one of twenty exchanges at once; with PKCE its tokens live and the code stays refused (CD-04, CD-05)", async () => {
    const code = codeOf(await approve(person, authorizeUrl(app, pkce)));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => exchange(platform, app, code, { code_verifier: codeVerifier })),
    );
    const good = answers.filter(({ status }) => status === 200);
    expect(good).toHaveLength(1);
    expect((await validate(platform, good[0]?.json()["access_token"])).status).toBe(200);
    expect((await exchange(platform, app, code, { code_verifier: codeVerifier })).status).toBe(400);
    platform.step(11);
    expect((await exchange(platform, app, code, { code_verifier: codeVerifier })).status).toBe(400);
    expect((await validate(platform, good[0]?.json()["access_token"])).status).toBe(401);
  });

  it.each([-86_400, 86_400, 0])(
    "a disconnect and a step of the clock by %d s leave nothing alive and nothing new dead",
    async (seconds) => {
      const before = (await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))))).json();
      const waiting = codeOf(await approve(person, authorizeUrl(app)));
      const page = await person.get("/settings/connections");
      const gone = await person.submit("/settings/connections", page, {
        action: "disconnect",
        application: String(app.application.id),
      });
      expect(gone.status).toBe(303);
      platform.step(seconds);
      expect((await validate(platform, before["access_token"])).status).toBe(401);
      expect((await refresh(platform, app, String(before["refresh_token"]))).status).toBe(400);
      expect((await exchange(platform, app, waiting)).status).toBe(400);
      const again = await signedIn(platform);
      const after = (await exchange(platform, app, codeOf(await approve(again, authorizeUrl(app))))).json();
      expect((await validate(platform, after["access_token"])).status).toBe(200);
    },
  );
});

describe("the Kraken paths of the old how-to", () => {
  it("work with nothing changed but the host", async () => {
    const url = authorizeUrl(app, { scope: "user_read channel_read" }, "/kraken/oauth2/authorize");
    const back = await approve(person, url);
    const tokens = (await exchange(platform, app, codeOf(back), {}, "/kraken/oauth2/token")).json();
    expect(tokens).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      scope: ["user_read", "channel_read"],
      expires_in: 14_400,
    });
    const authorization = `OAuth ${String(tokens["access_token"])}`;
    const root = await send(platform.server, "/kraken", { headers: { authorization } });
    expect(root.json()).toMatchObject({ token: { valid: true, user_name: "ada", client_id: app.clientId } });
    const user = await send(platform.server, "/kraken/user", { headers: { authorization } });
    expect(user.json()).toMatchObject({ name: "ada" });
    expect((await send(platform.server, "/kraken")).json()).toEqual({ token: { valid: false, authorization: null } });
  });
});

describe("the same server's RFC 6749 paths", () => {
  it("name the issuer, take Basic, and keep their tokens to themselves", async () => {
    const url = authorizeUrl(app, pkce, "/oauth/authorize");
    const back = await approve(person, url);
    expect(back.location?.searchParams.get("iss")).toBe("http://localhost:8080");
    const code = codeOf(back);
    expect((await exchange(platform, app, code, { code_verifier: codeVerifier })).status).toBe(400);
    const tokens = await send(platform.server, "/oauth/token", {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64")}` },
      body: { grant_type: "authorization_code", code, code_verifier: codeVerifier },
    });
    expect(tokens.json()).toMatchObject({ token_type: "Bearer", scope: "user:read:email", expires_in: 3_600 });
    expect((await validate(platform, tokens.json()["access_token"])).status).toBe(401);
  });
});
