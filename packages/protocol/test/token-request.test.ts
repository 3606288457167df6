import {
  type Dialect,
  deviceCodeGrantType,
  dialects,
  formatParameters,
  formatTokenRequest,
  kraken,
  parseParameters,
  parseTokenRequest,
  rfc6749,
  type TokenRequest,
  twitch,
} from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText, maybe, resource, scopes, visible } from "./arbitraries.ts";
import { onlyOurErrors, refusal } from "./thrown.ts";

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

const exchange: Record<string, string> = {
  grant_type: "authorization_code",
  code: "SplxlOBeZQQYbYS6WxSbIA",
  redirect_uri: "https://client.example.com/cb",
};

function parse(record: Record<string, string | readonly string[]>, dialect: Dialect = rfc6749): TokenRequest {
  return parseTokenRequest(parseParameters(formatParameters(record)), dialect);
}

describe("parseTokenRequest", () => {
  it.each(dialects)("reads the exchange of RFC 6749, 4.1.3, with and without PKCE, in $name", (dialect) => {
    const plain = {
      grantType: "authorization_code",
      code: "SplxlOBeZQQYbYS6WxSbIA",
      redirectUri: "https://client.example.com/cb",
    };
    expect(parse(exchange, dialect)).toEqual(plain);
    expect(parse({ ...exchange, code_verifier: verifier }, dialect)).toEqual({ ...plain, codeVerifier: verifier });
  });

  it("reads the refresh of RFC 6749, 6, and narrows it only where the dialect narrows", () => {
    const refresh = { grant_type: "refresh_token", refresh_token: "tGzv3JOkF0XG5Qx2TlKWIA" };
    const plain = { grantType: "refresh_token", refreshToken: "tGzv3JOkF0XG5Qx2TlKWIA" };
    expect(parse(refresh)).toEqual(plain);
    expect(parse({ ...refresh, scope: "a b" })).toEqual({ ...plain, scopes: ["a", "b"] });
    expect(parse({ ...refresh, scope: "a" }, twitch)).toEqual(plain);
    expect(parse({ ...refresh, scope: 'not"a scope' }, twitch)).toEqual(plain);
  });

  it("reads client credentials (RFC 6749, 4.4.2) and the device grant (RFC 8628, 3.4)", () => {
    expect(parse({ grant_type: "client_credentials" })).toEqual({ grantType: "client_credentials" });
    expect(
      parse({
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        device_code: "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
        client_id: "1406020730",
      }),
    ).toEqual({ grantType: "device_code", deviceCode: "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS" });
  });

  it("takes what oidc-agent, authlib and twitch-cli send beside it", () => {
    const more = { response_type: "code", state: "x", scopes: "a", force_verify: "true" };
    expect(parse({ ...exchange, ...more }, twitch)).toEqual(parse(exchange));
  });

  it("reads the resources of any grant (RFC 8707, 2.2)", () => {
    expect(parse({ ...exchange, resource: ["https://a.example/", "https://b.example/"] })).toMatchObject({
      resources: ["https://a.example/", "https://b.example/"],
    });
    expect(refusal(() => parse({ ...exchange, resource: "x" })).code).toBe("invalid_target");
  });

  it.each([
    ["grant_type", "invalid_request", "grant_type_missing"],
    ["code", "invalid_request", "code_missing"],
  ])("TP-12: %s left out or empty is %s", (name, code, reason) => {
    expect(refusal(() => parse({ ...exchange, [name]: "" }))).toMatchObject({ code, reason, status: 400 });
    expect(refusal(() => parse({ ...exchange, [name]: [] }))).toMatchObject({ code, reason, status: 400 });
  });

  it.each([
    [{ grant_type: "refresh_token" }, "refresh_token_missing"],
    [{ grant_type: "refresh_token", refresh_token: "" }, "refresh_token_missing"],
    [{ grant_type: deviceCodeGrantType }, "device_code_missing"],
  ])("TP-12: %j lacks what its grant needs", (record, reason) => {
    expect(refusal(() => parse(record as Record<string, string>))).toMatchObject({ code: "invalid_request", reason });
  });

  it("TP-12: an empty redirect URI or verifier is one left out; Twitch's dialects need the redirect URI", () => {
    const empty = { ...exchange, redirect_uri: "", code_verifier: "" };
    expect(parse(empty)).toEqual({ grantType: "authorization_code", code: exchange["code"] });
    for (const dialect of [twitch, kraken]) {
      expect(refusal(() => parse(empty, dialect))).toMatchObject({
        code: "invalid_request",
        reason: "redirect_uri_missing",
      });
    }
  });

  const once = [
    "code",
    "client_id",
    "client_secret",
    "grant_type",
    "redirect_uri",
    "code_verifier",
    "scope",
    "refresh_token",
  ];
  it.each([...once, "device_code"])("TP-05: refuses %s twice", (name) => {
    for (const values of [
      [verifier, verifier],
      ["a", "b"],
      ["authorization_code", ""],
    ]) {
      expect(refusal(() => parse({ ...exchange, [name]: values }))).toMatchObject({
        code: "invalid_request",
        reason: "parameter_repeated",
      });
    }
  });

  it.each(["code[]=x", "code[a]=x", "__proto__[admin]=1", "constructor[prototype][x]=1"])(
    "TP-06: %s is no code",
    (pair) => {
      const parameters = parseParameters(`grant_type=authorization_code&${pair}`);
      expect(refusal(() => parseTokenRequest(parameters, rfc6749))).toMatchObject({
        status: 400,
        reason: "code_missing",
      });
    },
  );

  it.each(["password", "implicit", "constructor", "__proto__", "toString", "Authorization_Code", "device_code"])(
    "TP-04: does not know the grant %s",
    (grantType) => {
      expect(refusal(() => parse({ ...exchange, grant_type: grantType }))).toMatchObject({
        code: "unsupported_grant_type",
        status: 400,
      });
    },
  );

  it.each(["a", "a".repeat(42), "a".repeat(129), `${verifier}é`, `${verifier} `])(
    "PK-12: refuses the verifier %j",
    (bad) => {
      expect(refusal(() => parse({ ...exchange, code_verifier: bad }))).toMatchObject({
        code: "invalid_request",
        reason: "code_verifier_malformed",
      });
    },
  );

  it("TP-18: repeats no value in an error", () => {
    for (const change of [{ code: ["marker", "marker"] }, { grant_type: "marker" }, { code_verifier: "marker" }]) {
      const error = refusal(() => parse({ ...exchange, ...change }));
      expect(error.message + JSON.stringify(error) + String(error.detail)).not.toContain("marker");
    }
  });
});

