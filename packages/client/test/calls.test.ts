import { rfc6749 } from "@codegrant/protocol";
import { describe, expect, it } from "vitest";
import { refreshTokens, revealTokens, revokeToken, Secret, validateToken } from "../src/index.ts";
import {
  client,
  clientId,
  clientSecret,
  now,
  provider,
  startedAt,
  strictProvider,
  thrownBy,
  tokenBody,
} from "./fixtures.ts";
import { json, serve } from "./loopback.ts";

const refreshToken = new Secret("5b93chm6hdve3mycz05zfzatkfdenfspp1h1ar2xxdalen01");

describe("refreshTokens", () => {
  const refresh = async (body: unknown, where = provider()) => {
    const fetch = async (): Promise<Response> => Response.json(body);
    return revealTokens(await refreshTokens(where, client, { refreshToken, scopes: ["kept"] }, { fetch, now }));
  };

  it("sends the refresh token, the client and nothing else", async () => {
    const server = await serve((_request, response) => json(response, 200, tokenBody));
    await refreshTokens(provider(server), client, { refreshToken, scopes: ["kept"] });
    expect(Object.fromEntries(server.received[0]?.form ?? [])).toEqual({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: "refresh_token",
      refresh_token: refreshToken.reveal(),
    });
  });

  it("leaves the secret out for a client that has none", async () => {
    const server = await serve((_request, response) => json(response, 200, tokenBody));
    await refreshTokens(provider(server), { clientId }, { refreshToken, scopes: [] });
    expect(server.received[0]?.form.has("client_secret")).toBe(false);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["a new refresh token replaces the old one", { refresh_token: "new" }, "new"],
    ["an omitted one leaves the old one in force", { refresh_token: undefined }, refreshToken.reveal()],
    ["an empty one leaves the old one in force", { refresh_token: "" }, refreshToken.reveal()],
    ["the same one stays", { refresh_token: refreshToken.reveal() }, refreshToken.reveal()],
  ])("%s", async (_what, change, expected) => {
    expect(await refresh({ ...tokenBody, ...change })).toMatchObject({
      refreshToken: expected,
      receivedAt: startedAt + 60,
    });
  });

  it("an answer without a scope keeps the scopes there were", async () => {
    const { scope: _none, ...body } = tokenBody;
    expect(await refresh(body, provider({ dialect: rfc6749 }))).toMatchObject({ scopes: ["kept"] });
  });

  it.each<[string, number, unknown, object]>([
    [
      "a dead refresh token",
      400,
      { status: 400, message: "Invalid refresh token" },
      { code: "invalid_grant", actor: "user", retryable: false },
    ],
    [
      "the same with 401",
      401,
      { status: 401, message: "Invalid refresh token" },
      { code: "invalid_grant", actor: "user", retryable: false },
    ],
    [
      "a wrong secret",
      403,
      { status: 403, message: "invalid client secret" },
      { code: "invalid_client", actor: "developer", retryable: false },
    ],
    [
      "CT-12: a bad day",
      500,
      { status: 500, message: "oops" },
      { code: "server_error", actor: "nobody", retryable: true },
    ],
    [
      "CT-12: too many requests",
      429,
      { status: 429, message: "slow" },
      { code: "slow_down", actor: "nobody", retryable: true },
    ],
    ["CT-12: a proxy's page", 502, "<html>", { code: "ERR_RESPONSE_SHAPE", actor: "nobody", retryable: true }],
  ])("tells %s from the others", async (_what, status, body, expected) => {
    const fetch = async (): Promise<Response> => Response.json(body, { status });
    const error = await thrownBy(refreshTokens(provider(), client, { refreshToken, scopes: [] }, { fetch }));
    expect(error).toMatchObject({ ...expected, provider: "example" });
  });

  it("without a refresh token is the caller's mistake", async () => {
    expect(await thrownBy(refreshTokens(provider(), client, { scopes: [] }))).toBeInstanceOf(TypeError);
  });
});

