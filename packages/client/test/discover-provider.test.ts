import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { discoverProvider, finishAuthorization, startAuthorization } from "../src/index.ts";
import { client, clientId, redirectUri, thrownBy } from "./fixtures.ts";
import { json, type LoopbackServer, serve } from "./loopback.ts";

const rfc8414 = "/.well-known/oauth-authorization-server";
const openId = "/.well-known/openid-configuration";

const metadata = (issuer: string, more: object = {}): object => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  code_challenge_methods_supported: ["S256"],
  ...more,
});

/** A server that has a document at these paths and 404 everywhere else. */
function publish(documents: Readonly<Record<string, (url: string) => object>>): Promise<LoopbackServer> {
  return serve((request, response) => {
    const document = documents[request.url];
    if (document === undefined) return response.writeHead(404, { "content-type": "text/html" }).end("<h1>no</h1>");
    return json(response, 200, document(`http://${request.headers.host}`));
  });
}

const sayingTo = (more: object): Promise<LoopbackServer> => publish({ [rfc8414]: (url) => metadata(url, more) });

describe("discoverProvider", () => {
  it("finds a server by RFC 8414 and takes its word for what it can do", async () => {
    const server = await publish({
      [rfc8414]: (url) =>
        metadata(url, {
          device_authorization_endpoint: `${url}/device`,
          revocation_endpoint: `${url}/revoke`,
          introspection_endpoint: `${url}/introspect`,
          token_endpoint_auth_methods_supported: ["client_secret_post"],
          authorization_response_iss_parameter_supported: true,
        }),
    });
    expect(await discoverProvider(server.url)).toMatchObject({
      name: new URL(server.url).host,
      issuer: server.url,
      endpoints: { token: `${server.url}/token`, device: `${server.url}/device`, revoke: `${server.url}/revoke` },
      issuerInCallback: true,
      pkce: "ok",
      clientAuthentication: "post",
      identity: [{ from: "id_token" }, { from: "introspect", id: ["sub"] }],
    });
    expect(server.received.map(({ url }) => url)).toEqual([rfc8414]);
  });

  it("asks by OpenID Connect where there is nothing, or a page, at the other address", async () => {
    const server = await publish({ [openId]: (url) => metadata(url, { userinfo_endpoint: `${url}/userinfo` }) });
    const provider = await discoverProvider(server.url);
    expect(provider.endpoints.userinfo).toBe(`${server.url}/userinfo`);
    expect(provider.clientAuthentication).toBe("basic");
  });

  it.each([
    [["openid", "offline_access"], ["offline_access"], ["consent"]],
    [["read", "offline_access"], ["offline_access"], undefined],
    [["openid", "read"], [], undefined],
    [undefined, [], undefined],
  ])("asks for what it takes to get a refresh token where %j says so", async (scopes, offlineScopes, prompt) => {
    const server = await sayingTo({ scopes_supported: scopes });
    expect(await discoverProvider(server.url)).toMatchObject({ offlineScopes, prompt });
    const columns = { offlineScopes: ["stay"], prompt: [] };
    expect(await discoverProvider(server.url, { columns })).toMatchObject(columns);
  });

  it("puts the well-known part before the issuer's path, then after it", async () => {
    const server = await publish({});
    await thrownBy(discoverProvider(`${server.url}/tenant`));
    expect(server.received.map(({ url }) => url)).toEqual([`${rfc8414}/tenant`, `/tenant${openId}`]);
  });

  it("says so where neither is there", async () => {
    const server = await publish({});
    expect(await thrownBy(discoverProvider(server.url))).toMatchObject({ code: "ERR_NO_METADATA", actor: "developer" });
  });

  it("does not take a server with trouble for one without metadata", async () => {
    const server = await serve((_request, response) => response.writeHead(503, { "retry-after": "7" }).end("<html>"));
    const error = await thrownBy(discoverProvider(server.url));
    expect(error).toMatchObject({ actor: "nobody", retryable: true, retryAfterSeconds: 7 });
    expect(server.received.length).toBe(1);
  });

  it.each(["id.example.org", "http://id.example.org", "https://id.example.org?tenant=1", "https://a:b@id.example.org"])(
    "refuses %s as an issuer before anything is sent",
    async (issuer) => {
      expect(await thrownBy(discoverProvider(issuer))).toBeInstanceOf(TypeError);
    },
  );

  it("lets columns be set by whoever knows better", async () => {
    const server = await sayingTo({});
    const provider = await discoverProvider(server.url, { columns: { name: "shop", title: "Shop" } });
    expect(provider).toMatchObject({ name: "shop", title: "Shop", issuer: server.url });
  });
});

