import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { connect, exchangeCode, type Provider } from "../src/index.ts";
import { createSignatureCheck } from "../src/jose/index.ts";
import { client, clientId, now, redirectUri, strictProvider, thrownBy } from "./fixtures.ts";

const issuer = "https://provider.example";
const jwks = `${issuer}/keys`;
const provider = (jwksUri: string | undefined = jwks): Provider => {
  const plain = strictProvider();
  return { ...plain, endpoints: { ...plain.endpoints, jwks: jwksUri } };
};

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
let own: Pair;
let other: Pair;
beforeAll(async () => {
  [own, other] = await Promise.all([generateKeyPair("ES256"), generateKeyPair("ES256")]);
});

async function idToken({ privateKey }: Pair, kid = "one"): Promise<string> {
  const claims = { iss: issuer, sub: "42", aud: clientId, nonce: "n", exp: now() + 60 };
  return await new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);
}

/** The token endpoint answers with the ID token, the keys' address with the keys. */
async function exchange(id: string, keys?: (url: string) => Response): Promise<unknown> {
  const published = { keys: [{ ...(await exportJWK(own.publicKey)), kid: "one", alg: "ES256" }] };
  const asked: string[] = [];
  const fetch = async (url: string): Promise<Response> => {
    asked.push(url);
    if (url === jwks) return keys?.(url) ?? Response.json(published);
    return Response.json({ access_token: "a", token_type: "bearer", id_token: id });
  };
  const inHand = { code: "c", redirectUri, codeVerifier: "v".repeat(43), scopes: ["openid"], nonce: "n" };
  const options = { fetch, now, checkSignature: createSignatureCheck() };
  const tokens = await exchangeCode(provider(), client, inHand, options);
  return { claims: tokens.claims, asked };
}

/** As an attacker would: the same claims, another header. */
function withHeader(token: string, header: object): string {
  const [, payload, signature] = token.split(".");
  return [btoa(JSON.stringify(header)).replaceAll("=", ""), payload, signature].join(".");
}

describe("the signature of an ID token", () => {
  it("is good if one of the provider's keys made it", async () => {
    expect(await exchange(await idToken(own))).toMatchObject({
      claims: { sub: "42" },
      asked: [expect.any(String), jwks],
    });
  });

  it.each<[string, () => Promise<string>]>([
    ["another key, under the same name", () => idToken(other)],
    ["a key that is not published", () => idToken(other, "two")],
    ["nobody: alg none", async () => withHeader(await idToken(own), { alg: "none" })],
    ["the client secret", async () => withHeader(await idToken(own), { alg: "HS256", kid: "one" })],
  ])("by %s is refused, and nothing of the answer is kept", async (_who, forge) => {
    const error = await thrownBy(exchange(await forge()));
    expect(error).toMatchObject({ code: "ERR_ID_TOKEN", retryable: false, actor: "developer" });
    expect(JSON.stringify(error)).not.toContain("eyJ");
  });

  it.each<[string, () => Response, string]>([
    ["a page", () => new Response("<html>", { headers: { "content-type": "text/html" } }), "ERR_RESPONSE_SHAPE"],
    ["trouble", () => new Response("", { status: 503 }), "ERR_RESPONSE_SHAPE"],
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { location: "https://evil.example" } }),
      "ERR_RESPONSE_SHAPE",
    ],
    ["too much", () => new Response("x".repeat(1_100_000)), "ERR_RESPONSE_TOO_LARGE"],
  ])("is not taken for good where the keys' address answers with %s", async (_what, keys, code) => {
    expect(await thrownBy(exchange(await idToken(own), keys))).toMatchObject({ code });
  });

  it("cannot be checked where nobody knows the keys' address, and says so before the code is spent", async () => {
    let sent = 0;
    const fetch = async (): Promise<Response> => Response.json({ sent: (sent += 1) });
    const options = { fetch, now, checkSignature: createSignatureCheck() };
    const inHand = { code: "c", redirectUri, codeVerifier: "v".repeat(43), scopes: ["openid"], nonce: "n" };
    const withoutKeys: Provider = { ...strictProvider() };
    expect(await thrownBy(exchangeCode(withoutKeys, client, inHand, options))).toBeInstanceOf(TypeError);
    expect(() => connect(withoutKeys, { ...client, ...options, scopes: ["openid"] })).toThrow("address of its keys");
    expect(sent).toBe(0);
  });

  it("has its keys fetched once for many logins", async () => {
    const published = { keys: [{ ...(await exportJWK(own.publicKey)), kid: "one", alg: "ES256" }] };
    let fetched = 0;
    const fetch = async (): Promise<Response> => {
      fetched += 1;
      return Response.json(published);
    };
    const check = createSignatureCheck();
    for (let login = 0; login < 5; login++) await check(await idToken(own), jwks, { fetch });
    expect(fetched).toBe(1);
  });
});
