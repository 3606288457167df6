import simpleOauth2 from "simple-oauth2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { register, type Stage, startStage } from "./stage.ts";

const redirectUri = "http://localhost:3000/callback";

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

describe("simple-oauth2", () => {
  it("gets, refreshes and revokes with nothing but an id, a secret and a host: its own paths are ours", async () => {
    // It knows no PKCE, so whoever registers it says so.
    const { clientId, clientSecret } = await register(stage, redirectUri, { settings: { pkce: "optional" } });
    const client = new simpleOauth2.AuthorizationCode({
      client: { id: clientId, secret: clientSecret },
      auth: { tokenHost: stage.url },
    });
    const state = "KZ2M/a+b==";
    const back = await stage.approve(
      client.authorizeURL({
        redirect_uri: redirectUri,
        scope: ["user:read:email", "channel:read:subscriptions"],
        state,
      }),
    );
    expect(back.searchParams.get("state")).toBe(state);
    const code = back.searchParams.get("code") ?? "";
    const first = await client.getToken({ code, redirect_uri: redirectUri, scope: "user:read:email" });
    expect(first.expired()).toBe(false);
    expect(first.token["scope"]).toBe("user:read:email channel:read:subscriptions");

    // A token that was stored as JSON is wrapped again, as its README does it.
    const second = await client.createToken(JSON.parse(JSON.stringify(first))).refresh({ scope: "user:read:email" });
    expect(second.token["scope"]).toBe("user:read:email");
    expect(second.token["refresh_token"]).toMatch(/\S{20}/);
    await second.revokeAll();
    expect(await stage.introspect(String(second.token["access_token"]))).toEqual({ active: false });
    await expect(second.refresh()).rejects.toMatchObject({ data: { payload: { error: "invalid_grant" } } });
  });

  it.each([
    ["/oauth2", "channel:read:subscriptions"],
    ["/kraken/oauth2", "channel_read"],
  ] as const)("speaks Twitch at %s with its secret in the body", async (prefix, scope) => {
    const { clientId, clientSecret } = await register(stage, redirectUri);
    const client = new simpleOauth2.AuthorizationCode({
      client: { id: clientId, secret: clientSecret },
      auth: {
        tokenHost: stage.url,
        tokenPath: `${prefix}/token`,
        authorizePath: `${prefix}/authorize`,
        revokePath: `${prefix}/revoke`,
      },
      options: { authorizationMethod: "body" },
    });
    const back = await stage.approve(client.authorizeURL({ redirect_uri: redirectUri, scope, state: "s" }));
    const code = back.searchParams.get("code") ?? "";
    const first = await client.getToken({ code, redirect_uri: redirectUri });
    expect(first.token["scope"]).toEqual([scope]);
    const second = await first.refresh();
    await second.revoke("access_token");
    expect(await stage.introspect(String(second.token["access_token"]), prefix)).toEqual({ active: false });
  });

  it("has a token of its own by client credentials", async () => {
    const settings = { allowedScopes: ["user:read:email"] };
    const { clientId, clientSecret } = await register(stage, redirectUri, { settings });
    const client = new simpleOauth2.ClientCredentials({
      client: { id: clientId, secret: clientSecret },
      auth: { tokenHost: stage.url },
    });
    const { token } = await client.getToken({ scope: "user:read:email" });
    expect(await stage.introspect(String(token["access_token"]))).toMatchObject({ active: true, client_id: clientId });
  });
});
