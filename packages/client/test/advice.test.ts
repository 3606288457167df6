import { errorCodes, FlowError, OAuthError } from "@codegrant/protocol";
import { describe, expect, it } from "vitest";
import { advise } from "../src/advice.ts";
import { adviceRows } from "../src/advice-rows.ts";
import { isConnectionError, twitch } from "../src/index.ts";

const context = { provider: twitch, redirectUri: "https://app.example/callback" };

describe("advice", () => {
  it.each(Object.keys(errorCodes))("%s has a row of its own", (code) => {
    expect(adviceRows).toHaveProperty(code);
  });

  it.each(Object.keys(adviceRows))("%s says what to do, with its blanks filled in", (code) => {
    const error = code.startsWith("ERR_")
      ? new FlowError(code as FlowError["code"], "text")
      : new OAuthError(code, { description: "text" });
    const advised = advise(error, context);
    if (!isConnectionError(advised)) throw new Error("no advice");
    expect(advised.hint).toMatch(/^[A-Z].{10,}\S$/s);
    expect(advised.hint).not.toMatch(/[{}]/);
    expect(advised.provider).toBe("twitch");
  });

  it("is given once: what was advised nearer to the error stands", () => {
    const error = advise(new OAuthError("invalid_grant", { reason: "redirect_uri_mismatch" }), context);
    expect(advise(error, { provider: { name: "other", title: "Other" } })).toMatchObject({ provider: "twitch" });
  });

  it("leaves a bug as it is", () => {
    const bug = new TypeError("undefined is not a function");
    expect(advise(bug, context)).toBe(bug);
    expect(isConnectionError(bug)).toBe(false);
    expect(isConnectionError(new OAuthError("invalid_grant"))).toBe(false);
  });
});
