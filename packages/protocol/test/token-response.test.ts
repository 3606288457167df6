import {
  type Dialect,
  dialects,
  FlowError,
  formatTokenResponse,
  kraken,
  OAuthError,
  parseTokenResponse,
  rfc6749,
  type TokenResponse,
  twitch,
} from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText, maybe, scopes, seconds, visible } from "./arbitraries.ts";
import { onlyOurErrors, thrown } from "./thrown.ts";

function parse(
  body: unknown,
  dialect: Dialect = rfc6749,
  status = 200,
  contentType = "application/json",
): TokenResponse {
  return parseTokenResponse(
    { status, contentType, body: typeof body === "string" ? body : JSON.stringify(body) },
    dialect,
  );
}

const given = { accessToken: "at", refreshToken: "rt", scopes: ["chat:edit", "chat:read"], expiresInSeconds: 14124 };

describe("formatTokenResponse", () => {
  it("writes Twitch's body byte for byte", () => {
    expect(formatTokenResponse(given, twitch)).toBe(
      '{"access_token":"at","expires_in":14124,"refresh_token":"rt","scope":["chat:edit","chat:read"],"token_type":"bearer"}',
    );
    expect(formatTokenResponse({ accessToken: "at", expiresInSeconds: 5011271 }, twitch)).toBe(
      '{"access_token":"at","expires_in":5011271,"token_type":"bearer"}',
    );
  });

  it("writes RFC 6749's scope as a string, and Kraken without a type of token", () => {
    expect(JSON.parse(formatTokenResponse(given, rfc6749))).toEqual({
      access_token: "at",
      expires_in: 14124,
      refresh_token: "rt",
      scope: "chat:edit chat:read",
      token_type: "Bearer",
    });
    expect(JSON.parse(formatTokenResponse(given, kraken))).toEqual({
      access_token: "at",
      expires_in: 14124,
      refresh_token: "rt",
      scope: ["chat:edit", "chat:read"],
    });
  });

  it("says no scope in the dialect's way", () => {
    const none = { accessToken: "at", scopes: [] };
    expect(JSON.parse(formatTokenResponse(none, twitch))).not.toHaveProperty("scope");
    expect(JSON.parse(formatTokenResponse(none, kraken))).toHaveProperty("scope", []);
    expect(JSON.parse(formatTokenResponse(none, rfc6749))).toHaveProperty("scope", "");
  });

  it("writes extra members and lets none replace its own", () => {
    const extra = { interval: 5, access_token: "evil", nothing: undefined };
    expect(JSON.parse(formatTokenResponse({ accessToken: "at", extra }, rfc6749))).toEqual({
      access_token: "at",
      token_type: "Bearer",
      interval: 5,
    });
  });
});

