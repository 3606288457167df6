import {
  type AuthorizationRequest,
  type Dialect,
  dialects,
  formatAuthorizationRequest,
  formatParameters,
  kraken,
  type Prompt,
  parseAuthorizationRequest,
  parseParameters,
  rfc6749,
  stateOf,
  twitch,
} from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText, base64url43, maybe, resource, scopes, text, visible } from "./arbitraries.ts";
import { onlyOurErrors, refusal } from "./thrown.ts";

const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/** RFC 6749, 4.1.1, and a scope, so that it is a request in every dialect. */
const plain: Record<string, string> = {
  response_type: "code",
  client_id: "s6BhdRkqt3",
  redirect_uri: "https://client.example.com/cb",
  scope: "read write",
  state: "xyz",
};

function parse(
  change: Record<string, string | readonly string[] | undefined>,
  dialect: Dialect = rfc6749,
): AuthorizationRequest {
  return parseAuthorizationRequest(parseParameters(formatParameters({ ...plain, ...change })), dialect);
}

describe("parseAuthorizationRequest", () => {
  it.each(dialects)("reads the request of RFC 6749, 4.1.1, in $name", (dialect) => {
    expect(parse({}, dialect)).toEqual({
      clientId: "s6BhdRkqt3",
      redirectUri: "https://client.example.com/cb",
      scopes: ["read", "write"],
      state: "xyz",
      prompt: [],
      forceConsent: false,
      resources: [],
      extra: {},
    });
  });

  it("reads the seed's request, whose scopes are glued with plus", () => {
    const query =
      "response_type=code&client_id=abc&redirect_uri=http://localhost/&scope=user_read+chat_login&state=x&force_verify=true";
    expect(parseAuthorizationRequest(parseParameters(query), kraken)).toMatchObject({
      redirectUri: "http://localhost/",
      scopes: ["user_read", "chat_login"],
      forceConsent: true,
    });
  });

  it.each([
    ["AR-04", { response_type: undefined }, "invalid_request", "response_type_missing"],
    ["AR-14", { response_type: "" }, "invalid_request", "response_type_missing"],
    ...["CODE", "code ", " code", "code,code", "code code", "token", "nonsense", "code id_token"].map(
      (type) => ["AR-08", { response_type: type }, "unsupported_response_type", "response_type_unsupported"] as const,
    ),
    ...[
      "response_type",
      "scope",
      "state",
      "code_challenge",
      "prompt",
      "response_mode",
      "client_id",
      "redirect_uri",
    ].map((name) => ["AR-11", { [name]: ["code", "code"] }, "invalid_request", "parameter_repeated"] as const),
    ["AR-16", { scope: 'a"b' }, "invalid_scope", "scope_malformed"],
    ["AR-16", { scope: "a\nb" }, "invalid_scope", "scope_malformed"],
    [
      "AR-16",
      { scope: Array.from({ length: 500 }, (_, index) => `s${index}`).join(" ") },
      "invalid_scope",
      "scope_malformed",
    ],
    ["AR-19", { state: "x".repeat(20_000) }, "invalid_request", "state_too_long"],
    ["AR-23", { request: "eyJ" }, "request_not_supported", "request_object_unsupported"],
    ["AR-23", { request_uri: "https://attacker.example/x" }, "request_uri_not_supported", "request_object_unsupported"],
    ...["fragment", "form_post", "web_message", "jwt", "xyz"].map(
      (mode) => ["AR-24", { response_mode: mode }, "invalid_request", "response_mode_unsupported"] as const,
    ),
    ["PK-03", { code_challenge: challenge }, "invalid_request", "code_challenge_method_unsupported"],
    ["PK-06", { code_challenge_method: "S256" }, "invalid_request", "code_challenge_missing"],
    ["prompt", { prompt: "none login" }, "invalid_request", "prompt_malformed"],
    ["prompt", { prompt: "NONE" }, "invalid_request", "prompt_malformed"],
    ["prompt", { prompt: "login  consent" }, "invalid_request", "prompt_malformed"],
    ["RFC 8707, 2", { resource: "/relative" }, "invalid_target", "resource_malformed"],
    ["RFC 8707, 2", { resource: "https://api.example/#x" }, "invalid_target", "resource_malformed"],
    ["RFC 8707, 2", { resource: "https://api.example/ x" }, "invalid_target", "resource_malformed"],
    ["RFC 8707, 2", { resource: `https://api.example/${"x".repeat(2_000)}` }, "invalid_target", "resource_malformed"],
    [
      "RFC 8707, 2",
      { resource: Array.from({ length: 9 }, (_, index) => `https://api${index}.example/`) },
      "invalid_target",
      "resource_malformed",
    ],
    ["client", { client_id: undefined }, "invalid_request", "client_id_missing"],
    ["AR-03", { redirect_uri: "" }, "invalid_request", "redirect_uri_missing"],
  ] as [string, Record<string, string | readonly string[] | undefined>, string, string][])(
    "%s: %j is %s",
    (_, change, code, reason) => {
      expect(refusal(() => parse(change))).toMatchObject({ code, reason });
    },
  );

  it("needs the scope key where the dialect says so, though not a value", () => {
    for (const dialect of [twitch, kraken]) {
      expect(refusal(() => parse({ scope: undefined }, dialect))).toMatchObject({
        code: "invalid_request",
        reason: "scope_missing",
      });
      expect(parse({ scope: "" }, dialect).scopes).toEqual([]);
    }
    expect(parse({ scope: undefined }, rfc6749).scopes).toEqual([]);
  });

  it("AR-17: the order of parameters and repeats in the scope change nothing", () => {
    const reversed = Object.fromEntries(Object.entries(plain).toReversed());
    const request = parseAuthorizationRequest(
      parseParameters(formatParameters({ ...reversed, scope: "read write read" })),
      rfc6749,
    );
    expect(request).toEqual(parse({}));
  });

  it("AR-11: ignores unknown parameters, even repeated ones, and hands over the single ones", () => {
    expect(parse({ nonce: "n", audience: ["a", "b"], login_hint: "" }).extra).toEqual({ nonce: "n" });
  });

  it("AR-12: a parameter named like a prototype is a plain name", () => {
    const { extra } = parse({ ["__proto__"]: "x", constructor: "y" });
    expect(Object.keys(extra).toSorted()).toEqual(["__proto__", "constructor"]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it("AR-19: a state of 2,000 characters arrives whole", () => {
    expect(parse({ state: "x".repeat(2_000) }).state).toHaveLength(2_000);
    expect(parse({ state: "x".repeat(4_096) }).state).toHaveLength(4_096);
  });

  it("reads prompt where it has a meaning, the dialect's own parameter where that has one", () => {
    expect(parse({ prompt: "login consent" })).toMatchObject({ prompt: ["login", "consent"], forceConsent: true });
    expect(parse({ prompt: "none" })).toMatchObject({ prompt: ["none"], forceConsent: false });
    expect(parse({ prompt: "nonsense" }, twitch)).toMatchObject({ prompt: [], forceConsent: false });
    expect(parse({ force_verify: "true" }, twitch).forceConsent).toBe(true);
    for (const value of ["false", "TRUE", "1", ""])
      expect(parse({ force_verify: value }, twitch).forceConsent).toBe(false);
    expect(parse({ force_verify: "true" }, rfc6749).forceConsent).toBe(false);
    expect(refusal(() => parse({ force_verify: ["true", "true"] }, twitch)).reason).toBe("parameter_repeated");
  });

  it("drops repeated and empty resources", () => {
    const uri = "https://api.example/";
    expect(parse({ resource: [uri, uri, "", "urn:x:y"] }).resources).toEqual([uri, "urn:x:y"]);
  });
});

describe("formatAuthorizationRequest", () => {
  const request = {
    clientId: "s6BhdRkqt3",
    redirectUri: "https://client.example.com/cb",
    scopes: ["user:read:email", "chat:read"],
    state: "xyz",
  };

  it("writes the parameters in one order, for a person to read and compare", () => {
    expect(formatAuthorizationRequest({ ...request, codeChallenge: challenge, forceConsent: true }, twitch)).toBe(
      "response_type=code&client_id=s6BhdRkqt3&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb" +
        `&scope=user%3Aread%3Aemail+chat%3Aread&state=xyz&code_challenge=${challenge}&code_challenge_method=S256&force_verify=true`,
    );
  });

  it("sends an empty scope only where the key is required", () => {
    expect(formatAuthorizationRequest({ ...request, scopes: [] }, twitch)).toContain("&scope=&");
    expect(formatAuthorizationRequest({ ...request, scopes: [] }, rfc6749)).not.toContain("scope");
  });

  it("asks for the consent page in the dialect's way", () => {
    expect(formatAuthorizationRequest({ ...request, forceConsent: true }, rfc6749)).toContain("&prompt=consent");
    expect(formatAuthorizationRequest({ ...request, prompt: ["login"] }, twitch)).not.toContain("prompt");
  });

  it.each(["state", "resource", "force_verify", "code_challenge"])("refuses %s as an extra parameter", (name) => {
    expect(() => formatAuthorizationRequest({ ...request, extra: { [name]: "x" } }, twitch)).toThrow(TypeError);
  });

  it.each(dialects)("writes what parseAuthorizationRequest reads, in $name", (dialect) => {
    const { promptIsRead, forceConsentParameter } = dialect.authorize;
    const prompt = promptIsRead
      ? fc.constantFrom<readonly Prompt[]>([], ["none"], ["login"], ["login", "consent"], ["select_account"])
      : fc.constant<readonly Prompt[]>([]);
    const arbitrary = fc
      .tuple(
        fc.record({
          clientId: visible,
          redirectUri: visible,
          scopes,
          prompt,
          forceConsent: fc.boolean(),
          resources: fc.uniqueArray(resource, { maxLength: 8 }),
          extra: fc.dictionary(fc.constantFrom("nonce", "ui_locales", "__proto__", "a b"), text),
        }),
        maybe("state", text),
        maybe("codeChallenge", base64url43),
      )
      .map(([base, state, codeChallenge]) => ({ ...base, ...state, ...codeChallenge }))
      // Two ways to say one thing are one thing: without a parameter of its own, consent is forced by prompt alone.
      .map((one) => ({
        ...one,
        forceConsent: one.prompt.includes("consent") || (one.forceConsent && forceConsentParameter !== undefined),
      }));
    fc.assert(
      fc.property(arbitrary, (one) => {
        expect(parseAuthorizationRequest(parseParameters(formatAuthorizationRequest(one, dialect)), dialect)).toEqual(
          one,
        );
      }),
    );
  });
});

describe("stateOf", () => {
  it.each([
    ["state=xyz", "xyz"],
    ["state=a%2Fb%2B%3D", "a/b+="],
    ["state=", undefined],
    ["", undefined],
    ["state=a&state=a", undefined],
    [`state=${"x".repeat(4_097)}`, undefined],
  ])("AR-11, AR-19: of %.30j is %s", (query, state) => {
    expect(stateOf(parseParameters(query))).toBe(state);
  });
});

describe("on any input", () => {
  it.each(dialects)("throws nothing but OAuthError, in $name", (dialect) => {
    const names = [
      "response_type",
      "scope",
      "state",
      "code_challenge",
      "code_challenge_method",
      "prompt",
      "resource",
      "x",
    ];
    const values = fc.oneof(anyText, fc.constantFrom("code", "S256", "none", challenge));
    const record = fc.dictionary(fc.constantFrom(...names), fc.array(values, { maxLength: 2 }));
    fc.assert(
      fc.property(record, (change) =>
        onlyOurErrors(() => {
          const query = Object.entries({ ...plain, ...change })
            .flatMap(([name, value]) => [value].flat().map((one) => `${name}=${encodeLoosely(one)}`))
            .join("&");
          parseAuthorizationRequest(parseParameters(query), dialect);
        }),
      ),
    );
  });
});

function encodeLoosely(value: string): string {
  return encodeURIComponent(value.replace(/[\ud800-\udfff]/g, "s"));
}
