import { appendToRedirectUri, isLoopbackRedirectUri, matchRedirectUri } from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "./arbitraries.ts";

const R = "https://client.example.com/cb";
const varying = { loopbackPortMayVary: true };
const fixed = { loopbackPortMayVary: false };

function unregistered(id: string, registered: string, sent: readonly string[]): readonly [string, string, string][] {
  return sent.map((uri) => [id, registered, uri]);
}

const refused = [
  ...unregistered("RU-02", R, [
    "https://client.example.com/CB",
    "HTTPS://client.example.com/cb",
    "https://CLIENT.EXAMPLE.COM/cb",
  ]),
  ...unregistered("RU-03", R, ["https://client.example.com:443/cb"]),
  ...unregistered(
    "RU-04",
    R,
    "/x/../cb /./cb /cb/../evil /cb/..%2Fevil /cb/%2e%2e%2Fevil /cb/..%252Fevil /cb/;/../../evil /cb%0A%0D/../../evil"
      .split(" ")
      .map((path) => `https://client.example.com${path}`),
  ),
  ...unregistered("RU-05", R, ["https://client.example.com/%63b", encodeURIComponent(R)]),
  ...unregistered("RU-07", R, [
    "https://client.example.com\\@evil.example/cb",
    "https:/\\evil.example",
    "https://evil.example\\.client.example.com/cb",
    ` ${R}`,
    "https://client.example.com/\tcb",
    "https://client.example.com/c\r\nb",
  ]),
  ...unregistered("RU-10", R, [`${R}#x`, `${R}#`, `${R}%23x`]),
  ...unregistered("RU-11", R, [`${R}?foo=bar`, `${R}?`, `${R}/`]),
  ...unregistered("RU-11", `${R}?foo=bar`, [`${R}?foo=bar&x=1`, `${R}?baz=1&foo=bar`, R]),
  ...unregistered("RU-12", R, [`${R}?code=attacker`, `${R}?state=x`, `${R}?iss=x`, `${R}?error=x`]),
  ...unregistered("RU-13", "https://a.example.com/cb", ["https://aXexample.com/cb"]),
  ...unregistered("RU-13", "https://a.example.com/cb.php", ["https://a.example.com/cbXphp"]),
  ...unregistered("RU-14", R, [
    "https://client.ex\u0430mple.com/cb",
    "https://\uff43lient.example.com/cb",
    "https://xn--client-5ve.example.com/cb",
  ]),
  ...unregistered("RU-18", "http://127.0.0.1/cb", ["http://localhost/cb", "http://[::1]:80/cb"]),
  ...unregistered("RU-18", "http://localhost/cb", ["http://127.0.0.1:8080/cb", "http://[::1]/cb"]),
  ...unregistered("RU-18", "http://[::1]/cb", ["http://localhost:1/cb", "http://127.0.0.1/cb"]),
  ...["http://127.0.0.1/cb", "http://localhost/cb", "http://[::1]/cb"].flatMap((registered) => [
    ...unregistered("RU-19", registered, [
      "http://127.1/cb",
      "http://0x7f000001/cb",
      "http://2130706433/cb",
      "http://127.000.000.001/cb",
      "http://127.0.0.2/cb",
      "http://0.0.0.0/cb",
      "http://[::ffff:127.0.0.1]/cb",
      "http://[0:0:0:0:0:0:0:1]/cb",
      "http://LOCALHOST/cb",
      "http://localhost./cb",
    ]),
    ...unregistered("RU-20", registered, [
      "http://attacker@127.0.0.1/cb",
      "http://127.0.0.1:80@evil.example/cb",
      "http://127.0.0.1.evil.example/cb",
      "http://127.0.0.1%2eevil.example/cb",
      "http://localhost:80@evil.example/cb",
      "http://[::1]@evil.example/cb",
      "http://127.0.0.1:80\\@evil.example/cb",
    ]),
    ...unregistered(
      "RU-21",
      registered,
      [":0", ":65536", ":99999", ":080", ":abc", ":", ":1:2", ":-1", ":+80", ":８０", ":100000000000000000000"].map(
        (port) => registered.replace("/cb", `${port}/cb`),
      ),
    ),
  ]),
  ...unregistered("RU-23", "http://127.0.0.1", ["http://127.0.0.1:41815/", "http://127.0.0.1:41815?x"]),
  ...unregistered("RU-24", "com.example.app:/cb", [
    "com.example.app://cb",
    "COM.EXAMPLE.APP:/cb",
    "com.example.app:cb",
  ]),
  ...unregistered("RU-31", "http://[::1]/cb", [`http://[${":".repeat(45)}]/cb`]),
] as const;