describe("revokeToken", () => {
  it("sends Twitch the id and the token, and no secret", async () => {
    const server = await serve((_request, response) => response.writeHead(200).end());
    expect(await revokeToken(provider(server), client, refreshToken)).toEqual({ status: "revoked" });
    expect(server.received[0]?.url).toBe("/revoke");
    expect(Object.fromEntries(server.received[0]?.form ?? [])).toEqual({
      client_id: clientId,
      token: refreshToken.reveal(),
    });
  });

  it("proves the client where RFC 7009 wants it", async () => {
    const server = await serve((_request, response) => response.writeHead(200).end());
    await revokeToken(strictProvider(server), client, "a-token");
    expect(server.received[0]?.headers.authorization).toMatch(/^Basic /);
    expect(server.received[0]?.body).toBe("token=a-token");
  });

  it("a token the provider does not know is as good as revoked", async () => {
    const fetch = async (): Promise<Response> =>
      Response.json({ status: 400, message: "Invalid token" }, { status: 400 });
    expect(await revokeToken(provider(), client, "gone", { fetch })).toEqual({ status: "unknown" });
  });

  it.each<[number, unknown, object]>([
    [404, { status: 404, message: "client does not exist" }, { code: "invalid_client", actor: "developer" }],
    [503, { status: 503, message: "busy" }, { retryable: true, actor: "nobody" }],
    [204, undefined, { code: "ERR_RESPONSE_SHAPE" }],
  ])("a %i is not taken for success", async (status, body, expected) => {
    const fetch = async (): Promise<Response> =>
      body === undefined ? new Response(null, { status }) : Response.json(body, { status });
    expect(await thrownBy(revokeToken(provider(), client, "token", { fetch }))).toMatchObject(expected);
  });

  it("where there is no address for it is the caller's mistake", async () => {
    const endpoints = { authorize: "https://a.example/authorize", token: "https://a.example/token" };
    expect(await thrownBy(revokeToken(provider({ endpoints }), client, "token"))).toBeInstanceOf(TypeError);
    expect(await thrownBy(validateToken(provider({ endpoints }), "token"))).toBeInstanceOf(TypeError);
  });
});

describe("validateToken", () => {
  it("tells whose token it is, with the token in the header and nowhere else", async () => {
    const body = {
      client_id: clientId,
      login: "demo",
      scopes: ["chat:read"],
      user_id: "141981764",
      expires_in: 5_520_838,
    };
    const server = await serve((_request, response) => json(response, 200, body));
    expect(await validateToken(provider(server), new Secret("token"))).toMatchObject({
      status: "alive",
      clientId,
      login: "demo",
      userId: "141981764",
      scopes: ["chat:read"],
      expiresInSeconds: 5_520_838,
    });
    expect(server.received[0]).toMatchObject({ method: "GET", url: "/validate", body: "" });
    expect(server.received[0]?.headers.authorization).toBe("Bearer token");
  });

  it("reads no scopes as none and 0 as never", async () => {
    const fetch = async (): Promise<Response> => Response.json({ client_id: clientId, scopes: null, expires_in: 0 });
    const result = await validateToken(provider(), "token", { fetch });
    expect(result).toMatchObject({ status: "alive", scopes: [] });
    expect(result).toHaveProperty("expiresInSeconds", undefined);
  });

  it("a dead token is a result", async () => {
    const fetch = async (): Promise<Response> =>
      Response.json({ status: 401, message: "invalid access token" }, { status: 401 });
    expect(await validateToken(provider(), "token", { fetch })).toMatchObject({
      status: "dead",
      error: { actor: "user" },
    });
  });

  it.each([500, 502, 503, 429])("a %i says nothing about the token", async (status) => {
    const fetch = async (): Promise<Response> => Response.json({ status, message: "oops" }, { status });
    expect(await thrownBy(validateToken(provider(), "token", { fetch }))).toMatchObject({ retryable: true });
  });
});