describe("MD-08: a document of another issuer stops everything", () => {
  it.each<[string, (url: string) => string]>([
    ["another host", () => "https://evil.example"],
    ["a slash more", (url) => `${url}/`],
    ["another case", (url) => url.toUpperCase()],
    ["another port", (url) => url.replace(/\d+$/, "1")],
  ])("%s", async (_what, change) => {
    const server = await publish({ [rfc8414]: (url) => ({ ...metadata(url), issuer: change(url) }) });
    expect(await thrownBy(discoverProvider(server.url))).toMatchObject({ code: "ERR_ISSUER_MISMATCH" });
    expect(server.received.length).toBe(1);
  });
});

describe("MD-09: an address that is none is refused before it is opened or sent to", () => {
  it.each([
    "javascript:alert(1)",
    "file:///etc/passwd",
    "--help",
    "https://x.example/$(calc)",
    "https://x.example/`id`",
    `https://x.example/${"a".repeat(10_000)}`,
  ])("%.40s", async (address) => {
    const server = await sayingTo({ authorization_endpoint: address });
    expect(await thrownBy(discoverProvider(server.url))).toMatchObject({ code: "ERR_NO_METADATA" });
  });

  it("an https issuer cannot name an http token endpoint", async () => {
    const document = { ...metadata("https://id.example"), token_endpoint: "http://id.example/token" };
    const fetch = async (): Promise<Response> => Response.json(document);
    expect(await thrownBy(discoverProvider("https://id.example", { fetch }))).toMatchObject({
      code: "ERR_NO_METADATA",
    });
  });
});

describe("MD-10: metadata is bounded and no redirect is followed", () => {
  it("to another origin", async () => {
    const thief = await publish({ [rfc8414]: (url) => metadata(url), [openId]: (url) => metadata(url) });
    const server = await serve((request, response) =>
      response.writeHead(302, { location: thief.url + request.url }).end(),
    );
    expect(await thrownBy(discoverProvider(server.url))).toMatchObject({ code: "ERR_NO_METADATA" });
    expect(thief.received).toEqual([]);
  });

  it.each<[string, (response: ServerResponse) => unknown, string, number?]>([
    ["ten megabytes", (response) => response.end("x".repeat(10_000_000)), "ERR_RESPONSE_TOO_LARGE"],
    ["a page", (response) => response.end("<html>"), "ERR_NO_METADATA"],
    ["broken JSON", (response) => response.end('{"issuer":'), "ERR_NO_METADATA"],
    ["silence", () => undefined, "ERR_TIMEOUT", 0.3],
  ])("%s", async (_what, answer, code, timeoutSeconds = 15) => {
    const server = await serve((_request, response) => void answer(response));
    expect(await thrownBy(discoverProvider(server.url, { timeoutSeconds }))).toMatchObject({ code });
  });
});

describe("PK-20: without PKCE by S256 nothing begins unless somebody says so", () => {
  it.each([
    ["plain only", ["plain"]],
    ["none", []],
    ["not told", undefined],
  ])("%s", async (_what, methods) => {
    const server = await sayingTo({ code_challenge_methods_supported: methods });
    expect(await thrownBy(discoverProvider(server.url))).toMatchObject({ code: "ERR_PKCE_UNSUPPORTED" });
    expect(await discoverProvider(server.url, { columns: { pkce: "ignored" } })).toMatchObject({ pkce: "ignored" });
  });
});

it("MD-11: a login that began with another issuer is not finished with this one, and nothing is sent", async () => {
  const [before, after] = [await sayingTo({}), await sayingTo({})];
  const columns = { name: "shop" };
  const { pending } = await startAuthorization(await discoverProvider(before.url, { columns }), {
    clientId,
    redirectUri,
    scopes: [],
  });
  const provider = await discoverProvider(after.url, { columns });
  const callback = `${redirectUri}?code=code&state=${pending.state}`;
  const error = await thrownBy(finishAuthorization(provider, client, pending, callback));
  expect(error).toMatchObject({ code: "ERR_ISSUER_MISMATCH" });
  expect(after.received.map(({ url }) => url)).toEqual([rfc8414]);
});