describe("matchRedirectUri", () => {
  it.each(refused)("%s: with %s registered, refuses %j", (_, registered, sent) => {
    expect(matchRedirectUri(sent, [registered], varying)).toBe(false);
    expect(matchRedirectUri(sent, [registered], fixed)).toBe(false);
  });

  it.each(["1", "80", "1024", "51004", "65535", ""])("RU-16: takes a loopback URI with port %j", (port) => {
    for (const host of ["127.0.0.1", "[::1]", "localhost"]) {
      const sent = `http://${host}${port === "" ? "" : `:${port}`}/cb`;
      for (const registered of [`http://${host}/cb`, `http://${host}:8080/cb`]) {
        expect(matchRedirectUri(sent, ["https://other.example/", registered], varying)).toBe(true);
        expect(matchRedirectUri(sent, [registered], fixed)).toBe(sent === registered);
      }
    }
  });

  it("RU-16: lets only the port of http vary, on loopback", () => {
    expect(matchRedirectUri("https://127.0.0.1:8080/cb", ["https://127.0.0.1/cb"], varying)).toBe(false);
    expect(matchRedirectUri("http://127.0.0.1:8080/cb?x", ["http://127.0.0.1/cb"], varying)).toBe(false);
    expect(matchRedirectUri("http://127.0.0.1:8080/cb#", ["http://127.0.0.1/cb"], varying)).toBe(false);
    expect(matchRedirectUri("wxyz://127.0.0.1:8080/cb", ["wxyz://127.0.0.1/cb"], varying)).toBe(false);
    expect(matchRedirectUri("http://client.example:8080/cb", ["http://client.example/cb"], varying)).toBe(false);
  });

  it("RU-23: takes the port of a URI without a path, as git-credential-oauth sends it", () => {
    expect(matchRedirectUri("http://127.0.0.1:41815", ["http://127.0.0.1"], varying)).toBe(true);
  });

  it.each([R, `${R}?foo=bar`, "com.example.app:/cb", "http://localhost/"])("takes %s if it is registered", (uri) => {
    expect(matchRedirectUri(uri, ["https://other.example/cb", uri], fixed)).toBe(true);
    expect(matchRedirectUri(uri, [], varying)).toBe(false);
  });

  it("RU-31: needs no time worth measuring for the longest input", () => {
    const hostile = [`http://127.0.0.1:${"1".repeat(30_000)}/cb`, `http://[${":".repeat(30_000)}]/cb`];
    for (const uri of hostile) expect(matchRedirectUri(uri, ["http://127.0.0.1/cb"], varying)).toBe(false);
  });

  it("takes nothing but equal text where no loopback URI is registered", () => {
    fc.assert(
      fc.property(anyText, (sent) => {
        expect(matchRedirectUri(sent, [R], varying)).toBe(sent === R);
      }),
    );
  });
});

describe("isLoopbackRedirectUri", () => {
  it.each([
    ["http://127.0.0.1/cb", true],
    ["http://[::1]:80", true],
    ["http://localhost?x=1", true],
    ["https://localhost/", false],
    ["http://localhost.example/", false],
    ["http://localhost:0/", false],
    [R, false],
  ])("%s: %s", (uri, is) => {
    expect(isLoopbackRedirectUri(uri)).toBe(is);
  });
});

describe("appendToRedirectUri", () => {
  it.each([
    [R, `${R}?code=1&state=2`],
    [`${R}?`, `${R}?code=1&state=2`],
    ["http://localhost", "http://localhost?code=1&state=2"],
    ["com.example.app:/cb", "com.example.app:/cb?code=1&state=2"],
    [`${R}?a=%7e&B=+`, `${R}?a=%7e&B=+&code=1&state=2`],
  ])("RU-11, RU-30: leaves the text of %s as it is", (uri, location) => {
    expect(appendToRedirectUri(uri, "code=1&state=2")).toBe(location);
  });

  it("RU-12: replaces what a URI from before the rule says under a name of the answer", () => {
    expect(appendToRedirectUri(`${R}?code=evil&a=1&%73tate=evil&iss`, "code=1&state=2")).toBe(
      `${R}?a=1&code=1&state=2`,
    );
    expect(appendToRedirectUri(`${R}?code=evil`, "code=1")).toBe(`${R}?code=1`);
  });

  it("RU-30: the WHATWG parser finds origin, path and every parameter again", () => {
    const location = new URL(appendToRedirectUri(`${R}?foo=bar`, "code=a%2Bb&state=%26"));
    expect(location.origin + location.pathname).toBe(R);
    expect([...location.searchParams]).toEqual([
      ["foo", "bar"],
      ["code", "a+b"],
      ["state", "&"],
    ]);
  });
});
