import { checkRedirectUriRegistration, explainRedirectUriMismatch, matchRedirectUri } from "@codegrant/protocol";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "./arbitraries.ts";

const R = "https://client.example.com/cb";

describe("checkRedirectUriRegistration", () => {
  it.each([
    R,
    "https://client.example.com",
    "https://client.example.com:8443/cb?tenant=a%20b",
    "https://Client.Example.com/cb",
    "http://localhost/",
    "http://localhost",
    "http://127.0.0.1:8080/cb",
    "http://[::1]/cb",
    "https://xn--mnchen-3ya.example/cb",
    "com.example.app:/cb",
    "com.example.app://cb",
    "https://client.example.com/a..b/.well-known/cb",
  ])("takes %s", (uri) => {
    expect(checkRedirectUriRegistration(uri)).toBeUndefined();
  });

  const dangerous = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
  ];
  const more = ["blob:https://x.example/1", "about:blank", "view-source:https://x.example", "intent://x"];

  it.each([...dangerous, ...more])("RU-25: refuses %s, also behind a space, a tab or their encoding", (uri) => {
    for (const before of ["", " ", "\t", "%09"]) {
      expect(checkRedirectUriRegistration(before + uri)).toMatchObject({ field: "redirect_uri" });
    }
  });

  it.each([
    ["RU-27", "", "missing"],
    ["RU-27", `${R}#x`, "fragment"],
    ["RU-27", `${R}#`, "fragment"],
    ["RU-27", "/cb", "relative"],
    ["RU-27", "client.example.com/cb", "relative"],
    ["RU-27", "//client.example.com/cb", "relative"],
    ["RU-27", "https:///cb", "host_missing"],
    ["RU-27", "https:/cb", "host_missing"],
    ["RU-27", "https:", "host_missing"],
    ["RU-27", "https://*/cb", "wildcard"],
    ["RU-27", "https://*.example.com/cb", "wildcard"],
    ["RU-27", "https://client.example.com/a b", "characters"],
    ["RU-27", "https://client.example.com/\ncb", "characters"],
    ["RU-14", "https://m\u00fcnchen.example/cb", "characters"],
    ["RU-27", "https://user:secret@client.example.com/cb", "user_info"],
    ["RU-27", "https://@client.example.com/cb", "user_info"],
    ["RU-27", "https://client.example.com\\cb", "backslash"],
    ["RU-27", "https://client.example.com:0/cb", "port"],
    ["RU-27", "https://client.example.com:/cb", "port"],
    ["RU-27", "https://client.example.com:080/cb", "port"],
    ["RU-27", "https://client.example.com:65536/cb", "port"],
    ["RU-27", "https://client.example.com/%zz", "percent"],
    ["RU-27", `https://client.example.com/${"x".repeat(2_000)}`, "too_long"],
    ["RU-04", "https://client.example.com/x/../cb", "dot_segments"],
    ["RU-04", "https://client.example.com/x/%2E%2e/cb", "dot_segments"],
    ["RU-04", "https://client.example.com/.", "dot_segments"],
    ["RU-02", "HTTPS://client.example.com/cb", "scheme_case"],
    ["RU-28", "myapp:/cb", "scheme"],
    ["RU-28", "myapp.:/cb", "scheme"],
    ["RU-25", "javascript:alert(1)", "scheme"],
    ["RU-19", "http://127.0.0.2/cb", "insecure"],
    ["RU-19", "http://LOCALHOST/cb", "insecure"],
    ["RU-20", "http://127.0.0.1.evil.example/cb", "insecure"],
    ["RU-19", "http://client.example.com/cb", "insecure"],
    ["RU-19", "https://127.1/cb", "host"],
    ["RU-20", "https://client%2eexample.com/cb", "host"],
    ["RU-31", `https://[${":".repeat(45)}]/cb`, "host"],
    ["RU-12", `${R}?code=attacker`, "reserved_name"],
    ["RU-12", `${R}?a=1&state=x`, "reserved_name"],
    ["RU-12", `${R}?iss=x`, "reserved_name"],
    ["RU-12", `${R}?error=x`, "reserved_name"],
    ["RU-12", `${R}?error_description=x`, "reserved_name"],
    ["RU-12", `${R}?scope`, "reserved_name"],
    ["RU-12", `${R}?%63ode=x`, "reserved_name"],
  ])("%s: refuses %j as %s, with a sentence that says what to do", (_, uri, problem) => {
    const found = checkRedirectUriRegistration(uri);
    expect(found).toMatchObject({ field: "redirect_uri", problem });
    expect(found?.sentence).toMatch(/^[A-Z].*\.$/);
  });

  it("RU-30: a browser keeps scheme, host and path of whatever passes", () => {
    const unit = fc.constantFrom(...Array.from("abA./:?#[]@!$&'()*+,;=%20\\-_~ é1"));
    fc.assert(
      fc.property(
        fc.constantFrom("https://", "http://localhost", "https://a.b"),
        fc.string({ unit, maxLength: 12 }),
        (start, end) => {
          const uri = start + end;
          if (checkRedirectUriRegistration(uri) !== undefined) return;
          const [, authority = "", path = ""] = /^https?:\/\/([^/?]*)([^?]*)/.exec(uri) ?? [];
          const url = new URL(uri);
          expect(url.hostname).toBe(authority.replace(/:\d+$/, "").toLowerCase());
          expect(url.pathname).toBe(path === "" ? "/" : path);
          expect(matchRedirectUri(uri, [uri], { loopbackPortMayVary: false })).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("explainRedirectUriMismatch", () => {
  it.each([
    ["http://client.example.com/cb", [R], "The redirect_uri differs from the registered one in the scheme."],
    ["https://other.example.com/cb", [R], "The redirect_uri differs from the registered one in the host."],
    ["https://client.example.com:444/cb", [R], "The redirect_uri differs from the registered one in the port."],
    ["https://client.example.com/bc", [R], "The redirect_uri differs from the registered one in the path."],
    [`${R}/`, [R], "The redirect_uri differs from the registered one in the trailing slash."],
    [
      "http://localhost",
      ["http://localhost/"],
      "The redirect_uri differs from the registered one in the trailing slash.",
    ],
    [`${R}?x=1`, [R], "The redirect_uri differs from the registered one in the query."],
    [`${R}#`, [R], "The redirect_uri differs from the registered one in the fragment."],
    ["https://client.example.com/CB", [R], "The redirect_uri differs from the registered one in the case of the path."],
    [
      "https://x@client.example.com/cb",
      [R],
      "The redirect_uri differs from the registered one in the part before the host.",
    ],
    [
      "http://other.example/",
      [R],
      "The redirect_uri differs from the registered one in the scheme, the host and the path.",
    ],
    [`${R}/`, ["https://x.example/", R], "The redirect_uri differs from the registered one in the trailing slash."],
    ["https://y.example/", ["https://x.example/a", R], "The redirect_uri resembles none of the registered ones."],
    [R, [R], "The redirect_uri is registered."],
    [R, [], "The application has no registered redirect URI."],
  ])("%s beside %j: %s", (sent, registered, sentence) => {
    expect(explainRedirectUriMismatch(sent, registered)).toBe(sentence);
  });

  it("never tells a stranger what is registered, and never throws", () => {
    fc.assert(
      fc.property(anyText, (sent) => {
        const sentence = explainRedirectUriMismatch(sent, ["https://registered-host.example/secret-path"]);
        expect(sentence).not.toMatch(/registered-host|secret-path/);
        expect(sentence).toMatch(/^The [a-zA-Z_, ]+\.$/);
      }),
    );
  });
});
