import { createHash } from "node:crypto";
import { dialects, parseAuthorizationRequest, parseParameters, rfc6749 } from "@codegrant/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codegrantProvider, startAuthorization, twitch } from "../src/index.ts";
import { clientId, provider, redirectUri, strictProvider, thrownBy } from "./fixtures.ts";

const start = { clientId, redirectUri, scopes: ["user:read:email"] };

function queryOf(url: string): string {
  return url.slice(url.indexOf("?") + 1);
}

describe("the address to send the browser to", () => {
  it("is Twitch's, with everything Twitch wants and no challenge it would ignore", async () => {
    const { url, pending } = await startAuthorization(twitch, { ...start, scopes: ["user:read:email", "chat:read"] });
    const expected = new URLSearchParams({
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: "user:read:email chat:read",
      state: pending.state,
    });
    expect(url).toBe(`https://id.twitch.tv/oauth2/authorize?${expected.toString()}`);
  });

  it("keeps the scope key at Twitch when nothing is asked for", async () => {
    const { url } = await startAuthorization(twitch, { ...start, scopes: [] });
    expect(new URL(url).searchParams.get("scope")).toBe("");
  });

  it.each([
    "http://localhost:3000",
    "http://localhost:3000/",
    "https://app.example/%7Ecallback?tenant=a%20b",
    "HTTPS://App.Example:443/x/../y",
  ])("carries the redirect URI %s byte for byte", async (uri) => {
    const { url, pending } = await startAuthorization(twitch, { ...start, redirectUri: uri });
    expect(new URL(url).searchParams.get("redirect_uri")).toBe(uri);
    expect(pending.redirectUri).toBe(uri);
  });

  it.each([
    ["twitch's own parameter", twitch, "force_verify", "true"],
    ["the standard's prompt", strictProvider(), "prompt", "consent"],
  ] as const)("asks for the page again with %s", async (_what, where, name, value) => {
    const { url } = await startAuthorization(where, { ...start, forceConsent: true });
    expect(new URL(url).searchParams.get(name)).toBe(value);
  });

  it("carries the provider's parameters and the caller's", async () => {
    const { url } = await startAuthorization(provider({ authorizeParameters: { access_type: "offline" } }), {
      ...start,
      extra: { login_hint: "demo" },
    });
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ access_type: "offline", login_hint: "demo" });
  });

  it("goes behind a query that the endpoint has already", async () => {
    const endpoints = { authorize: "https://a.example/authorize?tenant=7", token: "https://a.example/token" };
    const { url } = await startAuthorization(provider({ endpoints }), start);
    expect(url).toMatch(/^https:\/\/a\.example\/authorize\?tenant=7&response_type=code&/);
  });

  it("says in every dialect what the server reads from it", async () => {
    const scopes = fc.uniqueArray(fc.constantFrom("a", "user:read:email", "chat_login", "x/y"), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...dialects), scopes, async (dialect, asked) => {
        const { url, pending } = await startAuthorization(strictProvider({ dialect }), { ...start, scopes: asked });
        const read = parseAuthorizationRequest(parseParameters(queryOf(url)), dialect);
        expect(read).toMatchObject({ clientId, redirectUri, scopes: asked, state: pending.state });
        expect(read.codeChallenge).toBe(
          createHash("sha256")
            .update(pending.codeVerifier ?? "")
            .digest("base64url"),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe("the pending record", () => {
  it("survives JSON as it is", async () => {
    const { pending } = await startAuthorization(strictProvider(), { ...start, now: () => 1_800_000_000 });
    expect(JSON.parse(JSON.stringify(pending))).toEqual(pending);
    expect(pending).toMatchObject({
      provider: "example",
      issuer: "https://provider.example",
      startedAt: 1_800_000_000,
    });
  });

  it("CC-21: 10,000 states are 256 bits each and no two are equal", async () => {
    const states = new Set<string>();
    for (let index = 0; index < 10_000; index++) {
      const { pending } = await startAuthorization(provider(), start);
      expect(pending.state).toMatch(/^[A-Za-z0-9_-]{43}$/);
      states.add(pending.state);
    }
    expect(states.size).toBe(10_000);
  });

  it("PK-19: the verifier is in no address and equals no other value", async () => {
    const { url, pending } = await startAuthorization(strictProvider(), start);
    const { codeVerifier = "", ...rest } = pending;
    expect(codeVerifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(decodeURIComponent(url)).not.toContain(codeVerifier);
    expect(Object.values(rest)).not.toContain(codeVerifier);
    expect(new URL(url).searchParams.get("code_challenge_method")).toBe("S256");
  });

  it("has a verifier of its own for every flow, drawn from the randomness handed in", async () => {
    let draws = 0;
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(++draws);
    const { pending: first } = await startAuthorization(strictProvider(), { ...start, random });
    const { pending: second } = await startAuthorization(strictProvider(), { ...start, random });
    expect(new Set([first.state, first.codeVerifier, second.state, second.codeVerifier]).size).toBe(4);
  });

  it.each([
    ["required", true],
    ["ok", true],
    ["ignored", false],
    ["harmful", false],
  ] as const)("where PKCE is %s, has a verifier: %s", async (pkce, expected) => {
    const { url, pending } = await startAuthorization(provider({ pkce }), start);
    expect(pending.codeVerifier !== undefined).toBe(expected);
    expect(url.includes("code_challenge=")).toBe(expected);
  });
});

describe("what no provider could answer is refused before anything is made", () => {
  it.each<[string, Partial<Parameters<typeof startAuthorization>[1]>, RegExp]>([
    ["a redirect URI that is a path", { redirectUri: "/callback" }, /absolute address/],
    ["a redirect URI with a fragment", { redirectUri: "https://app.example/#x" }, /without a #/],
    ["two scopes in one string", { scopes: ["a b"] }, /Give each scope as a string of its own/],
    ["scopes as a string", { scopes: "a b" as unknown as string[] }, /must be a list/],
    ["an empty scope", { scopes: [""] }, /not one scope/],
    ["no client id", { clientId: "" }, /clientId is missing/],
    ["a client id with a line break from a file", { clientId: `${clientId}\n` }, /Remove it/],
    ["a state of the caller's own", { extra: { state: "fixed" } }, /has a field of its own/],
    ["another response type", { extra: { response_type: "token" } }, /has a field of its own/],
    ["a plain challenge", { extra: { code_challenge_method: "plain" } }, /has a field of its own/],
  ])("%s", async (_what, change, message) => {
    const error = await thrownBy(startAuthorization(provider(), { ...start, ...change }));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(message);
  });

  it.each([
    ["http on another machine", provider({ url: "http://provider.example" })],
    ["an endpoint that is no address", provider({ url: "provider" })],
    ["another scheme", provider({ url: "ftp://provider.example" })],
    ["a promised issuer that is not known", provider({ issuerInCallback: true })],
  ])("a provider with %s", async (_what, bad) => {
    expect(await thrownBy(startAuthorization(bad, start))).toBeInstanceOf(TypeError);
  });

  it.each([
    ["this machine", provider({ url: "http://[::1]:8080" })],
    ["a container network, when asked for", provider({ url: "http://codegrant:8080", insecureHttp: true })],
  ])("http is fine on %s", async (_where, good) => {
    await expect(startAuthorization(good, start)).resolves.toHaveProperty("url");
  });
});

describe("codegrantProvider", () => {
  it.each([
    ["twitch", "/oauth2/authorize", "/oauth2/validate"],
    ["kraken", "/kraken/oauth2/authorize", undefined],
    ["rfc6749", "/oauth/authorize", undefined],
  ] as const)("knows where %s is mounted", (dialect, authorize, validate) => {
    const { endpoints, issuer } = codegrantProvider("http://localhost:8080/", dialect);
    expect(endpoints.authorize).toBe(`http://localhost:8080${authorize}`);
    expect(endpoints.validate).toBe(validate === undefined ? undefined : `http://localhost:8080${validate}`);
    expect(issuer).toBe("http://localhost:8080");
  });

  it("can be told another path", () => {
    const { endpoints, dialect } = codegrantProvider("https://id.example/tenant", "rfc6749", { path: "/oauth2" });
    expect(endpoints.token).toBe("https://id.example/tenant/oauth2/token");
    expect(dialect).toBe(rfc6749);
  });

  it("refuses an address that is none", () => {
    expect(() => codegrantProvider("localhost", "twitch")).toThrow(/not a URL/);
  });
});
