import * as client from "openid-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registered, register, type Stage, startStage } from "./stage.ts";

const redirectUri = "http://localhost:3000/callback";

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

/** As its README has it; only plain http is let through, and OpenID's discovery left out. */
function discover({ clientId, clientSecret }: Registered, more?: client.ClientAuth): Promise<client.Configuration> {
  return client.discovery(new URL(stage.url), clientId, clientSecret, more, {
    algorithm: "oauth2",
    execute: [client.allowInsecureRequests],
  });
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;

async function getTokens(configuration: client.Configuration): Promise<Tokens> {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: "user:read:email channel:read:subscriptions",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
  });
  const back = await stage.approve(url);
  expect(back.searchParams.get("iss")).toBe(stage.url);
  return client.authorizationCodeGrant(configuration, back, { pkceCodeVerifier, expectedState });
}

describe("openid-client", () => {
  it.each([
    ["as it is by default", undefined],
    ["with its secret by Basic, each - sent as %2D", (secret: string) => client.ClientSecretBasic(secret)],
  ])("gets, refreshes, introspects and revokes, %s", async (_, authentication) => {
    const registered = await register(stage, redirectUri);
    const configuration = await discover(registered, authentication?.(registered.clientSecret));
    expect(configuration.serverMetadata().supportsPKCE()).toBe(true);
    const first = await getTokens(configuration);
    expect(first.scope).toBe("user:read:email channel:read:subscriptions");
    expect(first.expiresIn()).toBeGreaterThan(3_500);

    const second = await client.refreshTokenGrant(configuration, first.refresh_token ?? "");
    expect(await client.tokenIntrospection(configuration, second.access_token)).toMatchObject({
      active: true,
      client_id: registered.clientId,
      username: stage.person.login,
    });
    await client.tokenRevocation(configuration, second.refresh_token ?? "");
    expect(await stage.introspect(second.access_token)).toEqual({ active: false });
    await expect(client.refreshTokenGrant(configuration, second.refresh_token ?? "")).rejects.toMatchObject({
      error: "invalid_grant",
    });
  });

  it("is a public application without a secret", async () => {
    const registered = await register(stage, redirectUri, { type: "public" });
    const configuration = await client.discovery(
      new URL(stage.url),
      registered.clientId,
      { token_endpoint_auth_method: "none" },
      client.None(),
      { algorithm: "oauth2", execute: [client.allowInsecureRequests] },
    );
    const first = await getTokens(configuration);
    const second = await client.refreshTokenGrant(configuration, first.refresh_token ?? "");
    await client.tokenRevocation(configuration, second.refresh_token ?? "");
    expect(await stage.introspect(second.access_token)).toEqual({ active: false });
  });

  it("is told of a refusal by name", async () => {
    const configuration = await discover(await register(stage, redirectUri));
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      state: "s",
    });
    const finish = client.authorizationCodeGrant(configuration, await stage.decline(url), {
      pkceCodeVerifier,
      expectedState: "s",
    });
    await expect(finish).rejects.toMatchObject({ error: "access_denied" });
  });

  it("has a token of its own by client credentials", async () => {
    const settings = { allowedScopes: ["user:read:email"] };
    const registered = await register(stage, redirectUri, { settings });
    const configuration = await discover(registered);
    const { access_token, scope } = await client.clientCredentialsGrant(configuration, { scope: "user:read:email" });
    expect(scope).toBe("user:read:email");
    expect(await stage.introspect(access_token)).toMatchObject({ active: true, client_id: registered.clientId });
  });

  it("goes through the device flow at its own pace", async () => {
    const configuration = await discover(await register(stage, redirectUri));
    const device = await client.initiateDeviceAuthorization(configuration, { scope: "user:read:email" });
    expect(device.verification_uri).toBe(`${stage.url}/device`);
    const polled = client.pollDeviceAuthorizationGrant(configuration, device);
    await stage.approveDevice(device.verification_uri_complete ?? "");
    const { access_token } = await polled; // it waits five seconds before its first question
    expect(await stage.introspect(access_token)).toMatchObject({ active: true, scope: "user:read:email" });
  });
});
