import { generateCodeVerifier, OAuth2Client } from "@badgateway/oauth2-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { register, type Stage, startStage } from "./stage.ts";

const redirectUri = "https://my-app.example/";

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

describe("@badgateway/oauth2-client", () => {
  it.each(["confidential", "public"] as const)("gets, refreshes and revokes, found by metadata (%s)", async (type) => {
    const { clientId, clientSecret } = await register(stage, redirectUri, { type });
    const client = new OAuth2Client({
      server: `${stage.url}/`,
      clientId,
      ...(type === "confidential" && { clientSecret }),
    });
    const codeVerifier = await generateCodeVerifier();
    const url = await client.authorizationCode.getAuthorizeUri({
      redirectUri,
      state: "some-string",
      codeVerifier,
      scope: ["user:read:email", "channel:read:subscriptions"],
      resource: "https://api.example/",
    });
    const first = await client.authorizationCode.getTokenFromCodeRedirect(await stage.approve(url), {
      redirectUri,
      state: "some-string",
      codeVerifier,
    });
    expect(first.scope).toEqual(["user:read:email", "channel:read:subscriptions"]);
    expect(first.expiresAt).toBeGreaterThan(Date.now());

    const second = await client.refreshToken(first, { scope: ["user:read:email"] });
    expect(second.scope).toEqual(["user:read:email"]);
    expect(await stage.introspect(second.accessToken)).toMatchObject({ active: true, aud: ["https://api.example/"] });
    if (type === "confidential")
      expect(await client.introspect(second)).toMatchObject({ active: true, client_id: clientId });
    await client.revoke(second, "refresh_token");
    expect(await stage.introspect(second.accessToken)).toEqual({ active: false });
    await expect(client.refreshToken(second)).rejects.toMatchObject({ oauth2Code: "invalid_grant" });
  });

  it("has a token of its own by client credentials", async () => {
    const { clientId, clientSecret } = await register(stage, redirectUri);
    const client = new OAuth2Client({ server: `${stage.url}/`, clientId, clientSecret });
    const token = await client.clientCredentials();
    expect(await client.introspect(token)).toMatchObject({ active: true, client_id: clientId });
  });
});
