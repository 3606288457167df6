import { formatChallenge, parseAccessTokenHeader } from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "./arbitraries.ts";
import { onlyOurErrors, refusal } from "./thrown.ts";

const twitch = ["Bearer", "OAuth"];

describe("parseAccessTokenHeader", () => {
  it.each([
    ["Bearer mF_9.B5f-4.1JqM", "mF_9.B5f-4.1JqM"],
    ["bearer x", "x"],
    ["BEARER x", "x"],
    ["oauth x", "x"],
    ["OAuth a+b/c~d==", "a+b/c~d=="],
    ["Basic YTpi", undefined],
    ["Bearerx y", undefined],
    ["x", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("RI-22: reads %j (RFC 6750, 2.1)", (header, token) => {
    expect(parseAccessTokenHeader(header, twitch)).toBe(token);
  });

  it.each([
    "Bearer",
    "Bearer ",
    "Bearer  x",
    "Bearer x ",
    "Bearer a, Bearer b",
    "Bearer a b",
    "Bearer \tx",
    'Bearer "x"',
    "Bearer é",
    "Bearer =",
    `Bearer ${"x".repeat(4_097)}`,
  ])("RI-22: refuses %.40j, which could be read two ways", (header) => {
    expect(refusal(() => parseAccessTokenHeader(header, twitch))).toMatchObject({
      code: "invalid_request",
      reason: "access_token_malformed",
      status: 400,
    });
  });

  it("knows only the schemes it is given", () => {
    expect(parseAccessTokenHeader("OAuth x", ["Bearer"])).toBeUndefined();
  });

  it("throws nothing but OAuthError", () => {
    const header = fc.oneof(
      anyText,
      anyText.map((noise) => `Bearer ${noise}`),
    );
    fc.assert(fc.property(header, (one) => onlyOurErrors(() => parseAccessTokenHeader(one, twitch))));
  });
});

describe("formatChallenge", () => {
  it("writes the challenge of RFC 6750, 3", () => {
    const attributes = { realm: "example", error: "invalid_token", error_description: "The access token expired" };
    expect(formatChallenge("Bearer", attributes)).toBe(
      'Bearer realm="example", error="invalid_token", error_description="The access token expired"',
    );
    expect(formatChallenge("Basic", { realm: undefined })).toBe("Basic");
  });

  it("RI-20: no value can end its quotes, add a parameter or break the line", () => {
    fc.assert(
      fc.property(anyText, (realm) => {
        const challenge = formatChallenge("Bearer", { realm, error: "x" });
        expect(challenge).toMatch(/^Bearer realm="(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*", error="x"$/);
      }),
    );
    expect(formatChallenge("Bearer", { realm: 'a", error="b' })).toBe('Bearer realm="a\\", error=\\"b"');
  });
});
