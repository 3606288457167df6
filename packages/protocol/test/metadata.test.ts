import { formatServerMetadata, parseServerMetadata, type ServerMetadata } from "@codegrant/protocol";
import { describe, expect, it } from "vitest";
import { thrown } from "./thrown.ts";

const issuer = "https://as.example/platform";
const metadata: ServerMetadata = {
  issuer,
  authorizationEndpoint: `${issuer}/oauth/authorize`,
  tokenEndpoint: `${issuer}/oauth/token`,
  revocationEndpoint: `${issuer}/oauth/revoke`,
  scopesSupported: ["a"],
  responseTypesSupported: ["code"],
  grantTypesSupported: ["authorization_code", "refresh_token"],
  tokenEndpointAuthMethodsSupported: ["client_secret_basic", "client_secret_post", "none"],
  codeChallengeMethodsSupported: ["S256"],
  authorizationResponseIssParameterSupported: true,
};

function parse(change: Record<string, unknown>, from = issuer): ServerMetadata {
  const body = JSON.stringify({ ...JSON.parse(formatServerMetadata({ ...metadata, issuer: from })), ...change });
  return parseServerMetadata({ status: 200, contentType: "application/json", body }, from);
}

describe("server metadata", () => {
  it("uses the names of RFC 8414, 2, and leaves out what is not there", () => {
    const json = JSON.parse(formatServerMetadata(metadata)) as Record<string, unknown>;
    expect(json["authorization_endpoint"]).toBe(`${issuer}/oauth/authorize`);
    expect(json["code_challenge_methods_supported"]).toEqual(["S256"]);
    expect(json["authorization_response_iss_parameter_supported"]).toBe(true);
    expect(json).not.toHaveProperty("introspection_endpoint");
  });

  it("arrives as it was sent, without members that nobody here knows", () => {
    expect(parse({ claims_supported: ["iss"], jwks_uri: null })).toEqual(metadata);
  });

  it.each([
    `${issuer}/`,
    "https://as.example",
    "https://AS.example/platform",
    "https://as.example:443/platform",
    "",
    7,
    null,
  ])("MD-08: refuses the document of issuer %j", (other) => {
    expect(thrown(() => parse({ issuer: other })).code).toBe("ERR_ISSUER_MISMATCH");
  });

  const hostile = [
    "http://as.example/token",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "--help",
    "https://x/$(calc)",
  ];
  it.each([
    ...hostile,
    `https://x/${"y".repeat(10_000)}`,
    "https://x/`id`",
    "https://x/ y",
    "https://",
    "//x/y",
    "",
    7,
    ["a"],
  ])("MD-09: refuses the endpoint %.40j", (address) => {
    for (const name of ["authorization_endpoint", "token_endpoint", "jwks_uri"]) {
      expect(thrown(() => parse({ [name]: address })).code).toBe("ERR_RESPONSE_SHAPE");
    }
  });

  it("takes http addresses from an http issuer only", () => {
    const local = "http://localhost:8080";
    expect(parse({ token_endpoint: `${local}/t`, authorization_endpoint: `${local}/a?x=1` }, local).tokenEndpoint).toBe(
      `${local}/t`,
    );
  });

  it.each([
    [200, "<html>", "ERR_RESPONSE_SHAPE"],
    [200, "[]", "ERR_RESPONSE_SHAPE"],
    [404, "{}", "ERR_RESPONSE_SHAPE"],
    [302, "", "ERR_RESPONSE_SHAPE"],
    [200, " ".repeat(1_048_577), "ERR_RESPONSE_TOO_LARGE"],
  ])("MD-10: %i with %.10j is a typed error", (status, body, code) => {
    expect(thrown(() => parseServerMetadata({ status, body }, issuer)).code).toBe(code);
  });

  it.each([
    ["scopes_supported", "a b"],
    ["scopes_supported", [1]],
    ["authorization_response_iss_parameter_supported", "true"],
  ])("refuses %s as %j", (name, value) => {
    expect(thrown(() => parse({ [name]: value })).code).toBe("ERR_RESPONSE_SHAPE");
  });
});
