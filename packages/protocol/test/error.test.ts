import { inspect } from "node:util";
import { errorCodes, FlowError, findErrorCode, OAuthError } from "@codegrant/protocol";
import { describe, expect, it } from "vitest";

const allowed = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

describe("the table of error codes", () => {
  it.each(Object.entries(errorCodes))("%s has a description RFC 6749 allows, a status and a place", (code, row) => {
    expect(row.description).toMatch(allowed);
    expect(row.description.length).toBeGreaterThan(10);
    expect(row.status).toBeGreaterThanOrEqual(400);
    expect(row.where.length).toBeGreaterThan(0);
    expect(row.section).toMatch(/^(RFC \d+|OpenID Connect Core), \d/);
    expect(code).toMatch(/^[a-z_]+$/);
  });

  it("gives every description to one code only, so that a dialect without codes loses none", () => {
    const descriptions = Object.values(errorCodes).map((row) => row.description);
    expect(new Set(descriptions).size).toBe(descriptions.length);
  });

  it.each([
    ["RFC 6749, 4.1.2.1", "invalid_request unauthorized_client access_denied unsupported_response_type invalid_scope"],
    ["RFC 6749, 4.1.2.1", "server_error temporarily_unavailable"],
    ["RFC 6749, 5.2", "invalid_client invalid_grant unsupported_grant_type"],
    ["RFC 6750, 3.1", "invalid_token insufficient_scope"],
    ["RFC 7009, 2.2.1", "unsupported_token_type"],
    ["RFC 8628, 3.5", "authorization_pending slow_down expired_token"],
    ["RFC 8707, 2", "invalid_target"],
    ["OpenID Connect Core", "login_required consent_required interaction_required request_uri_not_supported"],
  ])("knows the codes of %s: %s", (_, codes) => {
    for (const code of codes.split(" ")) expect(errorCodes).toHaveProperty(code);
  });
});

describe("OAuthError", () => {
  it("takes status and description from the table unless the thrower says otherwise", () => {
    expect(new OAuthError("invalid_client")).toMatchObject({
      status: 401,
      description: errorCodes.invalid_client.description,
    });
    expect(new OAuthError("slow_down", { status: 429, description: "Wait", retryAfterSeconds: 7 })).toMatchObject({
      status: 429,
      description: "Wait",
      retryAfterSeconds: 7,
      message: "slow_down: Wait",
    });
  });

  it("carries a code that nobody here knows", () => {
    expect(new OAuthError("redirect_mismatch")).toMatchObject({
      code: "redirect_mismatch",
      status: 400,
      description: "",
    });
  });

  it.each(["constructor", "__proto__", "toString"])("does not take %s for a row of the table", (code) => {
    expect(new OAuthError(code)).toMatchObject({ code, status: 400, description: "" });
    expect(findErrorCode(code)).toBeUndefined();
  });

  it.each([
    ["line\r\nbreak", "line??break"],
    ['say "no" \\ go', "say 'no' ' go"],
    ["größer", "gr??er"],
    ["x".repeat(5_000), "x".repeat(1_000)],
  ])("AR-29: cleans a description to the characters RFC 6749 allows: %j", (description, clean) => {
    const error = new OAuthError("invalid_request", { description, uri: description });
    expect(error.description).toBe(clean);
    expect(error.uri).toBe(clean);
    expect(new OAuthError(description).code).toMatch(allowed);
  });

  it("keeps the detail for whoever asks for it by name, out of every serialisation", () => {
    const cause = new TypeError("inner");
    const error = new OAuthError("invalid_grant", { reason: "code_invalid", detail: "grant 7 is over", cause });
    expect(error.detail).toBe("grant 7 is over");
    expect(error.cause).toBe(cause);
    for (const shown of [
      JSON.stringify(error),
      JSON.stringify(Object.assign({}, error)),
      inspect(Object.assign({}, error)),
      String(error),
    ]) {
      expect(shown).not.toContain("grant 7");
    }
    expect(error.toJSON()).toEqual({
      code: "invalid_grant",
      reason: "code_invalid",
      description: errorCodes.invalid_grant.description,
      status: 400,
    });
  });
});

describe("FlowError", () => {
  it("keeps code, status and cause", () => {
    const cause = new Error("reset");
    const error = new FlowError("ERR_NETWORK", "No answer", { cause, status: 502 });
    expect(error).toMatchObject({ name: "FlowError", code: "ERR_NETWORK", message: "No answer", status: 502, cause });
    expect(new FlowError("ERR_TIMEOUT", "No answer in time")).not.toHaveProperty("status");
  });
});
