import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RawAnswer, sendRaw } from "./raw-request.ts";
import { type Registered, register, type Stage, startStage } from "./stage.ts";

// What `twitch token` of Twitch's own command sends, as Go's net/http writes it.

/** Without the slash at the end that a browser would add. */
const redirectUri = "http://localhost:3000";
const headers = ["User-Agent: twitch-cli/1.1.25", "Accept-Encoding: gzip"];

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

/** Go sorts a query by name. Every parameter stands in it, the secret too; the body is empty. */
function post(path: string, query: Readonly<Record<string, string>>): Promise<RawAnswer> {
  const parameters = new URLSearchParams(query);
  parameters.sort();
  return sendRaw(`${stage.url}${path}?${parameters}`, ["POST", ...headers]);
}

function validate(token: unknown): Promise<RawAnswer> {
  return sendRaw(`${stage.url}/oauth2/validate`, ["GET", ...headers, `Authorization: OAuth ${String(token)}`]);
}

/** A multipart form as Go's mime/multipart writes it. */
function postMultipart(path: string, fields: Readonly<Record<string, string>>): Promise<RawAnswer> {
  const boundary = "1f9c2a7b0d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f506172839405b6";
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const type = `Content-Type: multipart/form-data; boundary=${boundary}`;
  return sendRaw(`${stage.url}${path}`, ["POST", ...headers, type], `${parts.join("")}--${boundary}--\r\n`);
}

function secretOf({ clientId, clientSecret }: Registered): { client_id: string; client_secret: string } {
  return { client_id: clientId, client_secret: clientSecret };
}

describe("twitch-cli", () => {
  it("gets a user token (-u), validates (-v), refreshes (-R) and revokes (-r) it", async () => {
    const app = await register(stage, redirectUri);
    const state = "3q2-7wABAgMEBQYHCAkKCw==";
    const query = {
      client_id: app.clientId,
      force_verify: "false",
      redirect_uri: redirectUri,
      response_type: "code",
      scope: "channel:read:subscriptions user:read:email",
      state,
    };
    const back = await stage.approve(`${stage.url}/oauth2/authorize?${new URLSearchParams(query)}`);
    expect(back.searchParams.get("state")).toBe(state);
    const got = await post("/oauth2/token", {
      grant_type: "authorization_code",
      ...secretOf(app),
      redirect_uri: redirectUri,
      code: back.searchParams.get("code") ?? "",
    });
    expect(got.json()).toMatchObject({
      scope: ["channel:read:subscriptions", "user:read:email"],
      token_type: "bearer",
      expires_in: 14_400,
    });
    expect((await validate(got.json()["access_token"])).json()).toMatchObject({
      client_id: app.clientId,
      login: stage.person.login,
      scopes: ["channel:read:subscriptions", "user:read:email"],
    });

    const refreshed = await post("/oauth2/token", {
      grant_type: "refresh_token",
      ...secretOf(app),
      refresh_token: String(got.json()["refresh_token"]),
    });
    expect(refreshed.status).toBe(200);
    const token = String(refreshed.json()["access_token"]);
    const revoked = await post("/oauth2/revoke", { client_id: app.clientId, token });
    expect([revoked.status, revoked.body]).toEqual([200, ""]);
    expect((await validate(token)).json()).toEqual({ status: 401, message: "invalid access token" });
  });

  it("is told what is missing when it is run without -s: then it leaves the key out, which Twitch requires too", async () => {
    const app = await register(stage, redirectUri);
    const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: redirectUri, response_type: "code" });
    const back = await stage.decline(`${stage.url}/oauth2/authorize?${query}`);
    expect(back.searchParams.get("error_description")).toBe("Send the parameter scope too; it may be empty: scope=");
    query.set("scope", "");
    expect((await stage.approve(`${stage.url}/oauth2/authorize?${query}`)).searchParams.has("code")).toBe(true);
  });

  it("gets an application token", async () => {
    const app = await register(stage, redirectUri);
    const got = await post("/oauth2/token", { grant_type: "client_credentials", ...secretOf(app) });
    expect(got.json()).toMatchObject({ expires_in: 60 * 86_400, token_type: "bearer" });
    // Go leaves a text empty that is null.
    const validated = await validate(got.json()["access_token"]);
    expect(validated.json()).toMatchObject({ client_id: app.clientId, login: null, user_id: null });
  });

  it("goes through the device flow (--dcf), all of it multipart", async () => {
    const { clientId } = await register(stage, redirectUri, { type: "public" });
    const scopes = "user:read:email chat:read";
    const device = (await postMultipart("/oauth2/device", { client_id: clientId, scopes })).json();
    const poll = (): Promise<RawAnswer> =>
      postMultipart("/oauth2/token", {
        client_id: clientId,
        scopes,
        device_code: String(device["device_code"]),
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      });
    expect((await poll()).json()).toEqual({ status: 400, message: "authorization_pending" });
    await stage.approveDevice(String(device["verification_uri"]));
    stage.step(Number(device["interval"]));
    const got = await poll();
    expect(got.json()).toMatchObject({ scope: ["user:read:email", "chat:read"], token_type: "bearer" });
    expect((await validate(got.json()["access_token"])).json()).toMatchObject({ login: stage.person.login });
  });
});
