import {
  type Dialect,
  formatErrorResponse,
  formatTokenRequest,
  isAddress,
  OAuthError,
  parseAuthorizationResponse,
  parseErrorResponse,
  parseParameters,
  parseTokenResponse,
  rfc6749,
  twitch,
} from "@codegrant/protocol";
import { describe, expect, it } from "vitest";

const contentType = "application/json";

describe("a dialect with codes of its own", () => {
  const dialect: Dialect = {
    ...rfc6749,
    error: {
      ...rfc6749.error,
      codes: [
        { wire: "invalid_code", code: "invalid_grant", reason: "code_invalid" },
        { wire: "code_already_used", code: "invalid_grant", reason: "code_invalid" },
        { wire: "bad_redirect_uri", code: "invalid_grant", reason: "redirect_uri_mismatch" },
        { wire: "internal_error", code: "server_error" },
      ],
    },
  };
  const read = (error: string): OAuthError =>
    parseErrorResponse({ status: 400, contentType, body: JSON.stringify({ error }) }, dialect);

  it.each([
    ["invalid_code", "invalid_grant", "code_invalid"],
    ["code_already_used", "invalid_grant", "code_invalid"],
    ["internal_error", "server_error", undefined],
    ["invalid_scope", "invalid_scope", undefined],
    ["its_newest_idea", "its_newest_idea", undefined],
  ])("reads %s as %s", (wire, code, reason) => {
    expect(read(wire).code).toBe(code);
    expect(read(wire).reason).toBe(reason);
  });

  it("keeps its word for people where it has no text", () => {
    expect(read("code_already_used").description).toBe("code_already_used");
  });

  it.each([
    [new OAuthError("invalid_grant", { reason: "code_invalid" }), "invalid_code"],
    [new OAuthError("invalid_grant", { reason: "redirect_uri_mismatch" }), "bad_redirect_uri"],
    [new OAuthError("server_error", { reason: "method_not_allowed" }), "internal_error"],
    [new OAuthError("invalid_grant", { reason: "refresh_token_invalid" }), "invalid_grant"],
    [new OAuthError("access_denied"), "access_denied"],
  ])("writes them too: %s", (error, wire) => {
    expect(JSON.parse(formatErrorResponse(error, dialect).body)).toMatchObject({ error: wire });
  });

  it("gives their reason to a callback's error, whose code stays as it was sent", () => {
    const answer = parseAuthorizationResponse(parseParameters("error=bad_redirect_uri&state=s"), dialect);
    expect(answer).toMatchObject({ error: { code: "bad_redirect_uri", reason: "redirect_uri_mismatch" } });
  });
});

describe("a dialect whose tokens lie inside a member", () => {
  const dialect: Dialect = { ...rfc6749, tokenResponse: { ...rfc6749.tokenResponse, nestedIn: "authed_user" } };
  const parse = (body: object, by = dialect) =>
    parseTokenResponse({ status: 200, contentType, body: JSON.stringify(body) }, by);
  const nested = { access_token: "inner", scope: "a", expires_in: 60, refresh_token: "r" };

  it("is read there where the top has none", () => {
    const expected = { accessToken: "inner", scopes: ["a"], expiresInSeconds: 60, refreshToken: "r" };
    expect(parse({ ok: true, authed_user: nested })).toMatchObject(expected);
  });

  it("is read at the top where there is one", () => {
    expect(parse({ access_token: "outer", authed_user: nested })).toMatchObject({ accessToken: "outer" });
    expect(parse({ access_token: "outer", authed_user: nested }).refreshToken).toBeUndefined();
  });

  it.each([["missing"], [null], [7]])("CT-14: is an error where the member is %s", (authed_user) => {
    expect(() => parse({ authed_user })).toThrow(/no error that is understood|status 200/);
  });

  it("is read nowhere else by others", () => {
    expect(() => parse({ authed_user: nested }, rfc6749)).toThrow("status 200");
  });
});

it("only a dialect that wants them gets the scopes again with each poll of a device", () => {
  const request = { grantType: "device_code", deviceCode: "d", scopes: ["a", "b"] } as const;
  expect(formatTokenRequest(request, twitch)).toMatchObject({ device_code: "d", scopes: "a b" });
  expect(formatTokenRequest(request, rfc6749)).not.toHaveProperty("scope");
});

it.each([
  ["https://id.example/device?user_code=AB-CD", true],
  ["http://id.example/device", false],
  ["javascript:alert(1)", false],
  ["https://id.example/`id`", false],
  [`https://id.example/${"a".repeat(2_000)}`, false],
])("MD-09: whether %.50s may be opened is %s", (address, expected) => {
  expect(isAddress(address, ["https:"])).toBe(expected);
});
