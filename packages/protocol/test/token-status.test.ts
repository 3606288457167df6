import {
  formatErrorResponse,
  formatHelixUsers,
  formatKrakenRoot,
  formatKrakenUser,
  formatValidation,
  OAuthError,
  parseValidation,
  twitch,
} from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maybe, scopes, visible } from "./arbitraries.ts";
import { refusal, thrown } from "./thrown.ts";

const token = {
  clientId: "uo6dggojyb8d6soh92zknwmi5ej1q2",
  userId: "141981764",
  login: "twitchdev",
  scopes: ["channel:read:subscriptions"],
  expiresInSeconds: 5520838,
  createdAt: 1493042957,
  updatedAt: 1493042957,
};

const user = { userId: "1", login: "ann", displayName: "Ann", createdAt: 0, updatedAt: 1493042957 };

describe("GET /oauth2/validate", () => {
  it("says whose a token is, with null for no scopes", () => {
    expect(JSON.parse(formatValidation(token))).toEqual({
      client_id: "uo6dggojyb8d6soh92zknwmi5ej1q2",
      login: "twitchdev",
      scopes: ["channel:read:subscriptions"],
      user_id: "141981764",
      expires_in: 5520838,
    });
    expect(JSON.parse(formatValidation({ ...token, scopes: [] }))).toHaveProperty("scopes", null);
  });

  it("says null for the user of an application's own token", () => {
    const own = { clientId: "a", scopes: [], expiresInSeconds: 1 };
    expect(JSON.parse(formatValidation(own))).toMatchObject({ login: null, user_id: null });
  });

  it("arrives as it was sent", () => {
    const someone = fc.option(fc.record({ login: visible, userId: visible }), { nil: {} });
    const expiry = maybe("expiresInSeconds", fc.integer({ min: 1, max: 315_360_000 }));
    fc.assert(
      fc.property(visible, scopes, someone, expiry, (clientId, granted, who, { expiresInSeconds }) => {
        const body = formatValidation({ clientId, scopes: granted, ...who, expiresInSeconds: expiresInSeconds ?? 0 });
        expect(parseValidation({ status: 200, body }, twitch)).toEqual({
          clientId,
          scopes: granted,
          ...who,
          expiresInSeconds,
        });
      }),
    );
  });

  it("reads what twitch-cli's mock leaves out, and 0 as a token without an end", () => {
    expect(parseValidation({ status: 200, body: '{"client_id":"a","expires_in":0}' }, twitch)).toEqual({
      clientId: "a",
      scopes: [],
    });
  });

  it("hears that a token is dead", () => {
    const { status, body } = formatErrorResponse(
      new OAuthError("invalid_token", { reason: "access_token_invalid" }),
      twitch,
    );
    expect(refusal(() => parseValidation({ status, body }, twitch))).toMatchObject({
      code: "invalid_token",
      reason: "access_token_invalid",
      status: 401,
    });
    expect(thrown(() => parseValidation({ status: 401, body: "" }, twitch)).code).toBe("ERR_RESPONSE_SHAPE");
    expect(thrown(() => parseValidation({ status: 200, body: "{}" }, twitch)).code).toBe("ERR_RESPONSE_SHAPE");
  });
});

describe("Kraken's and Helix's bodies", () => {
  it("GET /kraken tells a living token from a dead one", () => {
    expect(JSON.parse(formatKrakenRoot(token))).toEqual({
      token: {
        valid: true,
        authorization: {
          scopes: ["channel:read:subscriptions"],
          created_at: "2017-04-24T14:09:17Z",
          updated_at: "2017-04-24T14:09:17Z",
        },
        user_name: "twitchdev",
        user_id: "141981764",
        client_id: "uo6dggojyb8d6soh92zknwmi5ej1q2",
      },
      _links: {},
    });
    expect(formatKrakenRoot(undefined)).toBe('{"token":{"valid":false,"authorization":null}}');
  });

  it("GET /kraken/user and GET /helix/users show the email only if they are given it", () => {
    expect(JSON.parse(formatKrakenUser(user))).toMatchObject({
      _id: "1",
      name: "ann",
      display_name: "Ann",
      email: null,
      logo: null,
      partnered: false,
      created_at: "1970-01-01T00:00:00Z",
    });
    expect(JSON.parse(formatKrakenUser({ ...user, email: "a@x.example" }))).toHaveProperty("email", "a@x.example");
    const [first] = (JSON.parse(formatHelixUsers([user])) as { data: unknown[] }).data;
    expect(first).toMatchObject({ id: "1", login: "ann", display_name: "Ann" });
    expect(first).not.toHaveProperty("email");
    expect(formatHelixUsers([{ ...user, email: "a@x.example" }])).toContain('"email":"a@x.example"');
    expect(formatHelixUsers([])).toBe('{"data":[]}');
  });
});
