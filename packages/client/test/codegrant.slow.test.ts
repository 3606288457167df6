import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playUser } from "../../../examples/sample/src/robot.ts";
import {
  type ClientCredentials,
  type CodegrantDialect,
  codegrantProvider,
  discoverProvider,
  exchangeCode,
  finishAuthorization,
  identify,
  type PendingAuthorization,
  type Provider,
  pollDeviceAuthorization,
  refreshTokens,
  revokeToken,
  startAuthorization,
  startDeviceAuthorization,
  type Tokens,
  validateToken,
} from "../src/index.ts";
import { demoUser, type RunningCodegrant, startCodegrant } from "./codegrant-server.ts";
import { thrownBy } from "./fixtures.ts";
import { type LoopbackServer, startServer } from "./loopback.ts";

const dialects: readonly CodegrantDialect[] = ["twitch", "kraken", "rfc6749"];

let codegrant: RunningCodegrant;
/** An application of two pages: one sends the browser to an address, the other is where it comes back to. */
let landing: LoopbackServer;
beforeAll(async () => {
  codegrant = await startCodegrant();
  landing = await startServer(({ url }, response) => {
    const [path, query] = url.split("?to=");
    if (path === "/start") response.writeHead(302, { location: decodeURIComponent(query ?? "") }).end();
    else response.end("hello");
  });
});
afterAll(async () => {
  await landing.close();
  await codegrant.close();
});

interface CameBack {
  readonly provider: Provider;
  readonly client: ClientCredentials;
  readonly pending: PendingAuthorization;
  readonly callback: string;
}

/** Starts a flow at our own server and has the user answer, up to the callback. */
async function comeBack(
  dialect: CodegrantDialect,
  decision: "approve" | "decline" = "approve",
  type: "confidential" | "public" = "confidential",
): Promise<CameBack> {
  const redirectUri = `${landing.url}/callback`;
  const provider = codegrantProvider(codegrant.url, dialect);
  const client = await codegrant.register(redirectUri, type);
  const { url, pending } = await startAuthorization(provider, { ...client, redirectUri, scopes: ["user_read"] });
  const startUrl = `${landing.url}/start?to=${encodeURIComponent(url)}`;
  const page = await playUser({ startUrl, ...demoUser, decision });
  return { provider, client, pending, callback: page.url };
}

async function connect(
  dialect: CodegrantDialect,
  type?: "confidential" | "public",
): Promise<CameBack & { tokens: Tokens }> {
  const back = await comeBack(dialect, "approve", type);
  const result = await finishAuthorization(back.provider, back.client, back.pending, back.callback);
  if (result.status === "declined") throw result.error;
  return { ...back, tokens: result.tokens };
}

