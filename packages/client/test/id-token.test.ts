import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { exchangeCode, finishAuthorization, google, microsoft, startAuthorization, twitch } from "../src/index.ts";
import { client, clientId, now, provider, redirectUri, strictProvider, thrownBy, tokenBody } from "./fixtures.ts";

const issuer = "https://provider.example";
const nonce = "n-0S6_WzA2Mj";
const claims = { iss: issuer, sub: "24400320", aud: clientId, exp: now() + 600, iat: now(), nonce };

const base64Url = (text: string): string => Buffer.from(text).toString("base64url");
const jwt = (payload: object): string => `${base64Url('{"alg":"RS256"}')}.${base64Url(JSON.stringify(payload))}.c2ln`;

function exchange(idToken: unknown, { where = strictProvider(), sendsNonce = true } = {}) {
  const body = { ...tokenBody, scope: "openid", ...(idToken === undefined ? {} : { id_token: idToken }) };
  const fetch = async (): Promise<Response> => Response.json(body);
  const inHand = { code: "code", redirectUri, scopes: ["openid"], ...(sendsNonce ? { nonce } : {}) };
  return exchangeCode(where, client, inHand, { fetch, now });
}

describe("an ID token is checked before anything of the answer is believed (OpenID Connect Core, 3.1.3.7)", () => {
  it("and then tells who approved", async () => {
    const where = strictProvider({ identity: [{ from: "id_token", id: ["sub"], login: ["preferred_username"] }] });
    const tokens = await exchange(jwt({ ...claims, preferred_username: "ann" }), { where });
    expect(tokens.who).toEqual({ id: "24400320", login: "ann" });
    expect(tokens.claims).toMatchObject(claims);
  });

  it.each<[string, object]>([
    ["another issuer", { iss: "https://evil.example" }],
    ["an issuer with a slash more", { iss: `${issuer}/` }],
    ["no issuer", { iss: undefined }],
    ["another audience", { aud: "other" }],
    ["no audience", { aud: undefined }],
    ["two audiences without an authorized party", { aud: [clientId, "other"] }],
    ["two audiences and another authorized party", { aud: [clientId, "other"], azp: "other" }],
    ["another authorized party", { azp: "other" }],
    ["an expiry gone by", { exp: now() - 301 }],
    ["no expiry", { exp: undefined }],
    ["an expiry in words", { exp: "tomorrow" }],
    ["another nonce", { nonce: "other" }],
    ["no nonce though one was sent", { nonce: undefined }],
    ["no subject", { sub: undefined }],
  ])("%s is refused", async (_what, change) => {
    const idToken = jwt({ ...claims, ...change });
    const error = await thrownBy(exchange(idToken));
    expect(error).toMatchObject({ code: "ERR_ID_TOKEN", actor: "developer", retryable: false });
    expect(inspect(error)).not.toContain(idToken.split(".")[1]);
  });

  it.each<[string, unknown]>([
    ["missing", undefined],
    ["no text", 7],
    ["not three parts", "a.b"],
    ["not base64", "a.***.c"],
    ["not JSON", `a.${base64Url("{")}.c`],
    ["a list", `a.${base64Url("[]")}.c`],
    ["no UTF-8", `a.${Buffer.from([0xff, 0xfe]).toString("base64url")}.c`],
  ])("one that is %s is refused", async (_what, idToken) => {
    expect(await thrownBy(exchange(idToken))).toMatchObject({ code: "ERR_ID_TOKEN" });
  });

  it.each<[string, object]>([
    ["a list of one audience", { aud: [clientId] }],
    ["two audiences, ours authorized", { aud: [clientId, "other"], azp: clientId }],
    ["a clock that differs by some minutes", { exp: now() - 240 }],
  ])("%s is fine", async (_what, change) => {
    expect((await exchange(jwt({ ...claims, ...change }))).claims).toBeDefined();
  });

  it("needs no nonce where none could be sent, as with a device", async () => {
    const { nonce: _none, ...rest } = claims;
    expect((await exchange(jwt(rest), { sendsNonce: false })).claims).toMatchObject({ sub: "24400320" });
  });

  it("Google may leave the scheme out, and Microsoft names the tenant of whoever signed in", async () => {
    const tid = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
    const ofGoogle = { ...claims, iss: "accounts.google.com" };
    const ofMicrosoft = { ...claims, iss: `https://login.microsoftonline.com/${tid}/v2.0`, tid };
    expect((await exchange(jwt(ofGoogle), { where: google })).claims).toBeDefined();
    expect((await exchange(jwt(ofMicrosoft), { where: microsoft })).claims).toBeDefined();
    const wrong = { ...ofMicrosoft, tid: "8eaef023-2b34-4da1-9baa-000000000000" };
    expect(await thrownBy(exchange(jwt(wrong), { where: microsoft }))).toMatchObject({ code: "ERR_ID_TOKEN" });
  });
});

describe("a login with openid", () => {
  const start = (where = twitch, extra?: Record<string, string>) =>
    startAuthorization(where, { clientId, redirectUri, scopes: ["openid"], extra });

  it("sends a nonce of its own, keeps it, and wants it back", async () => {
    const { url, pending } = await start(strictProvider());
    const sent = new URL(url).searchParams;
    expect(sent.get("nonce")).toBe(pending.nonce);
    expect(new Set([pending.nonce, pending.state, pending.codeVerifier]).size).toBe(3);
  });

  it.each<[string, (nonce: string | undefined) => object]>([
    ["approved", (own) => ({ nonce: own })],
    ["ERR_ID_TOKEN", () => ({ nonce: "other" })],
  ])("ends as %s by what the ID token repeats", async (outcome, change) => {
    const { pending } = await start(strictProvider());
    const idToken = jwt({ ...claims, exp: pending.startedAt + 60, ...change(pending.nonce) });
    const fetch = async (): Promise<Response> => Response.json({ ...tokenBody, id_token: idToken });
    const callback = `${redirectUri}?code=abc&state=${pending.state}&iss=${issuer}`;
    const options = { fetch, now: () => pending.startedAt };
    const result = await finishAuthorization(strictProvider(), client, pending, callback, options).catch(
      (error: unknown) => error,
    );
    expect(result).toMatchObject(outcome === "approved" ? { status: outcome } : { code: outcome });
  });

  it("sends none without openid", async () => {
    const { url, pending } = await startAuthorization(twitch, { clientId, redirectUri, scopes: [] });
    expect(new URL(url).searchParams.has("nonce")).toBe(false);
    expect(pending.nonce).toBeUndefined();
  });

  it("CC-26: a record without its nonce is refused, not checked less", async () => {
    const { pending } = await start();
    const { nonce: _lost, ...record } = pending;
    const callback = `${redirectUri}?code=abc&state=${pending.state}`;
    expect(await thrownBy(finishAuthorization(twitch, client, record, callback))).toBeInstanceOf(TypeError);
  });

  it("is not begun where the ID token could not be checked, or the nonce would be somebody else's", async () => {
    expect(await thrownBy(start(provider()))).toBeInstanceOf(TypeError);
    expect(await thrownBy(start(twitch, { nonce: "mine" }))).toBeInstanceOf(TypeError);
  });
});
