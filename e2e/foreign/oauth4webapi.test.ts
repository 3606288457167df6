import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registered, register, type Stage, startStage } from "./stage.ts";

const insecure = { [oauth.allowInsecureRequests]: true };
/** Nothing listens there: the scripted person reads the answer from the redirect. */
const redirectUri = "http://127.0.0.1/callback";

let stage: Stage;
let server: oauth.AuthorizationServer;

beforeAll(async () => {
  stage = await startStage();
  const issuer = new URL(stage.url);
  const response = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure });
  server = await oauth.processDiscoveryResponse(issuer, response);
});
afterAll(() => stage.close());

/** From the authorize address to tokens, with every check the library has: state, `iss`, PKCE, the answer's shape. */
async function getTokens(
  { clientId }: Registered,
  authentication: oauth.ClientAuth,
  more: Readonly<Record<string, string>> = {},
): Promise<oauth.TokenEndpointResponse> {
  const sentUri = more["redirect_uri"] ?? redirectUri;
  const client = { client_id: clientId };
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint ?? "");
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "user:read:email channel:read:subscriptions",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    ...more,
  }).toString();
  const parameters = oauth.validateAuthResponse(server, client, await stage.approve(url), state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    parameters,
    sentUri,
    verifier,
    insecure,
  );
  return oauth.processAuthorizationCodeResponse(server, client, response);
}

describe("oauth4webapi", () => {
  it.each(["basic", "post"] as const)(
    "gets, refreshes, introspects and revokes with its secret by %s",
    async (method) => {
      const registered = await register(stage, redirectUri);
      const client = { client_id: registered.clientId };
      const authentication =
        method === "basic"
          ? oauth.ClientSecretBasic(registered.clientSecret)
          : oauth.ClientSecretPost(registered.clientSecret);
      const first = await getTokens(registered, authentication);
      expect(first).toMatchObject({
        token_type: "bearer",
        expires_in: 3_600,
        scope: "user:read:email channel:read:subscriptions",
      });

      const refresh = (token = ""): Promise<Response> =>
        oauth.refreshTokenGrantRequest(server, client, authentication, token, insecure);
      const second = await oauth.processRefreshTokenResponse(server, client, await refresh(first.refresh_token));
      expect(second.refresh_token).not.toBe(first.refresh_token);

      const introspection = await oauth.processIntrospectionResponse(
        server,
        client,
        await oauth.introspectionRequest(server, client, authentication, second.access_token, insecure),
      );
      expect(introspection).toMatchObject({
        active: true,
        client_id: registered.clientId,
        username: stage.person.login,
        iss: stage.url,
      });

      const revoke = (token = ""): Promise<Response> =>
        oauth.revocationRequest(server, client, authentication, token, insecure);
      await oauth.processRevocationResponse(await revoke(second.refresh_token));
      expect(await stage.introspect(second.access_token)).toEqual({ active: false });
      const dead = oauth.processRefreshTokenResponse(server, client, await refresh(second.refresh_token));
      await expect(dead).rejects.toMatchObject({ error: "invalid_grant", status: 400 });
    },
  );

  it("is a public application without a secret, on a loopback port of its own", async () => {
    const registered = await register(stage, redirectUri, { type: "public" });
    const client = { client_id: registered.clientId };
    const first = await getTokens(registered, oauth.None(), { redirect_uri: "http://127.0.0.1:41815/callback" });
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      first.refresh_token ?? "",
      insecure,
    );
    const second = await oauth.processRefreshTokenResponse(server, client, response);
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, oauth.None(), second.refresh_token ?? "", insecure),
    );
    expect(await stage.introspect(second.access_token)).toEqual({ active: false });
  });

  it("has a token for a resource, narrowed as it asks, which introspection tells (RFC 8707)", async () => {
    const registered = await register(stage, redirectUri);
    const authentication = oauth.ClientSecretBasic(registered.clientSecret);
    const tokens = await getTokens(registered, authentication, { resource: "https://api.example/photos" });
    expect(await stage.introspect(tokens.access_token)).toMatchObject({
      active: true,
      aud: ["https://api.example/photos"],
    });
    const response = await oauth.refreshTokenGrantRequest(
      server,
      { client_id: registered.clientId },
      authentication,
      tokens.refresh_token ?? "",
      { ...insecure, additionalParameters: { scope: "user:read:email" } },
    );
    const narrowed = await oauth.processRefreshTokenResponse(server, { client_id: registered.clientId }, response);
    expect(narrowed.scope).toBe("user:read:email");
  });

  it("is told of a refusal by name", async () => {
    const { clientId } = await register(stage, redirectUri);
    const url = new URL(server.authorization_endpoint ?? "");
    url.search = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: "code",
      code_challenge: await oauth.calculatePKCECodeChallenge(oauth.generateRandomCodeVerifier()),
      code_challenge_method: "S256",
      state: "s",
    }).toString();
    const back = await stage.decline(url);
    expect(() => oauth.validateAuthResponse(server, { client_id: clientId }, back, "s")).toThrow(
      expect.objectContaining({ error: "access_denied" }),
    );
  });

  it("has a token of its own by client credentials", async () => {
    const { clientId, clientSecret } = await register(stage, redirectUri);
    const client = { client_id: clientId };
    const authentication = oauth.ClientSecretBasic(clientSecret);
    const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, insecure);
    const { access_token } = await oauth.processClientCredentialsResponse(server, client, response);
    expect(await stage.introspect(access_token)).toMatchObject({ active: true, client_id: clientId });
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, authentication, access_token, insecure),
    );
    expect(await stage.introspect(access_token)).toEqual({ active: false });
  });

  it("goes through the device flow: pending until the person approves", async () => {
    const { clientId } = await register(stage, redirectUri, { type: "public" });
    const client = { client_id: clientId };
    const asked = await oauth.deviceAuthorizationRequest(
      server,
      client,
      oauth.None(),
      new URLSearchParams({ scope: "user:read:email" }),
      insecure,
    );
    const device = await oauth.processDeviceAuthorizationResponse(server, client, asked);
    const poll = async (): Promise<oauth.TokenEndpointResponse> =>
      oauth.processDeviceCodeResponse(
        server,
        client,
        await oauth.deviceCodeGrantRequest(server, client, oauth.None(), device.device_code, insecure),
      );
    await expect(poll()).rejects.toMatchObject({ error: "authorization_pending" });
    await expect(poll()).rejects.toMatchObject({ error: "slow_down" });
    await stage.approveDevice(device.verification_uri_complete ?? "");
    stage.step(device.interval ?? 5);
    // The poll that came too fast made the interval five seconds longer (RFC 8628, 3.5).
    await expect(poll()).rejects.toMatchObject({ error: "slow_down" });
    stage.step(15);
    const { access_token, refresh_token } = await poll();
    expect(refresh_token).toMatch(/\S{20}/);
    expect(await stage.introspect(access_token)).toMatchObject({ active: true, scope: "user:read:email" });
  });
});
