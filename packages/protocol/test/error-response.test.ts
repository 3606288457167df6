import {
  dialects,
  type ErrorReason,
  errorCodes,
  FlowError,
  formatErrorResponse,
  helix,
  kraken,
  OAuthError,
  parseErrorResponse,
  rfc6749,
  twitch,
} from "@codegrant/protocol";
import { describe, expect, it } from "vitest";
import { thrown } from "./thrown.ts";

const contentType = "application/json";

describe("formatErrorResponse", () => {
  it("writes RFC 6749, 5.2, and never the detail", () => {
    const error = new OAuthError("invalid_request", { detail: "secret detail", uri: "https://as.example/docs" });
    const { status, body } = formatErrorResponse(error, rfc6749);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({
      error: "invalid_request",
      error_description: errorCodes.invalid_request.description,
      error_uri: "https://as.example/docs",
    });
    for (const dialect of dialects) expect(formatErrorResponse(error, dialect).body).not.toContain("secret");
  });

  it.each([
    ["invalid_client", "client_id_missing", 400, "missing client id"],
    ["invalid_client", "client_unknown", 400, "invalid client"],
    ["invalid_client", "client_secret_missing", 400, "missing client secret"],
    ["invalid_client", "client_secret_wrong", 403, "invalid client secret"],
    ["invalid_grant", "code_invalid", 400, "Invalid authorization code"],
    ["invalid_grant", "redirect_uri_mismatch", 400, "Parameter redirect_uri does not match registered URI"],
    ["invalid_grant", "refresh_token_invalid", 400, "Invalid refresh token"],
    ["invalid_grant", "device_code_invalid", 400, "invalid device code"],
    ["authorization_pending", "authorization_pending", 400, "authorization_pending"],
    ["invalid_token", "access_token_invalid", 401, "invalid access token"],
    ["invalid_token", "access_token_missing", 401, "missing authorization token"],
    ["invalid_request", "revoke_token_invalid", 400, "Invalid token"],
    ["invalid_client", "revoke_client_unknown", 404, "client does not exist"],
  ] as [string, ErrorReason, number, string][])(
    "writes %s/%s as Twitch does: %i %s",
    (code, reason, status, message) => {
      expect(formatErrorResponse(new OAuthError(code, { reason }), twitch)).toEqual({
        status,
        body: JSON.stringify({ status, message }),
      });
    },
  );

  it("writes Kraken's and Helix's envelope with the reason phrase", () => {
    const error = new OAuthError("invalid_token", { reason: "access_token_invalid" });
    expect(JSON.parse(formatErrorResponse(error, kraken).body)).toEqual({
      error: "Unauthorized",
      status: 401,
      message: "Token invalid or missing required scope",
    });
    expect(JSON.parse(formatErrorResponse(error, helix).body)).toEqual({
      error: "Unauthorized",
      status: 401,
      message: "Invalid OAuth token",
    });
  });

  it("lets a status and a description stand that the thrower chose", () => {
    const tooMany = new OAuthError("slow_down", { status: 429, retryAfterSeconds: 3 });
    for (const dialect of dialects) expect(formatErrorResponse(tooMany, dialect).status).toBe(429);
    const openid = new OAuthError("invalid_scope", { description: "openid is not offered here yet" });
    for (const dialect of dialects)
      expect(formatErrorResponse(openid, dialect).body).toContain("openid is not offered here yet");
  });

  it("writes a code nobody knows where the dialect has codes", () => {
    const { status, body } = formatErrorResponse(new OAuthError("brand_new"), rfc6749);
    expect([status, body]).toEqual([400, '{"error":"brand_new"}']);
  });
});

describe("parseErrorResponse", () => {
  it("reads the error of RFC 6749, 5.2", () => {
    const error = parseErrorResponse({ status: 400, contentType, body: '{"error":"invalid_request"}' }, rfc6749);
    expect(error).toMatchObject({ code: "invalid_request", status: 400 });
  });

  it.each([
    ['{"status":400,"message":"Missing client id"}', 400, "invalid_client", "client_id_missing"],
    ['{"status":400,"message":"invalid client"}\n', 400, "invalid_client", "client_unknown"],
    ['{"status":401,"message":"Invalid refresh token"}', 401, "invalid_grant", "refresh_token_invalid"],
    [
      '{"error":"Bad Request","status":400,"message":"Invalid refresh token"}',
      400,
      "invalid_grant",
      "refresh_token_invalid",
    ],
    ['{"status":403,"message":"invalid client secret"}', 403, "invalid_client", "client_secret_wrong"],
    ['{"status":500,"message":"Missing column authorization_id from item map[]"}', 500, "server_error", undefined],
    ['{"status":503,"message":"x"}', 503, "temporarily_unavailable", undefined],
    ['{"status":429,"message":"x"}', 429, "slow_down", undefined],
    ['{"status":400,"message":"never heard"}', 400, "invalid_request", undefined],
    ['{"status":401,"message":"never heard"}', 401, "invalid_token", undefined],
    ['{"status":403,"message":"never heard"}', 403, "access_denied", undefined],
  ])("reads Twitch's %s", (body, status, code, reason) => {
    const error = parseErrorResponse({ status, contentType, body }, twitch);
    expect(error).toMatchObject({ code, status });
    expect(error.reason).toBe(reason);
  });

  it.each(["<html>502</html>", "", "{}", '{"hello":"world"}'])("is no error that says anything: %j", (body) => {
    for (const dialect of dialects) {
      expect(thrown(() => parseErrorResponse({ status: 400, body }, dialect))).toBeInstanceOf(FlowError);
    }
  });
});

describe.each(dialects)("both ways, in $name", (dialect) => {
  it.each(Object.keys(errorCodes))("%s keeps code and status", (code) => {
    const sent = new OAuthError(code);
    const { status, body } = formatErrorResponse(sent, dialect);
    const heard = parseErrorResponse({ status, contentType, body }, dialect);
    const text = dialect.error.members.code === undefined ? {} : { description: sent.description };
    expect(heard).toMatchObject({ code, status, ...text });
  });

  it("every text of the dialect is found again", () => {
    for (const { code, reason, message, status } of dialect.error.messages) {
      const sent = formatErrorResponse(new OAuthError(code, reason === undefined ? {} : { reason }), dialect);
      expect(sent).toMatchObject({ status });
      expect(sent.body).toContain(JSON.stringify(message));
      expect(parseErrorResponse({ ...sent, contentType }, dialect).code).toBe(code);
    }
  });
});
