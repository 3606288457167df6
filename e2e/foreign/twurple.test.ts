import { ApiClient } from "@twurple/api";
import {
  AppTokenAuthProvider,
  exchangeCode,
  exchangeDeviceCode,
  getAppToken,
  getTokenInfo,
  InvalidTokenError,
  RefreshingAuthProvider,
  refreshUserToken,
  revokeToken,
  startDeviceCodeFlow,
} from "@twurple/auth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registered, register, type Stage, startStage } from "./stage.ts";

const redirectUri = "http://localhost:3000";

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
  // Its mock mode: everything in the query of a POST to /auth/…, as to the mock server of Twitch's own command.
  process.env["TWURPLE_MOCK_API_PORT"] = new URL(stage.url).port;
});
afterAll(async () => {
  delete process.env["TWURPLE_MOCK_API_PORT"];
  await stage.close();
});

async function getCode({ clientId }: Registered): Promise<string> {
  const query = { client_id: clientId, redirect_uri: redirectUri, response_type: "code", scope: "chat:read chat:edit" };
  const back = await stage.approve(`${stage.url}/oauth2/authorize?${new URLSearchParams(query)}`);
  return back.searchParams.get("code") ?? "";
}

describe("@twurple/auth", () => {
  it("exchanges, validates, refreshes and revokes", async () => {
    const app = await register(stage, redirectUri);
    const { clientId, clientSecret } = app;
    const first = await exchangeCode(clientId, clientSecret, await getCode(app), redirectUri);
    expect(first).toMatchObject({ scope: ["chat:read", "chat:edit"], expiresIn: 14_400 });

    const info = await getTokenInfo(first.accessToken, clientId);
    expect([info.clientId, info.userName, info.scopes]).toEqual([
      clientId,
      stage.person.login,
      ["chat:read", "chat:edit"],
    ]);
    expect(info.userId).toMatch(/^\d+$/);

    const second = await refreshUserToken(clientId, clientSecret, first.refreshToken ?? "");
    await revokeToken(clientId, second.accessToken);
    await expect(getTokenInfo(second.accessToken, clientId)).rejects.toThrow(InvalidTokenError);
    // As at Twitch: revoking an access token leaves the refresh token alive.
    const third = await refreshUserToken(clientId, clientSecret, second.refreshToken ?? "");
    expect((await getTokenInfo(third.accessToken, clientId)).userName).toBe(stage.person.login);
  });

  it("keeps a user's token alive by itself", async () => {
    const app = await register(stage, redirectUri);
    const { clientId, clientSecret } = app;
    const provider = new RefreshingAuthProvider({ clientId, clientSecret, redirectUri });
    const saved: string[] = [];
    provider.onRefresh((_, token) => saved.push(token.refreshToken ?? ""));
    const userId = await provider.addUserForCode(await getCode(app), ["chat"]);
    const before = await provider.getAccessTokenForUser(userId, ["chat:read"]);
    const after = await provider.refreshAccessTokenForUser(userId);
    expect(after.accessToken).not.toBe(before?.accessToken);
    expect((await getTokenInfo(after.accessToken)).userId).toBe(userId);
    expect(saved).toEqual([after.refreshToken]);
  });

  it("has an application token, and gives it back", async () => {
    const { clientId, clientSecret } = await register(stage, redirectUri);
    const { accessToken, expiresIn, refreshToken } = await getAppToken(clientId, clientSecret);
    expect([expiresIn, refreshToken]).toEqual([60 * 86_400, null]);
    const info = await getTokenInfo(accessToken, clientId);
    expect([info.clientId, info.userId]).toEqual([clientId, null]);
    await revokeToken(clientId, accessToken);
    await expect(getTokenInfo(accessToken, clientId)).rejects.toThrow(InvalidTokenError);
  });

  it("goes through the device flow as a public application, and refreshes without a secret", async () => {
    const { clientId } = await register(stage, redirectUri, { type: "public" });
    const device = await startDeviceCodeFlow(clientId, ["chat:read"]);
    await expect(exchangeDeviceCode(clientId, device.deviceCode, ["chat:read"])).rejects.toMatchObject({
      statusCode: 400,
      body: expect.stringContaining("authorization_pending"),
    });
    await stage.approveDevice(device.verificationUri);
    stage.step(device.interval);
    const first = await exchangeDeviceCode(clientId, device.deviceCode, ["chat:read"]);
    expect(first.scope).toEqual(["chat:read"]);
    const second = await refreshUserToken(clientId, undefined, first.refreshToken ?? "");
    await revokeToken(clientId, second.accessToken);
    await expect(getTokenInfo(second.accessToken)).rejects.toThrow(InvalidTokenError);
  });
});

describe("@twurple/api", () => {
  it("asks its API who the user is, again and again, and goes on after a refresh", async () => {
    const app = await register(stage, redirectUri);
    const { clientId, clientSecret } = app;
    const authProvider = new RefreshingAuthProvider({ clientId, clientSecret, redirectUri });
    const userId = await authProvider.addUserForCode(await getCode(app));
    const api = new ApiClient({ authProvider });
    const { login } = stage.person;
    for (let i = 0; i < 3; i++) expect((await api.users.getAuthenticatedUser(userId)).name).toBe(login);
    expect((await api.users.getUserById(userId))?.name).toBe(login);
    expect((await api.asUser(userId, (own) => own.users.getUserByName(login)))?.id).toBe(userId);
    expect(await api.asUser(userId, (own) => own.users.getUserByName("somebody_else"))).toBeNull();

    await revokeToken(clientId, (await authProvider.getAccessTokenForUser(userId))?.accessToken ?? "");
    expect((await api.users.getAuthenticatedUser(userId)).name).toBe(login);
  });

  it("is told that an application's own token is nobody's, and does not hang", async () => {
    const { clientId, clientSecret } = await register(stage, redirectUri);
    const api = new ApiClient({ authProvider: new AppTokenAuthProvider(clientId, clientSecret) });
    for (let i = 0; i < 2; i++)
      await expect(api.users.getUserByName(stage.person.login)).rejects.toMatchObject({ statusCode: 401 });
  });
});
