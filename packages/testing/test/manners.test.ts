import { connect } from "@codegrant/client";
import { describe, expect, it } from "vitest";
import { askForTokens, authorizeUrl, codeOf, create, exchange, redirectUri } from "./create.ts";

const publicApplication = { type: "public", redirectUris: [redirectUri] } as const;
const challenge = { code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" };
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

describe("a public application at Twitch", () => {
  it("is refused the exchange in Twitch's words (twitchdev/issues 1097)", async () => {
    const test = await create("twitch", { application: publicApplication });
    const callback = await test.visit(authorizeUrl(test, challenge));
    const code = new URL(callback ?? "").searchParams.get("code") ?? "";
    const response = await askForTokens(test, { grant_type: "authorization_code", code, code_verifier: verifier });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ status: 400, message: "missing client secret" });
  });

  it("is not, where the switch is off", async () => {
    const test = await create("twitch", {
      application: publicApplication,
      manners: { publicExchangeIsRefused: false },
    });
    const callback = await test.visit(authorizeUrl(test, challenge));
    const code = new URL(callback ?? "").searchParams.get("code") ?? "";
    const response = await askForTokens(test, { grant_type: "authorization_code", code, code_verifier: verifier });
    expect(response.status).toBe(200);
  });

  it("gets its tokens by device, and loses all of them when it sends a spent refresh token", async () => {
    const test = await create("twitch", { application: publicApplication });
    const connection = connect(test.provider, { ...test.options, scopes: [] });
    const login = connection.login({
      onPrompt: (prompt) => prompt.kind === "device" && void test.visit(prompt.url).then(() => test.clock.advance(5)),
    });
    expect((await login).status).toBe("approved");
    const spent = test.requests.length;
    test.clock.advance(4 * 3_600);
    await connection.accessToken();
    const refresh = test.requests.slice(spent).find(({ form }) => form["grant_type"] === "refresh_token");
    test.clock.advance(4 * 3_600);
    await connection.accessToken();
    test.clock.advance(60);
    const again = await askForTokens(test, {
      grant_type: "refresh_token",
      refresh_token: refresh?.form["refresh_token"] ?? "",
    });
    expect(await again.json()).toEqual({ status: 400, message: "Invalid refresh token" });
    test.clock.advance(4 * 3_600);
    await expect(connection.accessToken()).rejects.toMatchObject({ actor: "user" });
    expect((await connection.status()).state).toBe("needs_login");
  });
});

describe("a redirect URI that is not registered", () => {
  const application = { redirectUris: ["https://app.example/first", "https://app.example/second"] };

  it("goes to the first one that is, where the switch is on (twitchdev/issues 762)", async () => {
    const test = await create("twitch", { application, manners: { mismatchGoesToFirst: true } });
    const callback = await test.visit(authorizeUrl(test, { redirect_uri: "https://app.example/third" }));
    expect(callback).toBe(
      "https://app.example/first?error=redirect_mismatch&error_description=Parameter+redirect_uri+does+not+match+registered+URI&state=state-of-the-test",
    );
    const right = await test.visit(authorizeUrl(test, { redirect_uri: "https://app.example/second" }));
    expect(right).toContain("https://app.example/second?code=");
  });

  it("is told on a page, where it is off", async () => {
    const test = await create("twitch", { application });
    const wrong = authorizeUrl(test, { redirect_uri: "https://app.example/third" });
    await expect(test.visit(wrong)).rejects.toThrow(/shows a page/);
  });
});

describe("an error at the token endpoint", () => {
  const refused = { grant_type: "authorization_code", code: "wrong" };

  it("comes with status 200 from GitHub, which our client takes for the no that it is", async () => {
    const test = await create("github");
    const response = await askForTokens(test, refused);
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ error: "bad_verification_code" }),
    ]);
    const connection = connect(test.provider, { ...test.options, scopes: [] });
    await connection.login();
    await test.disconnect();
    test.clock.advance(60);
    await expect(connection.refresh()).rejects.toMatchObject({ code: "ERR_LOGIN_NEEDED" });
  });

  it.each<[string, boolean, number]>([
    ["github", false, 400],
    ["twitch", true, 200],
  ])("from %s with the switch at %s has status %i", async (named, errorsIn200, status) => {
    const test = await create(named, { manners: { errorsIn200 } });
    expect((await askForTokens(test, refused)).status).toBe(status);
  });
});

describe("what becomes of refresh tokens", () => {
  const refresh = async (test: Awaited<ReturnType<typeof create>>, token: string) => {
    const response = await askForTokens(test, { grant_type: "refresh_token", refresh_token: token });
    const body = (await response.json()) as { refresh_token?: string };
    return { status: response.status, token: body.refresh_token ?? "" };
  };
  const firstOf = async (test: Awaited<ReturnType<typeof create>>) =>
    ((await (await exchange(test)).json()) as { refresh_token: string }).refresh_token;

  it("follows the platform: at Twitch a confidential application's stays good", async () => {
    const test = await create("twitch");
    const first = await firstOf(test);
    expect((await refresh(test, first)).status).toBe(200);
    test.clock.advance(3_600);
    expect(await refresh(test, first)).toEqual({ status: 200, token: first });
  });

  it("or what the test asks for: a second use ends everything", async () => {
    const test = await create("twitch", { refresh: { rotates: "always", onReuse: "ends_grant", graceSeconds: 0 } });
    const first = await firstOf(test);
    const second = await refresh(test, first);
    test.clock.advance(1);
    expect((await refresh(test, first)).status).toBe(400);
    expect((await refresh(test, second.token)).status).toBe(400);
  });

  it("or is merely refused", async () => {
    const test = await create("twitch", { refresh: { rotates: "always", onReuse: "refuses", graceSeconds: 0 } });
    const first = await firstOf(test);
    const second = await refresh(test, first);
    test.clock.advance(1);
    expect((await refresh(test, first)).status).toBe(400);
    expect((await refresh(test, second.token)).status).toBe(200);
  });

  it("a code is good once", async () => {
    const test = await create("twitch");
    const code = await codeOf(test);
    const fields = { grant_type: "authorization_code", code };
    expect((await askForTokens(test, fields)).status).toBe(200);
    expect((await askForTokens(test, fields)).status).toBe(400);
  });
});
