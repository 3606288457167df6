import { createHash } from "node:crypto";
import {
  formatParameters,
  isCodeChallenge,
  isCodeVerifier,
  parseCodeChallenge,
  parseParameters,
} from "@codegrant/protocol";
import { describe, expect, it } from "vitest";
import { refusal } from "./thrown.ts";

/** RFC 7636, appendix B. */
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

function parse(record: Record<string, string>): string | undefined {
  return parseCodeChallenge(parseParameters(formatParameters(record)));
}

describe("parseCodeChallenge", () => {
  it("takes the challenge of RFC 7636, appendix B, and S256 only", () => {
    expect(parse({ code_challenge: challenge, code_challenge_method: "S256" })).toBe(challenge);
    expect(createHash("sha256").update(verifier).digest("base64url")).toBe(challenge);
    expect(parse({})).toBeUndefined();
    expect(parse({ code_challenge: "", code_challenge_method: "" })).toBeUndefined();
  });

  it.each([
    ["PK-03", { code_challenge: challenge }, "code_challenge_method_unsupported"],
    ["PK-03", { code_challenge: challenge, code_challenge_method: "plain" }, "code_challenge_method_unsupported"],
    ...["s256", "S256 ", "S512", "sha256", "S-256"].map(
      (method) =>
        [
          "PK-05",
          { code_challenge: challenge, code_challenge_method: method },
          "code_challenge_method_unsupported",
        ] as const,
    ),
    ["PK-06", { code_challenge_method: "S256" }, "code_challenge_missing"],
    ["AR-14", { code_challenge: "", code_challenge_method: "S256" }, "code_challenge_missing"],
    ...[
      challenge.slice(1),
      `${challenge}a`,
      "a".repeat(129),
      `${challenge.slice(1)}+`,
      `${challenge.slice(1)}/`,
      `${challenge.slice(1)}=`,
      `${challenge.slice(1)} `,
      `${challenge.slice(1)}é`,
    ].map(
      (text) => ["PK-07", { code_challenge: text, code_challenge_method: "S256" }, "code_challenge_malformed"] as const,
    ),
  ] as [string, Record<string, string>, string][])("%s: refuses %j", (_, record, reason) => {
    expect(refusal(() => parse(record))).toMatchObject({ code: "invalid_request", reason });
  });

  it.each(["code_challenge", "code_challenge_method"])("AR-11: refuses %s twice", (name) => {
    const query = `code_challenge=${challenge}&code_challenge_method=S256&${name}=S256`;
    expect(refusal(() => parseCodeChallenge(parseParameters(query))).reason).toBe("parameter_repeated");
  });
});

describe("isCodeVerifier", () => {
  it.each([
    ["RFC 7636, appendix B", verifier, true],
    ["the shortest", "a".repeat(43), true],
    ["the longest", "a".repeat(128), true],
    ["base64 with + / =, as git-credential-oauth sends it", `${"a+/".repeat(14)}a=`, true],
    ["PK-12: one character", "a", false],
    ["PK-12: 42 characters", "a".repeat(42), false],
    ["PK-12: 129 characters", "a".repeat(129), false],
    ["PK-12: a space", `${"a".repeat(43)} `, false],
    ["PK-12: a letter outside ASCII", `${"a".repeat(43)}é`, false],
    ["PK-17: a newline at the end", `${verifier}\n`, false],
    ["PK-17: a NUL", `${verifier}\0`, false],
    ["nothing", "", false],
  ])("%s", (_, text, is) => {
    expect(isCodeVerifier(text)).toBe(is);
  });
});

describe("isCodeChallenge", () => {
  it.each([
    [challenge, true],
    [`${challenge}\n`, false],
    ["", false],
  ])("%j: %s", (text, is) => {
    expect(isCodeChallenge(text)).toBe(is);
  });
});
