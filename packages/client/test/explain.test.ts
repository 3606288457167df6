import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Explanation, explainAnswer, findProvider, github, type Provider, strava, twitch } from "../src/index.ts";

const says = (status: number, message: string, more = {}): string => JSON.stringify({ status, message, ...more });
const code = "gulfwdmys5lsm6qyz4xiz9q32l10";
const token = "rfx2uswqe8l4g1mkagrvg5tv0ks3";

// The fifteen things that go wrong most often with Twitch's OAuth, as people meet them; each ends in what solves it.
describe("each of the most frequent failures is explained from what is pasted", () => {
  it.each<[string, string, Partial<Explanation>, RegExp]>([
    [
      "1: at the redirect URI",
      "http://localhost:3000/?error=redirect_mismatch&error_description=Parameter+redirect_uri+does+not+match+registered+URI",
      { kind: "refused" },
      /Register exactly/,
    ],
    [
      "1: at the exchange",
      says(400, "Parameter redirect_uri does not match registered URI"),
      { kind: "error" },
      /Register exactly/,
    ],
    [
      "2: by the API",
      says(401, "Client ID and OAuth token do not match", { error: "Unauthorized" }),
      { actor: "developer" },
      /keep it beside the tokens/,
    ],
    ["2: a code or a client id", code, { kind: "unknown" }, /Say where it came from/],
    ["3: a stale refresh token", says(400, "Invalid refresh token"), { actor: "user" }, /log in again/],
    [
      "4: in the chat",
      ":tmi.twitch.tv NOTICE * :Login authentication failed",
      { code: "chat_login_failed" },
      /fresh token whenever/,
    ],
    [
      "4: by the API",
      says(401, "Invalid OAuth token", { error: "Unauthorized" }),
      { code: "invalid_token" },
      /Refresh it/,
    ],
    ["5: no secret", says(400, "missing client secret"), { actor: "developer" }, /PKCE does not stand in/],
    ["6: a wrong secret", says(403, "invalid client secret"), { actor: "developer" }, /wrong or was replaced/],
    ["6: an unknown client", says(400, "invalid client"), { actor: "developer" }, /Copy it again/],
    [
      "7: a list of scopes",
      'OperationProcessingError: "response" body "scope" property must be a string',
      { code: "scope_is_a_list" },
      /Nothing is wrong with the answer/,
    ],
    [
      "7: a scope that is missing",
      says(401, "Missing scope: user:read:email", { error: "Unauthorized" }),
      { code: "insufficient_scope" },
      /user approve again/,
    ],
    ["7: a scope that is gone", says(400, "Invalid scope requested"), { code: "invalid_scope" }, /scopes/],
    ["8: a page", "<!DOCTYPE html><html><body>404</body></html>", { kind: "unknown" }, /asked for by POST/],
    ["8: a closed door", "Gone", { code: "wrong_address" }, /by POST/],
    ["9: the client by Basic", says(400, "missing client id"), { actor: "developer" }, /form field, not by Basic/],
    [
      "10: inside an application",
      "Your browser is not currently supported. Please use a recommended browser",
      { code: "embedded_browser" },
      /system's browser/,
    ],
    [
      "11: the wrong account",
      JSON.stringify({ client_id: "c", login: "ann", scopes: [], user_id: "1", expires_in: 5 }),
      { kind: "token_status" },
      /force_verify/,
    ],
    ["12: a bad day", says(503, "service unavailable"), { actor: "nobody" }, /trouble of its own/],
    [
      "13: validating",
      JSON.stringify({ client_id: "c", scopes: [], expires_in: 5 }),
      { kind: "token_status" },
      /once an hour/,
    ],
    [
      "14: no email",
      `eyJhbGciOiJSUzI1NiJ9.${btoa('{"iss":"https://id.twitch.tv/oauth2","aud":"c"}').replaceAll("=", "")}.c2ln`,
      { kind: "id_token" },
      /user:read:email/,
    ],
    ["15: a device code that is over", says(400, "invalid device code"), { actor: "user" }, /Start it again/],
  ])("%s", (_failure, pasted, expected, todo) => {
    for (const provider of [undefined, twitch]) {
      const explained = explainAnswer(pasted, provider);
      expect(explained).toMatchObject(expected);
      expect(explained.todo).toMatch(todo);
    }
  });
});