describe.each(dialects)("our own server, in the dialect %s", (dialect) => {
  it("tells who approved", async () => {
    const { tokens, client, provider } = await connect(dialect);
    expect(await identify(provider, client, tokens)).toMatchObject({ id: expect.any(String), login: demoUser.login });
  });

  it("begins a login by device and says that nobody has answered yet", async () => {
    const provider = codegrantProvider(codegrant.url, dialect);
    const client = await codegrant.register(`${landing.url}/callback`);
    const device = await startDeviceAuthorization(provider, client, { scopes: ["user_read"] });
    expect(device.verificationUriComplete).toContain(device.userCode);
    expect(await pollDeviceAuthorization(provider, client, device)).toEqual({ status: "pending", intervalSeconds: 5 });
  });

  it("gives tokens for the user's approval", async () => {
    const { tokens, client, provider } = await connect(dialect);
    expect(tokens.scopes).toEqual(["user_read"]);
    expect(tokens.refreshToken).toBeDefined();
    expect(tokens.expiresAt).toBeGreaterThan(tokens.receivedAt);
    if (provider.endpoints.validate === undefined) return;
    expect(await validateToken(provider, tokens.accessToken)).toMatchObject({
      status: "alive",
      clientId: client.clientId,
      login: demoUser.login,
      scopes: ["user_read"],
    });
  });

  it("gives a public client tokens for its verifier", async () => {
    const { tokens } = await connect(dialect, "public");
    expect(tokens.scopes).toEqual(["user_read"]);
  });

  it("brings back the user's no as a result", async () => {
    const { provider, client, pending, callback } = await comeBack(dialect, "decline");
    expect(await finishAuthorization(provider, client, pending, callback)).toMatchObject({
      status: "declined",
      error: { code: "access_denied", description: "The user denied you access" },
    });
  });

  it("CC-10: the callback twenty times at once gives the same tokens twenty times", async () => {
    const { provider, client, pending, callback } = await comeBack(dialect);
    const visits = Array.from({ length: 20 }, () => finishAuthorization(provider, client, pending, callback));
    const tokens = (await Promise.all(visits)).map((result) =>
      result.status === "approved" ? result.tokens : undefined,
    );
    expect(new Set(tokens.map((one) => one?.accessToken.reveal())).size).toBe(1);
    const [first] = tokens;
    if (first?.refreshToken === undefined) throw new Error("no refresh token");
    // The grant lives: no second exchange has been sent.
    await expect(refreshTokens(provider, client, first)).resolves.toHaveProperty("accessToken");
  });

  it("refreshes, and takes the newest refresh token from then on", async () => {
    const { provider, client, tokens } = await connect(dialect);
    const fresh = await refreshTokens(provider, client, tokens);
    expect(fresh.accessToken.reveal()).not.toBe(tokens.accessToken.reveal());
    expect(fresh.refreshToken?.reveal()).not.toBe(tokens.refreshToken?.reveal());
    expect(fresh.scopes).toEqual(["user_read"]);
  });

  it("revokes the grant, and a refresh says to log in again", async () => {
    const { provider, client, tokens } = await connect(dialect);
    if (tokens.refreshToken === undefined) throw new Error("no refresh token");
    expect(await revokeToken(provider, client, tokens.refreshToken)).toEqual({ status: "revoked" });
    expect(await thrownBy(refreshTokens(provider, client, tokens))).toMatchObject({
      code: "invalid_grant",
      actor: "user",
      retryable: false,
    });
  });

  it.each<[string, (back: CameBack) => Promise<unknown>, string, string]>([
    [
      "a wrong secret",
      ({ provider, client, pending, callback }) =>
        finishAuthorization(provider, { ...client, clientSecret: "wrong" }, pending, callback),
      "invalid_client",
      "developer",
    ],
    [
      "an unknown client",
      ({ provider, pending, callback }) =>
        finishAuthorization(
          provider,
          { clientId: "nobody", clientSecret: "wrong" },
          { ...pending, clientId: "nobody" },
          callback,
        ),
      "invalid_client",
      "developer",
    ],
    [
      "a wrong code",
      ({ provider, client, pending }) => exchangeCode(provider, client, { ...pending, code: "wrong" }),
      "invalid_grant",
      "user",
    ],
    [
      "a wrong verifier",
      ({ provider, client, pending, callback }) =>
        finishAuthorization(provider, client, { ...pending, codeVerifier: "x".repeat(43) }, callback),
      "invalid_grant",
      "user",
    ],
    [
      "another redirect URI",
      ({ provider, client, pending, callback }) =>
        finishAuthorization(provider, client, { ...pending, redirectUri: `${pending.redirectUri}/` }, callback),
      "invalid_grant",
      "",
    ],
  ])("%s is refused with who can act", async (_what, act, code, actor) => {
    const error = await thrownBy(act(await comeBack(dialect)));
    expect(error).toMatchObject({ code, retryable: false, provider: codegrantProvider(codegrant.url, dialect).name });
    if (actor !== "") expect(error).toMatchObject({ actor });
  });
});

it.each(["twitch", "rfc6749"] as const)("a %s server of ours has RFC 6749 where its provider looks", async (served) => {
  const own = await startCodegrant(served);
  const provider = codegrantProvider(own.url, "rfc6749");
  const error = await thrownBy(
    exchangeCode(provider, { clientId: "nobody" }, { code: "x", redirectUri: "http://a.example/" }),
  );
  await own.close();
  expect(error).toMatchObject({ code: "invalid_client" });
});

it("our own server is found by its issuer, with everything its record says", async () => {
  const found = await discoverProvider(codegrant.url);
  const known = codegrantProvider(codegrant.url, "rfc6749");
  const { userinfo: _found, validate: _none, ...endpoints } = { ...known.endpoints };
  expect(found.endpoints).toMatchObject(endpoints);
  expect(found.issuerInCallback).toBe(known.issuerInCallback);
  expect(found.identity).toEqual(expect.arrayContaining([...(known.identity ?? [])]));
});
