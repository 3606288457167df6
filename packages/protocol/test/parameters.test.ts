import { formatParameters, mergeParameters, parseParameters, single } from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText, text } from "./arbitraries.ts";
import { onlyOurErrors, refusal } from "./thrown.ts";

describe("parseParameters", () => {
  it("reads names and values, with plus as a space", () => {
    const parameters = parseParameters("scope=user_read+chat_login&state=a%2Bb%3D%26&&empty=&flag");
    expect(parameters.get("scope")).toBe("user_read chat_login");
    expect(parameters.get("state")).toBe("a+b=&");
    expect(parameters.names()).toEqual(["scope", "state", "empty", "flag"]);
  });

  it("reads everything after the first equals sign as the value", () => {
    expect(parseParameters("a=b=c").get("a")).toBe("b=c");
  });

  it.each(["scope=", "scope", "scope=&x=1"])("AR-14, TP-12: takes an empty value for a missing one: %s", (query) => {
    const parameters = parseParameters(query);
    expect(parameters.get("scope")).toBeUndefined();
    expect(single(parameters, "scope")).toBeUndefined();
    expect(parameters.has("scope")).toBe(true);
    expect(parameters.has("state")).toBe(false);
  });

  it.each([
    ["code=a&code=a", ["a", "a"]],
    ["code=a&code=b", ["a", "b"]],
    ["code=a&code=", ["a", ""]],
    ["code&code", ["", ""]],
    ["code=a&%63ode=b", ["a", "b"]],
  ])("AR-09, TP-05: refuses a name that comes twice, and gives nobody one of its values: %s", (query, all) => {
    const parameters = parseParameters(query);
    expect(parameters.repeated("code")).toBe(true);
    expect(parameters.get("code")).toBeUndefined();
    expect(parameters.all("code")).toEqual(all);
    expect(refusal(() => single(parameters, "code"))).toMatchObject({
      code: "invalid_request",
      reason: "parameter_repeated",
      status: 400,
    });
  });

  it.each([
    "scope[]=a",
    "scope[a]=b",
    "client_id[]=x",
    "__proto__[x]=1",
    "constructor=1",
    "state[toString]=x",
    "__proto__=1",
    "code[]=x",
    "constructor[prototype][x]=1",
  ])("AR-12, TP-06: brackets and prototype names are names like any other: %s", (query) => {
    const parameters = parseParameters(query);
    for (const name of ["scope", "client_id", "state", "code", "toString", "x", "hasOwnProperty"]) {
      expect(parameters.has(name)).toBe(false);
      expect(parameters.get(name)).toBeUndefined();
      expect(parameters.all(name)).toEqual([]);
    }
    expect(parameters.names()).toHaveLength(1);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  const broken = [
    "%zz",
    "%",
    "%4",
    "%c0%80",
    "%ff",
    "%ed%a0%80",
    "%00",
    "%0d%0a",
    "%09",
    "%1b",
    "%7f",
    "\0",
    "\n",
    "\ud800",
    "\udc00x",
    "\udc00\udc00",
    "\ufffd",
  ];
  const names = ["client_id", "redirect_uri", "response_type", "state", "code_challenge", "code", "unknown"];

  it.each(broken)("AR-26, TP-13: refuses %j in any value and in a name", (value) => {
    for (const query of [...names.map((name) => `a=1&${name}=x${value}`), `x${value}=1`]) {
      expect(refusal(() => parseParameters(query))).toMatchObject({
        code: "invalid_request",
        reason: "parameter_malformed",
      });
    }
  });

  it("AR-16: leaves control characters in a scope to the scope's grammar, whose error belongs to the application", () => {
    expect(parseParameters("scope=a%0Ab").get("scope")).toBe("a\nb");
    expect(refusal(() => parseParameters("scope=%zz")).reason).toBe("parameter_malformed");
  });

  it("reads UTF-8, encoded or not", () => {
    expect(parseParameters("state=%C3%A9%F0%9F%98%80").get("state")).toBe("é😀");
    expect(parseParameters("state=é😀").get("state")).toBe("é😀");
  });

  it("TP-14: takes 64 parameters and 32 KiB of text and no more", () => {
    const many = (count: number): string => Array.from({ length: count }, (_, index) => `p${index}=1`).join("&");
    expect(parseParameters(many(64)).names()).toHaveLength(64);
    expect(refusal(() => parseParameters(many(65))).reason).toBe("parameters_too_many");
    expect(refusal(() => parseParameters(`a=${"1&a=".repeat(64)}`)).reason).toBe("parameters_too_many");
    expect(parseParameters(`a=${"x".repeat(32_766)}`).get("a")).toHaveLength(32_766);
    expect(refusal(() => parseParameters(`a=${"x".repeat(32_767)}`)).reason).toBe("parameters_too_long");
    expect(refusal(() => parseParameters("a=1&b=2", { maximumCount: 1 })).reason).toBe("parameters_too_many");
    expect(refusal(() => parseParameters("a=1", { maximumLength: 2 })).reason).toBe("parameters_too_long");
  });

  it("never repeats a value in an error", () => {
    expect(refusal(() => parseParameters("code=marker%zz")).message).not.toContain("marker");
    expect(refusal(() => single(parseParameters("code=marker&code=marker"), "code")).message).not.toContain("marker");
  });
});

describe("mergeParameters", () => {
  it("takes a name that stands in both places for a repeated one, whatever its values", () => {
    const merged = mergeParameters(parseParameters("a=1&b=2&c="), parseParameters("b=2&c=3&d=4&e=5&e=6"));
    expect(merged.get("a")).toBe("1");
    expect(merged.get("d")).toBe("4");
    for (const name of ["b", "c", "e"]) expect(merged.repeated(name)).toBe(true);
    expect(merged.names()).toEqual(["a", "b", "c", "d", "e"]);
  });
});

describe("formatParameters", () => {
  it("keeps the order, repeats lists and leaves out what is undefined", () => {
    expect(formatParameters({ b: "x y", a: undefined, r: ["1", "2"], "n=": "&" })).toBe("b=x+y&r=1&r=2&n%3D=%26");
    expect(formatParameters({})).toBe("");
  });

  it("writes what parseParameters reads", () => {
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 10 }), (record) => {
        const parameters = parseParameters(formatParameters(record));
        expect(parameters.names()).toEqual(Object.keys(record));
        for (const [name, value] of Object.entries(record)) expect(parameters.get(name)).toBe(value);
      }),
    );
  });
});

describe("on any text", () => {
  it("throws nothing but OAuthError", () => {
    const unit = fc.oneof(fc.constantFrom(...Array.from("&=+%0cz\u0000\ud800é")), anyText);
    fc.assert(fc.property(fc.string({ unit, maxLength: 60 }), (query) => onlyOurErrors(() => parseParameters(query))));
  });
});