describe("an answer that is pasted", () => {
  it.each<[string, string, Explanation["kind"], RegExp]>([
    ["a code", `http://localhost:3000/?code=${code}&state=s&scope=`, "approved", /The user approved/],
    ["a code, from the ? on", `?code=${code}&state=s`, "approved", /The user approved/],
    ["a code without a state", `https://app.example/cb?code=${code}`, "approved", /no state/],
    [
      "a no",
      "https://app.example/cb?error=access_denied&error_description=The+user+denied+you+access&state=s",
      "refused",
      /denied you access/,
    ],
    [
      "a token behind the #",
      `https://app.example/cb#access_token=${token}&scope=&token_type=bearer`,
      "tokens",
      /implicit flow/,
    ],
    [
      "tokens",
      JSON.stringify({ access_token: token, refresh_token: code, scope: ["chat:read"] }),
      "tokens",
      /Granted: chat:read/,
    ],
    ["tokens without a refresh token", JSON.stringify({ access_token: token }), "tokens", /an access token\./],
    [
      "code and error at once",
      `https://app.example/cb?code=${code}&error=access_denied`,
      "unknown",
      /both a code and an error/,
    ],
    ["half of a body", '{"access_token":"rfx2us', "unknown", /a piece is missing/],
    ["an API's challenge", 'www-authenticate: Bearer error="invalid_token"', "error", /refused the access token/],
    ["nothing", "", "unknown", /Nothing in this is known/],
    ["a poem", "So much depends upon a red wheel barrow", "unknown", /Nothing in this is known/],
  ])("that is %s is told for what it is, and no secret with it", (_what, pasted, kind, what) => {
    const explained = explainAnswer(pasted);
    expect(explained).toMatchObject({ kind, what: expect.stringMatching(what) });
    expect(JSON.stringify(explained)).not.toMatch(new RegExp(`${code}|${token}`));
  });

  it.each<[string, Provider, unknown, string | undefined]>([
    [
      "GitHub",
      github,
      { error: "bad_verification_code", error_description: "The code passed is incorrect or expired." },
      "invalid_grant",
    ],
    [
      "Strava",
      strava,
      { message: "Bad Request", errors: [{ resource: "RefreshToken", field: "refresh_token", code: "invalid" }] },
      "invalid_grant",
    ],
    [
      "X",
      findProvider("x") ?? twitch,
      { error: "invalid_request", error_description: "Value passed for the token was invalid." },
      "invalid_request",
    ],
  ])("of %s is read as that provider writes it", (_title, provider, body, wanted) => {
    expect(explainAnswer(JSON.stringify(body), provider)).toMatchObject({ kind: "error", code: wanted });
  });

  it("may repeat what was sent: such words are left out", () => {
    const explained = explainAnswer(JSON.stringify({ error: "invalid_grant", error_description: `Bad code: ${code}` }));
    expect(explained.what).toBe("The provider said invalid_grant: Bad code: ….");
  });

  it("can be anything, and is never an exception", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.webUrl({ withQueryParameters: true })), (pasted) => {
        expect(explainAnswer(pasted).todo).not.toBe("");
        expect(explainAnswer(`https://a.example/?error=${pasted}`, twitch).todo).not.toBe("");
      }),
      { numRuns: 40 },
    );
  });
});

describe("the address where a login begins", () => {
  const begin = (more: string): string => `https://id.twitch.tv/oauth2/authorize?client_id=c&${more}`;
  it.each<[string, string, RegExp]>([
    ["asks for a token", "response_type=token&redirect_uri=http://localhost", /response_type=code/],
    ["has no redirect URI", "response_type=code", /redirect URI that is registered/],
    ["encodes it twice", "response_type=code&redirect_uri=http%253A%252F%252Flocalhost", /Encode it once/],
    ["goes to http elsewhere", "response_type=code&redirect_uri=http%3A%2F%2Fapp.example%2F", /Use https/],
    ["has commas", "response_type=code&redirect_uri=http%3A%2F%2Flocalhost&scope=a,b&state=s", /blanks between/],
    ["has no state", "response_type=code&redirect_uri=http%3A%2F%2Flocalhost&scope=", /random state/],
    [
      "is as it should be",
      "response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2F&scope=a+b&state=s",
      /exactly this one: http:\/\/localhost:3000\/$/,
    ],
  ])("that %s is told so", (_what, more, todo) => {
    expect(explainAnswer(begin(more), twitch)).toMatchObject({
      kind: "authorize_address",
      todo: expect.stringMatching(todo),
    });
  });
});
