import {
  type ClientAuthentication,
  type Dialect,
  dialects,
  formatClientAuthentication,
  formatParameters,
  parseClientAuthentication,
  parseParameters,
  rfc6749,
  twitch,
} from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText, text } from "./arbitraries.ts";
import { onlyOurErrors, refusal } from "./thrown.ts";

function parse(authorization: string | undefined, body = "", dialect: Dialect = rfc6749): ClientAuthentication {
  return parseClientAuthentication(authorization, parseParameters(body), dialect);
}

const basic = (pair: string): string => `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;

describe("parseClientAuthentication", () => {
  it("reads the header of RFC 6749, 2.3.1, and the body of the same section", () => {
    const known = { clientId: "s6BhdRkqt3", clientSecret: "7Fjfp0ZBr1KtDRbnfVdmIw" };
    expect(parse("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3")).toEqual({ method: "basic", ...known });
    const body = "client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw";
    for (const dialect of dialects) expect(parse(undefined, body, dialect)).toEqual({ method: "post", ...known });
  });

  it("takes an id without a secret for a public application", () => {
    expect(parse(undefined, "client_id=a")).toEqual({ method: "none", clientId: "a" });
    expect(parse(undefined, "client_id=a&client_secret=")).toEqual({ method: "none", clientId: "a" });
  });

  it("takes the same id in header and body", () => {
    expect(parse(basic("a:s"), "client_id=a")).toEqual({ method: "basic", clientId: "a", clientSecret: "s" });
  });

  it.each([
    ["CA-03", basic("a:s"), "client_id=a&client_secret=s", "invalid_request", "client_authentication_repeated", 400],
    ["CA-03", basic("a:s"), "client_secret=s", "invalid_request", "client_authentication_repeated", 400],
    ["CA-04", basic("a:s"), "client_id=b", "invalid_request", "client_ids_differ", 400],
    ["CA-11", basic("a:"), "", "invalid_client", "client_secret_missing", 401],
    ["CA-16", undefined, "client_id=a&client_assertion=x", "invalid_client", "client_assertion_unsupported", 401],
    ["CA-16", undefined, "client_id=a&client_assertion_type=", "invalid_client", "client_assertion_unsupported", 401],
    ["CA-17", "Bearer x", "", "invalid_client", "client_id_missing", 401],
    ["nobody", undefined, "", "invalid_client", "client_id_missing", 401],
    ["AR-09", undefined, "client_id=a&client_id=a", "invalid_request", "parameter_repeated", 400],
    ["TP-05", undefined, "client_id=a&client_secret=s&client_secret=s", "invalid_request", "parameter_repeated", 400],
  ])("%s: refuses %s with the body %j", (_, authorization, body, code, reason, status) => {
    expect(refusal(() => parse(authorization, body))).toMatchObject({ code, reason, status });
  });

  it("CA-17: a bearer token beside a client id proves nothing", () => {
    expect(parse("Bearer x", "client_id=a")).toEqual({ method: "none", clientId: "a" });
  });

  it.each([
    ["a colon", "id", "s:e:c"],
    ["a percent sign", "id", "100%"],
    ["a plus", "id", "a+b"],
    ["a space", "id", "a b"],
    ["a letter outside ASCII", "id", "é"],
    ["a colon in the id", "urn:x:y", "s"],
  ])("CA-05: decodes %s after base64, at the first colon", (_, clientId, clientSecret) => {
    const header = formatClientAuthentication({ method: "basic", clientId, clientSecret }, rfc6749).authorization;
    expect(parse(header)).toEqual({ method: "basic", clientId, clientSecret });
  });

  it("CA-05: takes what openid-client escapes beyond need, and UTF-8 that nobody escaped", () => {
    expect(parse(basic("my%2Did:my%2Dsecret"))).toMatchObject({ clientId: "my-id", clientSecret: "my-secret" });
    expect(parse(basic("id:é"))).toMatchObject({ clientSecret: "é" });
  });

  it.each([
    ["bad base64", "Basic !!!"],
    ["an impossible length", "Basic YTpzY"],
    ["padding too early", "Basic YT=pzYQ"],
    ["characters outside the alphabet", "Basic YTpz_-"],
    ["a space inside", "Basic YTpz YTpz"],
    ["no colon", basic("abc")],
    ["nothing", "Basic "],
    ["not even a space", "Basic"],
    ["two spaces", `Basic  ${basic("a:s").slice(6)}`],
    ["no id", basic(":s")],
    ["bytes that are no UTF-8", `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString("base64")}`],
    ["broken percent-encoding", basic("a:%zz")],
    ["a NUL", basic("a:%00")],
    ["two headers joined", `${basic("a:s")}, ${basic("b:t")}`],
    ["a flood", basic(`a:${"s".repeat(5_000)}`)],
  ])("CA-06: answers 401 to Basic with %s", (_, header) => {
    expect(refusal(() => parse(header, "client_id=a"))).toMatchObject({
      code: "invalid_client",
      reason: "client_authentication_malformed",
      status: 401,
    });
  });

  it("CA-06: takes the scheme in any case", () => {
    for (const scheme of ["basic", "BASIC", "bAsIc"]) {
      expect(parse(basic("a:s").replace("Basic", scheme))).toMatchObject({ method: "basic", clientId: "a" });
    }
  });

  it("Basic where the dialect has none counts for nothing, as at Twitch", () => {
    expect(refusal(() => parse(basic("a:s"), "", twitch))).toMatchObject({ reason: "client_id_missing" });
    expect(parse(basic("a:s"), "client_id=b&client_secret=t", twitch)).toMatchObject({ method: "post", clientId: "b" });
  });

  it("shows no secret in an error", () => {
    const headers: [string, string][] = [
      [basic("a:marker"), "client_secret=marker"],
      [basic("a:marker%zz"), ""],
    ];
    for (const [header, body] of headers) {
      const error = refusal(() => parse(header, body));
      expect(error.message + String(error.detail) + String(error.stack)).not.toContain("marker");
    }
  });

  it("throws nothing but OAuthError on any header", () => {
    const header = fc.oneof(
      anyText.map((noise) => `Basic ${noise}`),
      anyText.map((noise) => `Basic ${Buffer.from(noise, "utf16le").toString("base64")}`),
      anyText,
    );
    fc.assert(fc.property(header, (one) => onlyOurErrors(() => parse(one, "client_id=a"))));
  });
});

describe("formatClientAuthentication", () => {
  it("CT-27: arrives as it was sent, by every method of every dialect", () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom("basic", "post", "none"), (clientId, clientSecret, method) => {
        const sent: ClientAuthentication =
          method === "none" ? { method, clientId } : { method, clientId, clientSecret };
        const speaking = dialects.filter(({ tokenRequest }) =>
          ["none", ...tokenRequest.clientAuthentication].includes(method),
        );
        expect(speaking.length).toBeGreaterThan(0);
        for (const dialect of speaking) {
          const { authorization, parameters } = formatClientAuthentication(sent, dialect);
          expect(parse(authorization, formatParameters(parameters), dialect)).toEqual(sent);
        }
      }),
    );
  });

  it("has a name of its own for the client's id where the dialect has one", () => {
    const dialect = { ...rfc6749, clientIdName: "client_key" };
    const { parameters } = formatClientAuthentication({ method: "none", clientId: "a" }, dialect);
    expect(parameters).toEqual({ client_key: "a" });
    expect(parse(undefined, formatParameters(parameters), dialect)).toEqual({ method: "none", clientId: "a" });
  });

  it("takes a missing secret for the caller's mistake", () => {
    expect(() => formatClientAuthentication({ method: "post", clientId: "a" }, rfc6749)).toThrow(TypeError);
  });
});
