import { beforeEach, describe, expect, it } from "vitest";
import { approve, authorizeUrl, codeOf, codeVerifier, pkce, signedIn } from "../flow.ts";
import { demoUser, type Registered, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { type Answer, send } from "../visitor.ts";
import { storeAround } from "./store-around.ts";

let platform: TestPlatform;
let app: Registered;
let tokens: Record<string, unknown>;

beforeEach(async () => {
  platform = testPlatform();
  app = await registered(platform);
  await demoUser(platform);
  const person = await signedIn(platform);
  const url = authorizeUrl(app, { ...pkce, resource: "https://api.example/photos" }, "/oauth/authorize");
  const code = codeOf(await approve(person, url));
  tokens = (
    await call("/oauth/token", app, { grant_type: "authorization_code", code, code_verifier: codeVerifier })
  ).json();
});

function call(path: string, caller: Registered, fields: Record<string, string>): Promise<Answer> {
  const body = {
    client_id: caller.clientId,
    ...(caller.clientSecret && { client_secret: caller.clientSecret }),
    ...fields,
  };
  return send(platform.server, path, { method: "POST", body });
}

const introspect = (caller: Registered, token: unknown): Promise<Answer> =>
  call("/oauth/introspect", caller, { token: String(token) });

describe("introspection (RFC 7662)", () => {
  it("tells an application all about its own token", async () => {
    expect((await introspect(app, tokens["access_token"])).json()).toEqual({
      active: true,
      scope: "user:read:email",
      client_id: app.clientId,
      username: "ada",
      token_type: "Bearer",
      exp: platform.now() + 3_600,
      sub: "1",
      aud: ["https://api.example/photos"],
      iss: "http://localhost:8080",
    });
    expect((await introspect(app, tokens["refresh_token"])).json()).toMatchObject({ active: true });
  });

  it("tells a resource server of every application's tokens, and other applications of none but their own (RI-14)", async () => {
    const stranger = await registered(platform, { name: "Stranger" });
    const api = await registered(platform, { name: "Photo API", redirectUris: [], settings: { resourceServer: true } });
    expect((await introspect(stranger, tokens["access_token"])).json()).toEqual({ active: false });
    expect((await introspect(api, tokens["access_token"])).json()).toMatchObject({ active: true, username: "ada" });
  });

  it("refuses a public application, which can prove nothing (RI-16)", async () => {
    const tv = await registered(platform, { type: "public" });
    expect((await introspect(tv, tokens["access_token"])).status).toBe(401);
  });

  it("knows of a revocation at once (RI-15)", async () => {
    await call("/oauth/revoke", app, { token: String(tokens["access_token"]) });
    expect((await introspect(app, tokens["access_token"])).json()).toEqual({ active: false });
    expect((await introspect(app, tokens["refresh_token"])).json()).toMatchObject({ active: true });
    await call("/oauth/revoke", app, { token: String(tokens["refresh_token"]) });
    expect((await introspect(app, tokens["refresh_token"])).json()).toEqual({ active: false });
  });

  it.each(["", "garbage", `cga_${"A".repeat(64)}`])("says no more than inactive of %j", async (token) => {
    const answer = await introspect(app, token);
    expect(answer.status === 200 ? answer.json() : answer.json()["error"]).toEqual(
      token === "" ? "invalid_request" : { active: false },
    );
  });

  it("slows guesses down but never a question about a living token (RI-17)", async () => {
    for (let i = 0; i < 1_010; i++) await introspect(app, "garbage");
    const guess = await introspect(app, "garbage");
    expect(guess.status).toBe(429);
    expect(Number(guess.header("retry-after"))).toBeGreaterThan(0);
    expect((await introspect(app, tokens["access_token"])).json()).toMatchObject({ active: true });
  });
});

describe("a flood of texts that are no token", () => {
  it("is refused without a look at the store, and has a log line only each time it has doubled (RI-17)", async () => {
    let steps = 0;
    const store = storeAround((_, run) => {
      steps += 1;
      return run();
    });
    platform = testPlatform({ store });
    app = await registered(platform);
    for (let i = 0; i < 1_000; i++) await introspect(app, "garbage");
    platform.logged.length = 0;
    steps = 0;
    for (let i = 0; i < 1_000; i++) expect((await introspect(app, "garbage")).status).toBe(429);
    expect(steps).toBe(0);
    expect(platform.logged).toHaveLength(10); // 1, 2, 4 … 512
    expect(platform.logged.at(-1)).toMatchObject({ event: "request.refused", reason: "too_many_requests" });
  });

  it("makes the wait no longer for whoever has the secret, since it may come from whoever has not", async () => {
    for (let i = 0; i < 1_000; i++) await introspect(app, "garbage");
    for (let i = 0; i < 1_000; i++) await introspect({ ...app, clientSecret: "a guess" }, "garbage");
    const guess = await introspect(app, "garbage");
    expect([guess.status, guess.header("retry-after")]).toEqual([429, "1"]);
    platform.step(1);
    expect((await introspect(app, "garbage")).json()).toEqual({ active: false });
  });
});

describe("resources (RFC 8707)", () => {
  it("narrow an access token to what was approved, at exchange and refresh, and to nothing else", async () => {
    const refreshed = await call("/oauth/token", app, {
      grant_type: "refresh_token",
      refresh_token: String(tokens["refresh_token"]),
      resource: "https://api.example/letters",
    });
    expect(refreshed.json()["error"]).toBe("invalid_target");
    const again = await call("/oauth/token", app, {
      grant_type: "refresh_token",
      refresh_token: String(tokens["refresh_token"]),
      resource: "https://api.example/photos",
    });
    expect((await introspect(app, again.json()["access_token"])).json()["aud"]).toEqual(["https://api.example/photos"]);
  });

  it("are those of the platform's resource servers once there is one", async () => {
    const person = await signedIn(platform);
    await registered(platform, {
      name: "Photo API",
      redirectUris: [],
      settings: { resourceServer: true, resources: ["https://api.example/photos"] },
    });
    const url = (resource: string): string => authorizeUrl(app, { ...pkce, resource }, "/oauth/authorize");
    const refused = await person.get(url("https://api.example/letters"));
    expect(refused.location?.searchParams.get("error")).toBe("invalid_target");
    expect((await person.get(url("https://api.example/photos"))).location?.searchParams.get("code")).toMatch(/^cgc_/);
  });
});
