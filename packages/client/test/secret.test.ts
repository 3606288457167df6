import { createHash } from "node:crypto";
import { format, inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concealTokens, fingerprint, OAuthError, revealTokens, Secret, type Tokens } from "../src/index.ts";
import { sha256 } from "../src/sha256.ts";

const text = "2YotnFZFEjr1zCsicMWpAA";
const tokens: Tokens = {
  accessToken: new Secret(text),
  refreshToken: new Secret("tGzv3JOkF0XG5Qx2TlKWIA"),
  scopes: ["user:read:email"],
  tokenType: "bearer",
  receivedAt: 1_800_000_000,
};

describe("CT-23: a secret prints as its fingerprint wherever it lands", () => {
  it.each<[string, () => string]>([
    ["a template", () => `token: ${tokens.accessToken as unknown as string}`],
    ["String()", () => String(tokens.accessToken)],
    ["concatenation", () => `token: ${[tokens.accessToken].join("")}`],
    ["JSON.stringify", () => JSON.stringify(tokens)],
    ["util.inspect", () => inspect(tokens, { depth: null, showHidden: true })],
    ["console.log's format", () => format("%s %o %j", tokens.accessToken, tokens, tokens)],
    ["an error's cause", () => inspect(new Error("no", { cause: tokens }), { showHidden: true })],
    ["an OAuthError's cause", () => inspect(new OAuthError("invalid_grant", { cause: tokens }))],
    ["Object.entries", () => JSON.stringify(Object.entries(tokens.accessToken))],
    ["structuredClone", () => JSON.stringify(structuredClone(tokens.accessToken))],
  ])("in %s", (_place, print) => {
    expect(print()).not.toContain(text);
    expect(print()).not.toContain("tGzv3JOkF0XG5Qx2TlKWIA");
  });

  it("and shows the same fingerprint in each, so that two logs can be compared", () => {
    expect(String(tokens.accessToken)).toBe("~6c96130f");
    expect(inspect(tokens.accessToken)).toBe("Secret(~6c96130f)");
    expect(JSON.parse(JSON.stringify(tokens))).toMatchObject({ accessToken: "~6c96130f" });
  });
});

it("a secret is revealed only when asked for", () => {
  expect(tokens.accessToken.reveal()).toBe(text);
});

it("a secret is made of text and nothing else", () => {
  expect(() => new Secret(undefined as unknown as string)).toThrow(TypeError);
});

it("tokens survive a store: conceal(reveal(x)) is x", () => {
  const stored: unknown = JSON.parse(JSON.stringify(revealTokens(tokens)));
  expect(stored).toMatchObject({ accessToken: text, refreshToken: "tGzv3JOkF0XG5Qx2TlKWIA" });
  expect(revealTokens(concealTokens(revealTokens(tokens)))).toEqual(stored);
});

it("tokens that were saved as fingerprints are noticed when they are read", () => {
  expect(() => concealTokens(JSON.parse(JSON.stringify(tokens)))).toThrow(/Save what revealTokens gives/);
});

it("tokens without a refresh token stay without one", () => {
  const { refreshToken: _none, ...rest } = tokens;
  expect(concealTokens(revealTokens(rest))).not.toHaveProperty("refreshToken");
});

describe("fingerprint", () => {
  it("is the beginning of the SHA-256 that every other tool computes", () => {
    expect(fingerprint("abc")).toBe("~ba7816bf");
    expect(fingerprint("")).toBe("~e3b0c442");
  });

  it("agrees with the platform's own SHA-256 on any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
      }),
    );
  });
});
