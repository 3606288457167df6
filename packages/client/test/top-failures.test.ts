import { describe, expect, it } from "vitest";
import {
  codegrantProvider,
  exchangeCode,
  findMissingScopes,
  finishAuthorization,
  identify,
  isConnectionError,
  pollDeviceAuthorization,
  refreshTokens,
  Secret,
  startAuthorization,
  twitch,
  validateToken,
} from "../src/index.ts";
import { client, clientId, pending, redirectUri, startedAt, thrownBy } from "./fixtures.ts";

// What goes wrong most often with Twitch's OAuth, in the order in which people ask about it, and where each one ends.

const inHand = { code: "gulfwdmys5lsm6qyz4xiz9q32l10", redirectUri };
const accessToken = new Secret("rfx2uswqe8l4g1mkagrvg5tv0ks3");
const tokens = { accessToken, refreshToken: new Secret("5b93chm6hdve3mycz05zfzatkfden"), scopes: [] };
const device = {
  deviceCode: new Secret("ike3GM8QIdYZs43KdrWPIO36LofILoCyFEzjlQ91"),
  userCode: "ABCDEFGH",
  verificationUri: "https://www.twitch.tv/activate",
  expiresAt: startedAt + 1_800,
  intervalSeconds: 5,
  scopes: [],
};

const says = (status: number, message: string) => ({
  now: () => startedAt,
  fetch: async (): Promise<Response> => Response.json({ status, message }, { status }),
});
const shows = (status: number) => ({
  fetch: async (): Promise<Response> =>
    new Response("<h1>404</h1>", { status, headers: { "content-type": "text/html" } }),
});

const exchange = (answer: object) => thrownBy(exchangeCode(twitch, client, inHand, answer));
const refresh = (answer: object) => thrownBy(refreshTokens(twitch, client, tokens, answer));

async function dead(): Promise<unknown> {
  const result = await validateToken(twitch, accessToken, says(401, "invalid access token"));
  return result.status === "dead" ? result.error : result;
}

async function otherClient(): Promise<unknown> {
  const fetch = async (): Promise<Response> => Response.json({ client_id: "other", user_id: "1", login: "ann" });
  return thrownBy(identify(twitch, client, tokens, { fetch }));
}

async function mismatchWithoutState(): Promise<unknown> {
  const record = pending({ provider: "twitch", issuer: "https://id.twitch.tv/oauth2", redirectUri });
  const now = (): number => startedAt;
  return thrownBy(finishAuthorization(twitch, client, record, "?error=redirect_mismatch", { now }));
}

const kraken = codegrantProvider("http://localhost:8080", "kraken");
const helixLike = {
  ...kraken,
  dialect: {
    ...twitch.dialect,
    error: {
      ...twitch.dialect.error,
      messages: [
        {
          code: "invalid_client",
          reason: "client_ids_differ",
          message: "Client ID and OAuth token do not match",
          status: 401,
        },
        { code: "insufficient_scope", reason: "scope_insufficient", message: "Missing scope", status: 401 },
      ],
    },
  },
} as const;
const askApi = (message: string) => thrownBy(identify(helixLike, client, tokens, { fetch: says(401, message).fetch }));

