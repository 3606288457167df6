import { dialects, kraken, rfc6749, twitch } from "@codegrant/protocol";
import { describe, expect, it } from "vitest";

describe("the dialects", () => {
  it("have names of their own and sane lifetimes", () => {
    expect(new Set(dialects.map(({ name }) => name)).size).toBe(dialects.length);
    for (const { lifetimes } of dialects) {
      expect(lifetimes.accessTokenSeconds).toBeLessThan(lifetimes.publicRefreshTokenSeconds);
      expect(lifetimes.publicRefreshTokenSeconds).toBeLessThanOrEqual(lifetimes.refreshTokenSeconds);
    }
  });

  it("keep codes and tokens of Twitch's paths in one family, apart from RFC 6749's", () => {
    expect(dialects.filter(({ family }) => family === "rfc6749")).toEqual([rfc6749]);
    expect(kraken.family).toBe(twitch.family);
  });

  it("accept a secret in the body everywhere, since most clients send it there", () => {
    for (const { tokenRequest } of dialects) expect(tokenRequest.clientAuthentication).toContain("post");
    expect(rfc6749.tokenRequest.sources).toEqual(["form"]);
  });
});
