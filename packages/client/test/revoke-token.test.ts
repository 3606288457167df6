import { describe, expect, it } from "vitest";
import { github, google, type Provider, revokeToken, Secret, slack, tokensToRevoke, twitch } from "../src/index.ts";
import { client, clientId, clientSecret, provider, thrownBy } from "./fixtures.ts";

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Revokes against an answer and tells what was sent. */
async function revoke(where: Provider, status: number, body?: object) {
  const sent: Sent[] = [];
  const fetch = async (url: string, { method, headers, body: text }: RequestInit): Promise<Response> => {
    sent.push({ url, method, headers: new Headers(headers), body: text });
    return body === undefined ? new Response(null, { status }) : Response.json(body, { status });
  };
  const result = revokeToken(where, client, "a-token", { fetch });
  return { sent, result };
}

describe("every provider's way of revoking", () => {
  it("GitHub's is a DELETE that proves the application and carries the token as JSON", async () => {
    const { sent, result } = await revoke(github, 204);
    expect(await result).toEqual({ status: "revoked" });
    expect(sent[0]).toMatchObject({
      url: `https://api.github.com/applications/${clientId}/token`,
      method: "DELETE",
      body: '{"access_token":"a-token"}',
    });
    expect(sent[0]?.headers.get("authorization")).toBe(`Basic ${btoa(`${clientId}:${clientSecret}`)}`);
    expect(sent[0]?.headers.get("user-agent")).toBe("codegrant");
  });

  it("Slack's takes the token in the header", async () => {
    const { sent, result } = await revoke(slack, 200, { ok: true, revoked: true });
    expect(await result).toEqual({ status: "revoked" });
    expect(sent[0]?.headers.get("authorization")).toBe("Bearer a-token");
    expect(sent[0]?.body).toBeUndefined();
  });

  it.each<[string, Provider, number, object]>([
    ["Slack", slack, 200, { ok: false, error: "invalid_auth" }],
    ["Google", google, 400, { error: "invalid_token", error_description: "Token expired or revoked" }],
    ["Twitch", twitch, 400, { status: 400, message: "Invalid token" }],
  ])("a token that is gone is as good as revoked at %s", async (_title, where, status, body) => {
    expect(await (await revoke(where, status, body)).result).toEqual({ status: "unknown" });
  });

  it("a provider may have a status of its own for it", async () => {
    const where = provider({ revocation: { unknownStatus: 404 } });
    expect(await (await revoke(where, 404)).result).toEqual({ status: "unknown" });
  });

  it("an error in a 200 is not taken for success where the provider hides them there", async () => {
    const { result } = await revoke(slack, 200, { ok: false, error: "internal_error" });
    expect(await thrownBy(result)).toMatchObject({ code: "server_error", retryable: true });
  });

  it("without a secret GitHub cannot be asked, and the caller is told", async () => {
    const fetch = async (): Promise<Response> => new Response(null, { status: 204 });
    expect(await thrownBy(revokeToken(github, { clientId }, "a-token", { fetch }))).toBeInstanceOf(TypeError);
  });
});

describe("CT-24: what a logout sends", () => {
  const tokens = {
    accessToken: new Secret("access"),
    refreshToken: new Secret("refresh"),
    scopes: [],
    tokenType: "bearer",
    receivedAt: 0,
  };
  const { refreshToken: _none, ...withoutRefresh } = tokens;
  const { revoke: _nowhere, ...endpoints } = provider().endpoints;

  it.each<[string, Provider, typeof tokens | typeof withoutRefresh, string[]]>([
    ["the refresh token, which takes the others along", provider(), tokens, ["refresh"]],
    ["the access token where there is no other", provider(), withoutRefresh, ["access"]],
    ["the access token at Twitch, which takes no other", twitch, tokens, ["access"]],
    ["nothing where there is nowhere to send it", provider({ endpoints }), tokens, []],
  ])("is %s", (_what, where, given, expected) => {
    expect(tokensToRevoke(where, given).map((token) => token.reveal())).toEqual(expected);
  });
});
