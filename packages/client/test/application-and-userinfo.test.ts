import { describe, expect, it } from "vitest";
import { fetchUserinfo, google, requestApplicationTokens, Secret, twitch } from "../src/index.ts";
import { client, clientId, clientSecret, now, provider, strictProvider, thrownBy } from "./fixtures.ts";

describe("an application's own token", () => {
  async function asked(at = strictProvider(), scopes: readonly string[] = ["read"]): Promise<[unknown, string]> {
    let body = "";
    const fetch = async (_url: string, init: RequestInit): Promise<Response> => {
      body = typeof init.body === "string" ? init.body : "";
      return Response.json({ access_token: "app", expires_in: 60, token_type: "bearer" });
    };
    return [await requestApplicationTokens(at, client, { scopes }, { fetch, now }), body];
  }

  it("is asked for with the secret, and has what was asked for if the answer does not say (RFC 6749, 4.4)", async () => {
    const [tokens, body] = await asked();
    expect(body).toBe("grant_type=client_credentials&scope=read");
    expect(tokens).toMatchObject({ scopes: ["read"], expiresAt: now() + 60 });
    expect(tokens).not.toHaveProperty("refreshToken");
  });

  it("has no scopes at Twitch, so none are sent", async () => {
    const [tokens, body] = await asked(twitch);
    expect(body).toBe(`client_id=${clientId}&client_secret=${clientSecret}&grant_type=client_credentials`);
    expect(tokens).toMatchObject({ scopes: [] });
  });

  it("is for applications with a secret alone", async () => {
    expect(await thrownBy(requestApplicationTokens(twitch, { clientId }))).toBeInstanceOf(TypeError);
  });
});

describe("OpenID's userinfo", () => {
  const tokens = { accessToken: new Secret("secret-token"), claims: { iss: "i", sub: "42", aud: clientId, exp: 1 } };
  const answering = (body: unknown, status = 200): { fetch: () => Promise<Response> } => ({
    fetch: async () => Response.json(body, { status }),
  });

  it("is what the provider says of the ID token's user", async () => {
    const info = await fetchUserinfo(google, tokens, answering({ sub: "42", email: "ada@example.org" }));
    expect(info).toEqual({ sub: "42", email: "ada@example.org" });
  });

  it.each<[string, unknown, number, string]>([
    ["another user's", { sub: "43" }, 200, "ERR_USERINFO_MISMATCH"],
    ["nobody's", { email: "ada@example.org" }, 200, "ERR_RESPONSE_SHAPE"],
    ["refused", { error: "invalid_token" }, 401, "invalid_token"],
  ])("that is %s is refused, without the token in the error", async (_what, body, status, code) => {
    const error = await thrownBy(fetchUserinfo(google, tokens, answering(body, status)));
    expect(error).toMatchObject({ code, provider: "google" });
    expect(JSON.stringify(error)).not.toContain("secret-token");
  });

  it("takes any user's where no ID token came with the access token", async () => {
    expect(await fetchUserinfo(google, { accessToken: tokens.accessToken }, answering({ sub: "7" }))).toEqual({
      sub: "7",
    });
  });

  it("needs an address to ask at", async () => {
    expect(await thrownBy(fetchUserinfo(provider(), tokens))).toBeInstanceOf(TypeError);
  });
});