describe.each(dialects)("both ways, in $name", (dialect) => {
  const redirectUri = dialect.redirectUri.requiredAtToken
    ? visible.map((uri) => ({ redirectUri: uri }))
    : maybe("redirectUri", visible);
  const someScopes = scopes.filter((list) => list.length > 0);
  const narrowing = dialect.scope.narrowsAtRefresh ? maybe("scopes", someScopes) : fc.constant({});
  const codeVerifier = fc.string({ unit: fc.constantFrom(...Array.from("abc-._~+/=")), minLength: 43, maxLength: 128 });
  const request: fc.Arbitrary<TokenRequest> = fc
    .oneof(
      fc
        .tuple(visible, redirectUri, maybe("codeVerifier", codeVerifier))
        .map(([code, uri, proof]) => ({ grantType: "authorization_code" as const, code, ...uri, ...proof })),
      fc
        .tuple(visible, narrowing)
        .map(([refreshToken, scope]) => ({ grantType: "refresh_token" as const, refreshToken, ...scope })),
      maybe("scopes", someScopes).map((scope) => ({ grantType: "client_credentials" as const, ...scope })),
      visible.map((deviceCode) => ({ grantType: "device_code" as const, deviceCode })),
    )
    .chain((one) =>
      maybe("resources", fc.uniqueArray(resource, { minLength: 1, maxLength: 8 })).map((more) => ({ ...one, ...more })),
    );

  it("a token request arrives as it was sent", () => {
    fc.assert(
      fc.property(request, (one) => {
        expect(parseTokenRequest(parseParameters(formatParameters(formatTokenRequest(one, dialect))), dialect)).toEqual(
          one,
        );
      }),
    );
  });

  it("nothing but OAuthError is thrown on any input", () => {
    const names = fc.constantFrom(
      "grant_type",
      "code",
      "redirect_uri",
      "code_verifier",
      "refresh_token",
      "scope",
      "resource",
    );
    const values = fc.oneof(visible, fc.constantFrom("authorization_code", "refresh_token", deviceCodeGrantType));
    fc.assert(
      fc.property(fc.dictionary(names, fc.array(values, { maxLength: 2 })), anyText, (record, noise) =>
        onlyOurErrors(() => parseTokenRequest(parseParameters(`${formatParameters(record)}&${noise}`), dialect)),
      ),
    );
  });
});
