import { describe, expect, it } from "vitest";
import { checkIssuer, decideAddress } from "../src/address.ts";

describe("where a server listens", () => {
  it("is both loopback addresses of this machine unless told otherwise", () => {
    expect(decideAddress({})).toEqual({ hosts: ["127.0.0.1", "::1"], issuer: undefined });
  });

  it.each([
    ["loopback", { host: "127.0.0.1" }],
    ["loopback, version 6", { host: "::1" }],
    ["loopback with an http issuer on it", { issuer: "http://127.0.0.1:8080" }],
    ["an https issuer, which a proxy serves", { host: "0.0.0.0", issuer: "https://id.example.com" }],
    ["an https issuer under a path", { issuer: "https://example.com/id" }],
  ])("may be %s", (_, options) => {
    expect(decideAddress(options).warning).toBeUndefined();
  });

  it.each([
    ["another address without an issuer", { host: "0.0.0.0" }],
    ["another address with an http issuer", { host: "0.0.0.0", issuer: "http://id.example.com" }],
    ["another address with a loopback issuer", { host: "192.0.2.1", issuer: "http://localhost:8080" }],
    ["loopback with an http issuer elsewhere", { issuer: "http://twitch.test" }],
    ["a name that only looks like loopback", { host: "127.0.0.1.example.com" }],
  ])("is refused over http at %s, unless --insecure-http, which warns (HT-01)", (_, options) => {
    expect(() => decideAddress(options)).toThrow(/--issuer https:.*--insecure-http/);
    expect(decideAddress({ ...options, insecureHttp: true }).warning).toMatch(/in clear/);
  });
});

describe("an issuer", () => {
  it.each([
    ["id.example.com", "such as https://id.example.com"],
    ["ftp://id.example.com", "such as https://id.example.com"],
    ["", "such as https://id.example.com"],
    ["https://id.example.com/", "like this: https://id.example.com"],
    ["https://example.com/id/", "like this: https://example.com/id"],
    ["https://ID.example.com", "like this: https://id.example.com"],
    ["https://id.example.com:443", "like this: https://id.example.com"],
    ["https://id.example.com?x=1", "Take: https://id.example.com"],
    ["https://id.example.com#", "Take: https://id.example.com"],
    ["https://me:secret@id.example.com", "Take: https://id.example.com"],
  ])("%s is refused with what to write in its place", (issuer, sentence) => {
    expect(() => checkIssuer(issuer)).toThrow(sentence);
  });

  it.each(["https://id.example.com", "https://example.com/id", "http://localhost:8080", "http://[::1]:8080"])(
    "%s is taken as it is",
    (issuer) => {
      expect(checkIssuer(issuer).href).toContain(issuer);
    },
  );
});
