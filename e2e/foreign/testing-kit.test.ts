import { createTestProvider, startTestProvider } from "@codegrant/testing";
import * as openidClient from "openid-client";
import simpleOauth2 from "simple-oauth2";
import { describe, expect, it, onTestFinished } from "vitest";

const redirectUri = "https://app.example/callback";
const application = { redirectUris: [redirectUri] };

// The testing kit is for whoever tests code with OAuth in it, whatever client that has.
describe("the testing kit", () => {
  it("is Google for openid-client, in the process: discovery, PKCE, nonce, the ID token with its signature", async () => {
    const provider = await createTestProvider("google", { application });
    const { clientId, clientSecret } = provider.client;
    const configuration = await openidClient.discovery(
      new URL("https://accounts.google.com"),
      clientId,
      String(clientSecret),
      undefined,
      { [openidClient.customFetch]: (url, init) => provider.fetch(url, init as RequestInit) },
    );
    openidClient.enableNonRepudiationChecks(configuration);
    const pkceCodeVerifier = openidClient.randomPKCECodeVerifier();
    const expectedState = openidClient.randomState();
    const expectedNonce = openidClient.randomNonce();
    const url = openidClient.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: "openid email",
      code_challenge: await openidClient.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      state: expectedState,
      nonce: expectedNonce,
    });
    const callback = new URL((await provider.visit(url)) ?? "");
    const tokens = await openidClient.authorizationCodeGrant(configuration, callback, {
      pkceCodeVerifier,
      expectedState,
      expectedNonce,
    });
    expect(tokens.claims()).toMatchObject({ iss: "https://accounts.google.com", sub: "1001", aud: clientId });
    expect(tokens.scope).toBe("openid email");
    const fresh = await openidClient.refreshTokenGrant(configuration, tokens.refresh_token ?? "");
    const who = await openidClient.fetchUserInfo(configuration, fresh.access_token, "1001");
    expect(who).toMatchObject({ sub: "1001", email: "ada@example.org" });
    provider.misbehave("unavailable");
    await expect(openidClient.refreshTokenGrant(configuration, tokens.refresh_token ?? "")).rejects.toThrow(/./);
  });

  it("is GitHub for simple-oauth2, on a port, with its manners", async () => {
    const provider = await startTestProvider("github", { application });
    onTestFinished(() => provider.close());
    const { clientId, clientSecret } = provider.client;
    const client = new simpleOauth2.AuthorizationCode({
      client: { id: clientId, secret: String(clientSecret) },
      auth: {
        tokenHost: provider.url,
        tokenPath: "/login/oauth/access_token",
        authorizePath: "/login/oauth/authorize",
      },
      options: { authorizationMethod: "body" },
    });
    const url = client.authorizeURL({ redirect_uri: redirectUri, scope: ["read:user", "repo"], state: "s" });
    const code = new URL((await provider.visit(url)) ?? "").searchParams.get("code") ?? "";
    provider.misbehave("scopeCommas");
    const { token } = await client.getToken({ code, redirect_uri: redirectUri });
    expect(token).toMatchObject({ scope: "read:user,repo", token_type: "bearer" });
    // It takes a 200 for a yes.
    provider.misbehave("errorIn200");
    const lost = await client.getToken({ code, redirect_uri: redirectUri });
    expect(lost.token).toMatchObject({ error: "invalid_grant" });
  });
});
