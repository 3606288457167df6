import {
  dialects,
  errorCodes,
  formatAuthorizationError,
  formatAuthorizationResponse,
  kraken,
  OAuthError,
  parseAuthorizationResponse,
  parseParameters,
  rfc6749,
  twitch,
} from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText, description, maybe, scopes, text, visible } from "./arbitraries.ts";
import { onlyOurErrors, refusal } from "./thrown.ts";

const parse = (query: string, dialect = rfc6749) => parseAuthorizationResponse(parseParameters(query), dialect);

describe("formatAuthorizationResponse", () => {
  const approval = {
    code: "SplxlOBeZQQYbYS6WxSbIA",
    scopes: ["chat:read"],
    state: "xyz",
    issuer: "https://as.example",
  };

  it("AR-28: says the issuer once where the dialect does, the scope where the dialect does", () => {
    expect(formatAuthorizationResponse(approval, rfc6749)).toBe(
      "code=SplxlOBeZQQYbYS6WxSbIA&state=xyz&iss=https%3A%2F%2Fas.example",
    );
    for (const dialect of [twitch, kraken]) {
      expect(formatAuthorizationResponse(approval, dialect)).toBe(
        "code=SplxlOBeZQQYbYS6WxSbIA&scope=chat%3Aread&state=xyz",
      );
    }
  });

  it("sends no state that was not sent", () => {
    expect(formatAuthorizationResponse({ code: "c" }, twitch)).toBe("code=c");
  });
});

describe("formatAuthorizationError", () => {
  it("says a refusal the way Twitch always did", () => {
    const error = new OAuthError("access_denied", { reason: "user_denied", detail: "secret detail" });
    expect(formatAuthorizationError({ error, state: "xyz", issuer: "i" }, twitch)).toBe(
      "error=access_denied&error_description=The+user+denied+you+access&state=xyz",
    );
    expect(formatAuthorizationError({ error, state: "xyz", issuer: "https://as.example" }, rfc6749)).toBe(
      "error=access_denied&error_description=The+user+denied+you+access&state=xyz&iss=https%3A%2F%2Fas.example",
    );
  });
});

describe("parseAuthorizationResponse", () => {
  it("reads the answers of RFC 6749, 4.1.2 and 4.1.2.1", () => {
    expect(parse("code=SplxlOBeZQQYbYS6WxSbIA&state=xyz")).toEqual({
      kind: "code",
      code: "SplxlOBeZQQYbYS6WxSbIA",
      state: "xyz",
    });
    expect(parse("error=access_denied&state=xyz")).toMatchObject({
      kind: "error",
      error: { code: "access_denied" },
      state: "xyz",
    });
  });

  it("reads Twitch's refusals, also the one for a redirect URI that nobody registered", () => {
    const denied = parse("error=access_denied&error_description=The+user+denied+you+access&state=x", twitch);
    expect(denied).toMatchObject({ kind: "error", error: { code: "access_denied", reason: "user_denied" } });
    const query = "error=redirect_mismatch&error_description=Parameter+redirect_uri+does+not+match+registered+URI";
    expect(parse(query, twitch)).toMatchObject({
      kind: "error",
      error: { code: "redirect_mismatch", reason: "redirect_uri_mismatch" },
    });
  });

  it("reads the scope wherever it is sent, with commas too, and an empty one as none", () => {
    expect(parse("code=c&scope=a,b", rfc6749)).toMatchObject({ scopes: ["a", "b"] });
    expect(parse("code=c&scope=", twitch)).toMatchObject({ scopes: [] });
    expect(parse("code=c", twitch)).not.toHaveProperty("scopes");
  });

  it.each([
    ["CC-06", "code=a&error=access_denied"],
    ["CC-06", "code=a&code=a"],
    ["CC-06", "code=a&state=x&state=x"],
    ["CC-06", "code=a&iss=x&iss=x"],
    ["CC-06", "error=a&error=a"],
    ["neither", "state=x"],
    ["neither", ""],
    ["empty", "code=&error="],
  ])("%s: refuses %s", (_, query) => {
    expect(refusal(() => parse(query))).toMatchObject({ code: "invalid_request" });
  });

  it("CC-18: shows a hostile description as harmless text", () => {
    const response = parse("error=x&error_description=%3Cimg+src=x+onerror=%22alert(1)%22%3E%E2%80%AE");
    expect(response).toMatchObject({ error: { description: "<img src=x onerror='alert(1)'>?" } });
  });

  it("throws nothing but OAuthError on any query", () => {
    const piece = fc.oneof(anyText, fc.constantFrom("code=", "&", "error=", "state=x", "%", "iss=", "scope=,"));
    fc.assert(fc.property(fc.array(piece), (pieces) => onlyOurErrors(() => parse(pieces.join("")))));
  });
});

describe.each(dialects)("both ways, in $name", (dialect) => {
  const { scopeInResponse, issuerInResponse } = dialect.authorize;
  const rest = fc
    .tuple(maybe("state", text), issuerInResponse ? maybe("issuer", visible) : fc.constant({}))
    .map(([state, issuer]) => ({ ...state, ...issuer }));

  it("an approval arrives as it was sent", () => {
    const granted = scopeInResponse ? maybe("scopes", scopes) : fc.constant({});
    fc.assert(
      fc.property(visible, granted, rest, (code, scope, others) => {
        const approval = { code, ...scope, ...others };
        const query = formatAuthorizationResponse(approval, dialect);
        expect(parse(query, dialect)).toEqual({ kind: "code", ...approval });
      }),
    );
  });

  it.each(Object.keys(errorCodes))("%s arrives as it was sent", (code) => {
    fc.assert(
      fc.property(fc.option(description), rest, (words, others) => {
        const error = new OAuthError(code, words === null ? {} : { description: words });
        const response = parse(formatAuthorizationError({ error, ...others }, dialect), dialect);
        const { description: said, status } = error;
        expect(response).toMatchObject({ kind: "error", error: { code, description: said, status }, ...others });
      }),
      { numRuns: 10 },
    );
  });
});