describe("each of the most frequent failures ends in the hint that solves it", () => {
  it.each<[string, () => Promise<unknown>, RegExp, object]>([
    [
      "1: a redirect URI that differs, at the exchange",
      () => exchange(says(400, "Parameter redirect_uri does not match registered URI")),
      /Register exactly this redirect URI .*: https:\/\/app\.example\/callback$/,
      { actor: "developer" },
    ],
    ["1: a redirect URI that differs, told without a state", mismatchWithoutState, /Register exactly .*callback/, {}],
    ["2: client id and token of two applications", otherClient, /client id that the token was given to/, {}],
    [
      "2: the same, told by the API",
      () => askApi("Client ID and OAuth token do not match"),
      /keep it beside the tokens.*A code or a client id is no token/,
      { actor: "developer" },
    ],
    [
      "3: a refresh token that is lost or stale",
      () => refresh(says(400, "Invalid refresh token")),
      /disconnected .* changed the password.*log in again/,
      { actor: "user", retryable: false },
    ],
    ["4: an access token after its four hours", dead, /Refresh it/, { actor: "user" }],
    [
      "5: PKCE in place of a secret",
      () => exchange(says(400, "missing client secret")),
      /PKCE does not stand in for it.*log in by device/,
      { actor: "developer" },
    ],
    [
      "6: a wrong or replaced secret",
      () => exchange(says(403, "invalid client secret")),
      /wrong or was replaced/,
      { actor: "developer", retryable: false },
    ],
    ["6: an unknown client", () => exchange(says(400, "invalid client")), /Copy it again/, { actor: "developer" }],
    ["7: a scope that is not there any more", () => exchange(says(400, "Invalid scope requested")), /scopes/, {}],
    [
      "7: a scope that was not granted",
      () => askApi("Missing scope"),
      /user approve again; a refresh cannot add it/,
      {},
    ],
    [
      "8: an address or a method that is wrong",
      () => exchange(shows(404)),
      /asked for by POST.*without a slash at the end/,
      { actor: "developer", retryable: false },
    ],
    ["8: a door that was closed", () => exchange(shows(410)), /nothing at this address/, { actor: "developer" }],
    [
      "9: the client in a Basic header",
      () => exchange(says(400, "missing client id")),
      /form field, not by Basic/,
      { actor: "developer" },
    ],
    [
      "12: a bad day at Twitch",
      () => refresh(says(500, "Missing column authorization_id from item map[]")),
      /trouble of its own. Keep what you have/,
      { actor: "nobody", retryable: true },
    ],
    ["12: a page where an answer should be", () => refresh(shows(502)), /Keep what you have/, { retryable: true }],
    [
      "15: a device code that is over",
      () => thrownBy(pollDeviceAuthorization(twitch, { clientId }, device, says(400, "invalid device code"))),
      /Start it again/,
      { actor: "user", retryable: false },
    ],
  ])("%s", async (_failure, provoke, hint, rest) => {
    const error = await provoke();
    if (!isConnectionError(error)) throw new Error("nothing was advised", { cause: error });
    expect(error.hint).toMatch(hint);
    expect(error).toMatchObject(rest);
  });

  it("5: a public client is sent to the device flow before anything is sent to Twitch", async () => {
    const error = await thrownBy(exchangeCode(twitch, { clientId }, inHand));
    expect(String(error)).toMatch(/use the device flow/);
  });

  it("6: blanks around a secret are noticed before they are sent", async () => {
    const blank = { clientId, clientSecret: `${client.clientSecret}\n` };
    expect(String(await thrownBy(exchangeCode(twitch, blank, inHand)))).toMatch(/line break. Remove it/);
  });

  it("7: what the user did not grant, or Twitch left out, can be told", () => {
    expect(findMissingScopes(twitch, ["chat:read", "user:read:email"], ["chat:read"])).toEqual(["user:read:email"]);
  });

  it("10: a login inside an application is named where no answer comes", () => {
    expect(twitch.silentCauses?.join("\n")).toMatch(/system's browser/);
  });

  it("11: another account can be chosen, and who approved is told", async () => {
    const { url } = await startAuthorization(twitch, { clientId, redirectUri, scopes: [], forceConsent: true });
    expect(url).toContain("force_verify=true");
    const fetch = async (): Promise<Response> => Response.json({ client_id: clientId, user_id: "1", login: "ann" });
    expect(await identify(twitch, client, tokens, { fetch })).toEqual({ id: "1", login: "ann" });
  });

  it("13: the hourly duty is in the record, for whoever keeps tokens", () => {
    expect(twitch.validateEverySeconds).toBe(3_600);
  });

  it("14: a user without a mail address is still a user", async () => {
    const payload = { iss: twitch.issuer, sub: "1", aud: clientId, exp: startedAt + 60, nonce: "n" };
    const idToken = `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.c2ln`;
    const fetch = async (): Promise<Response> =>
      Response.json({ access_token: "a", scope: ["openid"], id_token: idToken });
    const options = { fetch, now: () => startedAt };
    const granted = await exchangeCode(twitch, client, { ...inHand, scopes: ["openid"], nonce: "n" }, options);
    expect(granted.claims).not.toHaveProperty("email");
    expect(findMissingScopes(twitch, ["openid", "user:read:email"], granted.scopes)).toEqual(["user:read:email"]);
  });
});
