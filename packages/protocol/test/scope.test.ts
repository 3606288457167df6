import { type Dialect, formatScope, parseScope, parseScopeMember, rfc6749 } from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "./arbitraries.ts";
import { onlyOurErrors, refusal } from "./thrown.ts";

const commas: Dialect = { ...rfc6749, scope: { ...rfc6749.scope, separator: "," } };

describe("parseScope", () => {
  it.each([
    ["a b c", ["a", "b", "c"]],
    ["c a", ["c", "a"]],
    ["", []],
    ["a  b ", ["a", "b"]],
    ["user:read:email chat_login", ["user:read:email", "chat_login"]],
    ["https://api.example/read", ["https://api.example/read"]],
    ["a,b", ["a,b"]],
  ])("reads %j in its order", (text, scopes) => {
    expect(parseScope(text, rfc6749)).toEqual(scopes);
  });

  it("AR-17: drops repeats and keeps the first place", () => {
    expect(parseScope("b a b a", rfc6749)).toEqual(["b", "a"]);
  });

  it("separates by what the dialect separates by", () => {
    expect(parseScope("a,b", commas)).toEqual(["a", "b"]);
    expect(formatScope(["a", "b"], commas)).toBe("a,b");
    expect(formatScope(["a", "b"], rfc6749)).toBe("a b");
  });

  it.each(["a\nb", "a\tb", 'a"b', "a\\b", "é", "a\u00a0b", "\u0000"])("AR-16: refuses %j", (text) => {
    const error = refusal(() => parseScope(text, rfc6749));
    expect(error).toMatchObject({ code: "invalid_scope", reason: "scope_malformed" });
    expect(error.description).not.toContain(text);
  });

  it("AR-16: takes 100 scopes and 4,096 characters and no more", () => {
    const many = (count: number): string => Array.from({ length: count }, (_, index) => `s${index}`).join(" ");
    expect(parseScope(many(100), rfc6749)).toHaveLength(100);
    expect(refusal(() => parseScope(many(101), rfc6749)).code).toBe("invalid_scope");
    expect(refusal(() => parseScope(many(500), rfc6749)).code).toBe("invalid_scope");
    expect(parseScope("x".repeat(4_096), rfc6749)).toHaveLength(1);
    expect(refusal(() => parseScope("x".repeat(4_097), rfc6749)).code).toBe("invalid_scope");
  });

  it("throws nothing but OAuthError", () => {
    fc.assert(fc.property(anyText, (text) => onlyOurErrors(() => parseScope(text, rfc6749))));
  });
});

describe("parseScopeMember", () => {
  it.each([
    [
      ["a", "b"],
      ["a", "b"],
    ],
    ["a b", ["a", "b"]],
    ["a,b", ["a", "b"]],
    ["a, b", ["a", "b"]],
    [[""], []],
    [[], []],
    ["", []],
    [["a", 1, null, "a"], ["a"]],
    [null, undefined],
    [undefined, undefined],
    [7, undefined],
    [{ a: 1 }, undefined],
  ])("CT-18: reads %j", (value, scopes) => {
    expect(parseScopeMember(value)).toEqual(scopes);
  });
});
