import { changeApplication, disableApplication, enableApplication } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { validate } from "../flow.ts";
import { type Registered, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { type Answer, send } from "../visitor.ts";

let platform: TestPlatform;
let app: Registered;

beforeEach(async () => {
  platform = testPlatform();
  app = await registered(platform, { settings: { allowedScopes: ["user:read:email", "chat:read"] } });
});

function issue(fields: Record<string, string> = {}, path = "/oauth2/token", of = app): Promise<Answer> {
  const body = { grant_type: "client_credentials", client_id: of.clientId, client_secret: of.clientSecret, ...fields };
  return send(platform.server, path, { method: "POST", body });
}

function revoke(token: unknown): Promise<Answer> {
  return send(platform.server, "/oauth2/revoke", {
    method: "POST",
    body: { client_id: app.clientId, token: String(token) },
  });
}

describe("an application's own token (RFC 6749, 4.4)", () => {
  it("has Twitch's shape there: no scope, no refresh token, sixty days (RF-17)", async () => {
    const tokens = await issue({ scope: "user:read:email" });
    expect(tokens.json()).toEqual({
      access_token: expect.stringMatching(/^cgp_/),
      expires_in: 60 * 86_400,
      token_type: "bearer",
    });
    expect((await validate(platform, tokens.json()["access_token"])).json()).toMatchObject({
      client_id: app.clientId,
      login: null,
      scopes: null,
      user_id: null,
    });
  });

  it("has the scopes that the registration allows where the dialect has scopes for it", async () => {
    expect((await issue({ scope: "chat:read" }, "/oauth/token")).json()).toMatchObject({ scope: "chat:read" });
    expect((await issue({}, "/oauth/token")).json()).toMatchObject({ scope: "" });
    const refused = (await issue({ scope: "bits:read" }, "/oauth/token")).json();
    expect(refused["error"]).toBe("invalid_scope");
    expect(refused["error_description"]).toContain("--scope");
  });

  it("is not for public applications", async () => {
    const tv = await registered(platform, { type: "public" });
    const body = { grant_type: "client_credentials", client_id: tv.clientId };
    const answer = await send(platform.server, "/oauth/token", { method: "POST", body });
    expect([answer.status, answer.json()["error"]]).toEqual([400, "unauthorized_client"]);
  });

  it("is revoked alone: the application's other workers go on", async () => {
    const [one, other] = [(await issue()).json()["access_token"], (await issue()).json()["access_token"]];
    expect((await revoke(one)).status).toBe(200);
    expect((await validate(platform, one)).status).toBe(401);
    expect((await validate(platform, other)).status).toBe(200);
  });

  it("ends with all others once a thousand were revoked one by one", async () => {
    const kept = (await issue()).json()["access_token"];
    for (let i = 0; i < 1_000; i++) await revoke((await issue()).json()["access_token"]);
    expect((await validate(platform, kept)).status).toBe(200);
    await revoke((await issue()).json()["access_token"]);
    expect((await validate(platform, kept)).status).toBe(401);
    expect((await validate(platform, (await issue()).json()["access_token"])).status).toBe(200);
  });

  it("rests while the application is disabled and comes back with it", async () => {
    const token = (await issue()).json()["access_token"];
    await disableApplication(platform, app.application.id);
    expect((await validate(platform, token)).status).toBe(401);
    await enableApplication(platform, app.application.id);
    expect((await validate(platform, token)).status).toBe(200);
  });

  it("ends when the scopes it was made under change, since its mask counts positions in them", async () => {
    const token = (await issue({ scope: "chat:read" }, "/oauth/token")).json()["access_token"];
    await changeApplication(platform, app.application.id, { settings: { allowedScopes: ["bits:read", "chat:read"] } });
    const body = { client_id: app.clientId, client_secret: app.clientSecret, token: String(token) };
    expect((await send(platform.server, "/oauth/introspect", { method: "POST", body })).json()).toEqual({
      active: false,
    });
  });

  it("dies after its sixty days and is no user's token", async () => {
    const token = (await issue()).json()["access_token"];
    const user = await send(platform.server, "/kraken/user", { headers: { authorization: `OAuth ${String(token)}` } });
    expect(user.status).toBe(401);
    platform.step(60 * 86_400);
    expect((await validate(platform, token)).status).toBe(401);
  });
});
