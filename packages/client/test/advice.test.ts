import { errorCodes, FlowError, OAuthError } from "@codegrant/protocol";
import { describe, expect, it } from "vitest";
import { advise } from "../src/advice.ts";
import { hints } from "../src/advice-rows.ts";
import { userinfoRows } from "../src/calls/fetch-userinfo.ts";
import { deviceRows } from "../src/calls/finish-device-authorization.ts";
import { idTokenRows } from "../src/calls/grant-tokens.ts";
import { ownerRows } from "../src/calls/identify.ts";
import { revokeRows } from "../src/calls/revoke-token.ts";
import { listenerRows } from "../src/connect/browser-login.ts";
import { discoveryRows } from "../src/discover-provider.ts";
import { isConnectionError, twitch } from "../src/index.ts";

const context = { provider: twitch, redirectUri: "https://app.example/callback" };

/** Each with the rows of the one step that meets it; the others with none. */
const ownRows = {
  ...userinfoRows,
  ...revokeRows,
  ...deviceRows,
  ...idTokenRows,
  ...ownerRows,
  ...listenerRows,
  ...discoveryRows,
};
const codes = [...Object.values(hints), ownRows].flatMap((rows) => Object.keys(rows));

describe("advice", () => {
  it.each(Object.keys(errorCodes))("%s has a row of its own", (code) => {
    expect(codes).toContain(code);
  });

  it.each(codes)("%s says what to do, with its blanks filled in", (code) => {
    const error = code.startsWith("ERR_")
      ? new FlowError(code as FlowError["code"], "text")
      : new OAuthError(code, { description: "text" });
    const advised = advise(error, { ...context, rows: ownRows });
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