describe("parseTokenResponse", () => {
  it("reads the answer of RFC 6749, 5.1", () => {
    const body = `{"access_token":"2YotnFZFEjr1zCsicMWpAA","token_type":"example","expires_in":3600,
      "refresh_token":"tGzv3JOkF0XG5Qx2TlKWIA","example_parameter":"example_value"}`;
    expect(parse(body)).toEqual({
      accessToken: "2YotnFZFEjr1zCsicMWpAA",
      tokenType: "example",
      expiresInSeconds: 3600,
      refreshToken: "tGzv3JOkF0XG5Qx2TlKWIA",
      extra: { example_parameter: "example_value" },
    });
  });

  it.each([
    [
      ["a", "b"],
      ["a", "b"],
      ["a", "b"],
    ],
    ["a b", ["a", "b"], ["a", "b"]],
    ["a,b", ["a", "b"], ["a", "b"]],
    [[""], [], []],
    ["", [], []],
    [null, undefined, []],
    [undefined, undefined, []],
  ])(
    "CT-18: reads the scope %j in every dialect; absent is none at Twitch and as asked elsewhere",
    (scope, usual, atTwitch) => {
      expect(parse({ access_token: "at", scope }, rfc6749).scopes).toEqual(usual);
      expect(parse({ access_token: "at", scope }, kraken).scopes).toEqual(usual);
      expect(parse({ access_token: "at", scope }, twitch).scopes).toEqual(atTwitch);
    },
  );

  it.each([
    ["missing", "{}", undefined],
    ['"3600"', '{"expires_in":"3600"}', 3600],
    ["0", '{"expires_in":0}', 0],
    ["-1", '{"expires_in":-1}', 0],
    ['"-1"', '{"expires_in":"-1"}', 0],
    ["1e12", '{"expires_in":1e12}', 315_360_000],
    ["1e400", '{"expires_in":1e400}', 315_360_000],
    ["null", '{"expires_in":null}', undefined],
    ['"abc"', '{"expires_in":"abc"}', undefined],
    ['""', '{"expires_in":""}', undefined],
    ["3599.7", '{"expires_in":3599.7}', 3599],
    ["true", '{"expires_in":true}', undefined],
  ])("CT-17: expires_in %s never crashes and never means for ever", (_, json, expected) => {
    const body = JSON.stringify({ access_token: "at" })
      .replace("}", `,${json.slice(1)}`)
      .replace(",}", "}");
    expect(parse(body).expiresInSeconds).toBe(expected);
  });

  it("takes an empty or missing refresh token for none", () => {
    for (const refresh of [undefined, null, "", 7]) {
      expect(parse({ access_token: "at", refresh_token: refresh }).refreshToken).toBeUndefined();
    }
  });

  it("takes JSON behind a byte order mark, without a content type, and form-encoded text", () => {
    expect(parse('\ufeff{"access_token":"at"}').accessToken).toBe("at");
    expect(parse('{"access_token":"at"}', rfc6749, 200, "text/html").accessToken).toBe("at");
    const mislabelled = "application/x-www-form-urlencoded";
    expect(parse('{"access_token":"at"}', rfc6749, 200, mislabelled).accessToken).toBe("at");
    const form = "access_token=gho_x&scope=repo%2Cgist&token_type=bearer";
    expect(parse(form, rfc6749, 200, "application/x-www-form-urlencoded; charset=utf-8")).toMatchObject({
      accessToken: "gho_x",
      scopes: ["repo", "gist"],
    });
  });

  it.each([
    ["RFC 6749's error", { error: "invalid_grant", error_description: "no" }, rfc6749, "invalid_grant"],
    ["RFC 6749's error from a Twitch-like server", { error: "invalid_grant" }, twitch, "invalid_grant"],
    [
      "Kraken's, as JSON-P sends it",
      { error: "Bad Request", status: 400, message: "Invalid refresh token" },
      kraken,
      "invalid_grant",
    ],
    ["Twitch's", { status: 400, message: "invalid client" }, twitch, "invalid_client"],
  ])("CT-14: finds %s in a 200", (_, body, dialect, code) => {
    const error = thrown(() => parse(body, dialect));
    expect(error).toBeInstanceOf(OAuthError);
    expect(error.code).toBe(code);
  });

  it("CT-14: a 200 with both a token and an error is an error only where a 200 may hide one", () => {
    const hiding: Dialect = { ...rfc6749, error: { ...rfc6749.error, mayHideInSuccess: true } };
    const body = { access_token: "at", error: "bad_verification_code" };
    expect(parse(body).accessToken).toBe("at");
    expect(thrown(() => parse(body, hiding))).toMatchObject({ name: "OAuthError", code: "bad_verification_code" });
  });

  it.each([
    ["no access token", "{}", 200, "ERR_RESPONSE_SHAPE"],
    ["an access token that is no text", '{"access_token":{"a":1}}', 200, "ERR_RESPONSE_SHAPE"],
    ["an access token that breaks a header", '{"access_token":"a\\r\\nb"}', 200, "ERR_RESPONSE_SHAPE"],
    ["an HTML page of a proxy", "<html>marker</html>", 502, "ERR_RESPONSE_SHAPE"],
    ["an HTML page with 200", "<html>marker</html>", 200, "ERR_RESPONSE_SHAPE"],
    ["nothing", "", 200, "ERR_RESPONSE_SHAPE"],
    ["an array", "[]", 200, "ERR_RESPONSE_SHAPE"],
    ["null", "null", 200, "ERR_RESPONSE_SHAPE"],
    ["broken JSON", '{"access_token":"marker', 200, "ERR_RESPONSE_SHAPE"],
    ["a redirect", "", 302, "ERR_RESPONSE_SHAPE"],
    ["a flood", "x".repeat(1_048_577), 200, "ERR_RESPONSE_TOO_LARGE"],
  ])("CT-15: %s is no usable answer, and its text is in no message", (_, body, status, code) => {
    const error = thrown(() => parse(body, twitch, status, "text/html; charset=marker"));
    expect(error).toBeInstanceOf(FlowError);
    expect(error).toMatchObject({ code, status });
    expect(error.message + String(error.stack)).not.toContain("marker");
  });

  it("a prototype named in JSON is no member", () => {
    expect(thrown(() => parse('{"__proto__":{"access_token":"at"}}')).code).toBe("ERR_RESPONSE_SHAPE");
  });
});

describe.each(dialects)("both ways, in $name", (dialect) => {
  const { scope, tokenResponse } = dialect;
  const response = fc
    .tuple(
      visible,
      maybe("refreshToken", visible),
      scope.whenEmpty === "absent" ? scopes.map((list) => ({ scopes: list })) : maybe("scopes", scopes),
      maybe("expiresInSeconds", seconds),
      maybe("extra", fc.dictionary(fc.constantFrom("id_token", "a b", "__proto__"), fc.jsonValue(), { minKeys: 1 })),
    )
    .map(([accessToken, ...rest]): TokenResponse => Object.assign({ accessToken }, ...rest));

  it("a token response arrives as it was sent", () => {
    fc.assert(
      fc.property(response, (one) => {
        const body = formatTokenResponse(one, dialect);
        const { tokenType, ...parsed } = parse(body, dialect);
        expect(JSON.parse(JSON.stringify(parsed))).toEqual(JSON.parse(JSON.stringify(one)));
        expect(tokenType).toBe(tokenResponse.tokenType);
      }),
    );
  });

  it("nothing but OAuthError and FlowError is thrown on any answer", () => {
    const members = fc.dictionary(
      fc.constantFrom("access_token", "scope", "expires_in", "error", "message", "status", "refresh_token"),
      fc.oneof(fc.jsonValue(), visible),
    );
    const body = fc.oneof(
      anyText,
      members.map((value) => JSON.stringify(value)),
      fc.json(),
    );
    const type = fc.constantFrom("application/json", "application/x-www-form-urlencoded", "", "\0");
    fc.assert(
      fc.property(body, type, fc.constantFrom(200, 204, 302, 400, 401, 429, 500, 503), (one, contentType, status) =>
        onlyOurErrors(() => parseTokenResponse({ status, contentType, body: one }, dialect)),
      ),
    );
  });
});
