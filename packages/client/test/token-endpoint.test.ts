import type { ServerResponse } from "node:http";
import { inspect } from "node:util";
import { dialects, formatTokenResponse, rfc6749, twitch } from "@codegrant/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  exchangeCode,
  FlowError,
  isConnectionError,
  OAuthError,
  refreshTokens,
  revealTokens,
  Secret,
} from "../src/index.ts";
import { maximumBodyBytes } from "../src/transport.ts";
import {
  client,
  clientId,
  clientSecret,
  now,
  provider,
  redirectUri,
  startedAt,
  strictProvider,
  thrownBy,
  tokenBody,
} from "./fixtures.ts";
import { json, serve } from "./loopback.ts";

const inHand = { code: "gulfwdmys5lsm6qyz4xiz9q32l10", redirectUri, scopes: ["asked"] };

async function exchange(
  body: unknown,
  { where = provider(), status = 200 } = {},
): Promise<ReturnType<typeof revealTokens>> {
  const fetch = async (): Promise<Response> => Response.json(body, { status });
  return revealTokens(await exchangeCode(where, client, inHand, { fetch, now }));
}

describe("CT-13: the token endpoint's redirects are not followed", () => {
  it.each([301, 302, 303, 307, 308])("%i to another origin gets no secret and no code", async (status) => {
    const thief = await serve((_request, response) => json(response, 200, tokenBody));
    const server = await serve((_request, response) => response.writeHead(status, { location: thief.url }).end());
    const error = await thrownBy(exchangeCode(provider(server), client, inHand));
    expect(error).toMatchObject({ code: "ERR_RESPONSE_SHAPE", status, actor: "operator" });
    expect(String(error)).toMatch(/answered with a redirect, which is not followed/);
    expect(thief.received).toEqual([]);
  });
});

describe("CT-14: a 200 without a token is an error", () => {
  it("when it has no access_token", async () => {
    expect(await thrownBy(exchange({ token_type: "bearer" }))).toMatchObject({ code: "ERR_RESPONSE_SHAPE" });
  });

  it("when it is an error in disguise", async () => {
    const body = { error: "bad_verification_code", error_description: "The code is wrong" };
    const error = await thrownBy(exchange(body, { where: strictProvider() }));
    expect(error).toBeInstanceOf(OAuthError);
    expect(error).toMatchObject({ code: "bad_verification_code", actor: "developer" });
  });
});

describe("CT-15: what is no answer becomes a typed error, bounded and without the body's text", () => {
  const secretText = "cfabdegwdoklmawdzdo98xt2fo512y";

  it.each<[string, number, string, string, string]>([
    ["a proxy's page", 502, "text/html", `<h1>${secretText}</h1>`, "ERR_RESPONSE_SHAPE"],
    ["a page with status 200", 200, "text/html", `<h1>${secretText}</h1>`, "ERR_RESPONSE_SHAPE"],
    ["a not found page, as for GET on the token endpoint", 404, "text/html", secretText, "ERR_RESPONSE_SHAPE"],
    ["JSON that breaks off", 200, "application/json", `{"access_token":"${secretText}`, "ERR_RESPONSE_SHAPE"],
    ["a list", 200, "application/json", `["${secretText}"]`, "ERR_RESPONSE_SHAPE"],
    ["nothing", 200, "application/json", "", "ERR_RESPONSE_SHAPE"],
    ["null", 200, "application/json", "null", "ERR_RESPONSE_SHAPE"],
    [
      "a token that no header can carry",
      200,
      "application/json",
      `{"access_token":"${secretText}\\n"}`,
      "ERR_RESPONSE_SHAPE",
    ],
  ])("%s", async (_what, status, contentType, body, code) => {
    const server = await serve((_request, response) =>
      response.writeHead(status, { "content-type": contentType }).end(body),
    );
    const error = await thrownBy(exchangeCode(provider(server), client, inHand));
    expect(error).toBeInstanceOf(FlowError);
    expect(error).toMatchObject({ code, status });
    expect(inspect(error)).not.toContain(secretText);
  });

  it("a byte order mark is no harm", async () => {
    const server = await serve((_request, response) => response.end(`\uFEFF${JSON.stringify(tokenBody)}`));
    const tokens = await exchangeCode(provider(server), client, inHand);
    expect(tokens.accessToken.reveal()).toBe(tokenBody.access_token);
  });

  it("a body that never ends costs at most a mebibyte", async () => {
    const server = await serve((_request, response) => {
      const timer = setInterval(() => response.write("x".repeat(65_536)), 1);
      response.on("close", () => clearInterval(timer));
    });
    const error = await thrownBy(exchangeCode(provider(server), client, inHand));
    expect(error).toMatchObject({ code: "ERR_RESPONSE_TOO_LARGE", actor: "operator" });
    expect(maximumBodyBytes).toBe(1_048_576);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["says nothing", () => undefined],
    ["sends its head and then nothing", (response) => response.writeHead(200).flushHeaders()],
    [
      "sends a byte now and then",
      (response) => {
        const timer = setInterval(() => response.write(" "), 10);
        response.on("close", () => clearInterval(timer));
      },
    ],
  ])("a server that %s is given up", async (_what, answer) => {
    const server = await serve((_request, response) => answer(response));
    const error = await thrownBy(exchangeCode(provider(server), client, inHand, { timeoutSeconds: 0.1 }));
    expect(error).toMatchObject({ code: "ERR_TIMEOUT", actor: "nobody", retryable: true });
  });

  it("a fetch that does not listen to the signal is given up too", async () => {
    const fetch = (): Promise<Response> => new Promise(() => undefined);
    const error = await thrownBy(exchangeCode(provider(), client, inHand, { fetch, timeoutSeconds: 0.01 }));
    expect(error).toMatchObject({ code: "ERR_TIMEOUT" });
  });

  it("a server that is not there is a network error with its cause", async () => {
    const server = await serve(() => undefined);
    await server.close();
    const error = await thrownBy(exchangeCode(provider(server), client, inHand));
    expect(error).toMatchObject({ code: "ERR_NETWORK", actor: "operator", retryable: true });
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it("a connection that breaks in the middle is a network error", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("{");
      response.destroy();
    });
    expect(await thrownBy(exchangeCode(provider(server), client, inHand))).toMatchObject({ code: "ERR_NETWORK" });
  });

  it("any answer at all gives tokens, or a ConnectionError", async () => {
    const status = fc.integer({ min: 200, max: 599 }).filter((one) => ![204, 205, 304].includes(one));
    const body = fc.oneof(fc.json(), fc.string(), fc.constant(JSON.stringify(tokenBody)));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...dialects), status, body, async (dialect, code, text) => {
        const fetch = async (): Promise<Response> => new Response(text, { status: code });
        const outcome = await exchangeCode(provider({ dialect }), client, inHand, { fetch }).catch(
          (error: unknown) => error,
        );
        expect(isConnectionError(outcome) || Object.hasOwn(outcome as object, "accessToken")).toBe(true);
      }),
    );
  });
});

describe("CT-17: expires_in as servers write it", () => {
  it.each<[unknown, number | undefined]>([
    [14_124, startedAt + 60 + 14_124],
    ["3600", startedAt + 60 + 3_600],
    [0, startedAt + 60],
    [-1, startedAt + 60],
    [1e12, startedAt + 60 + 315_360_000],
    [null, undefined],
    ["abc", undefined],
    [undefined, undefined],
    [{}, undefined],
  ])("%j means %j", async (written, expected) => {
    const tokens = await exchange({ ...tokenBody, expires_in: written });
    expect(tokens.expiresAt).toBe(expected);
    expect("expiresAt" in tokens).toBe(expected !== undefined);
  });
});

describe("CT-18: the scope as servers write it", () => {
  it.each<[string, unknown, typeof twitch, readonly string[]]>([
    ["Twitch's array", ["chat:edit", "chat:read"], twitch, ["chat:edit", "chat:read"]],
    ["an array with one empty string", [""], twitch, []],
    ["absent at Twitch: none", undefined, twitch, []],
    ["null at Twitch: none", null, twitch, []],
    ["a string at Twitch", "chat:read", twitch, ["chat:read"]],
    ["absent: as asked", undefined, rfc6749, ["asked"]],
    ["null: as asked", null, rfc6749, ["asked"]],
    ["less than asked", "less", rfc6749, ["less"]],
    ["more than asked", "asked more", rfc6749, ["asked", "more"]],
    ["with commas", "repo,user", rfc6749, ["repo", "user"]],
    ["an empty string", "", rfc6749, []],
  ])("%s", async (_what, scope, dialect, expected) => {
    const { scopes } = await exchange({ ...tokenBody, scope }, { where: provider({ dialect }) });
    expect(scopes).toEqual(expected);
  });

  it("unknown members are no harm", async () => {
    const tokens = await exchange({ ...tokenBody, created_at: 1, authed_user: { id: "U1" }, __proto__: { x: 1 } });
    expect(tokens.accessToken).toBe(tokenBody.access_token);
  });
});

it("an answer without a type of token is a bearer token's, as Kraken's was", async () => {
  const { token_type: _none, ...body } = tokenBody;
  expect(await exchange(body)).toMatchObject({ tokenType: "bearer" });
});

it("reads in every dialect what the server writes in it", async () => {
  for (const dialect of dialects) {
    const response = { accessToken: "a", refreshToken: "r", scopes: ["x", "y"], expiresInSeconds: 60 };
    const body: unknown = JSON.parse(formatTokenResponse(response, dialect));
    expect(await exchange(body, { where: provider({ dialect }) })).toMatchObject({
      accessToken: "a",
      refreshToken: "r",
      scopes: ["x", "y"],
    });
  }
});

describe("how the client proves who it is", () => {
  it("CT-27: reserved characters are form-encoded inside Basic", async () => {
    const server = await serve((_request, response) => json(response, 200, tokenBody));
    const reserved = { clientId: "a:b c", clientSecret: "s%3A+/é&=" };
    await exchangeCode(strictProvider(server), reserved, inHand);
    const [scheme, credentials = ""] = server.received[0]?.headers.authorization?.split(" ") ?? [];
    expect(scheme).toBe("Basic");
    expect(Buffer.from(credentials, "base64").toString()).toBe("a%3Ab+c:s%253A%2B%2F%C3%A9%26%3D");
    expect(server.received[0]?.form.has("client_secret")).toBe(false);
  });

  it("by post, id and secret are fields of the form, and nothing is in the address", async () => {
    const server = await serve((_request, response) => json(response, 200, tokenBody));
    await exchangeCode(provider(server), { clientId, clientSecret: new Secret(clientSecret) }, inHand);
    expect(server.received[0]).toMatchObject({ method: "POST", url: "/token" });
    expect(server.received[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(server.received[0]?.headers.authorization).toBeUndefined();
    expect(server.received[0]?.form.get("client_secret")).toBe(clientSecret);
  });

  it.each([" secret", "secret\n", "secret\r\n", "\tsecret"])(
    "the secret %j is refused before it is sent",
    async (wrong) => {
      const error = await thrownBy(exchangeCode(provider(), { clientId, clientSecret: wrong }, inHand));
      expect(String(error)).toMatch(/TypeError: clientSecret begins or ends with a blank/);
      expect(String(error)).not.toContain("secret\n");
    },
  );
});

describe("every error of the token endpoint says who can act and what to do", () => {
  it.each<[number, string, string, string, RegExp]>([
    [400, "invalid client", "invalid_client", "developer", /does not know this client id/],
    [403, "invalid client secret", "invalid_client", "developer", /wrong or was replaced/],
    [400, "missing client id", "invalid_client", "developer", /not by Basic/],
    [400, "Missing client id", "invalid_client", "developer", /not by Basic/],
    [400, "missing client secret", "invalid_client", "developer", /Pass `clientSecret`/],
    [400, "Invalid authorization code", "invalid_grant", "user", /works once/],
    [
      400,
      "Parameter redirect_uri does not match registered URI",
      "invalid_grant",
      "developer",
      /https:\/\/app\.example\/callback$/,
    ],
    [400, "Invalid grant", "invalid_grant", "user", /log in again/],
    [400, "Invalid scope requested", "invalid_scope", "developer", /scopes/],
    [500, "Missing column authorization_id from item map[]", "server_error", "nobody", /Keep what you have/],
    [503, "busy", "temporarily_unavailable", "nobody", /Keep what you have/],
    [429, "too many", "slow_down", "nobody", /Keep what you have/],
    [400, "something nobody has seen", "invalid_request", "developer", /did not understand the request/],
  ])("Twitch: %i %s", async (status, message, code, actor, hint) => {
    const error = await thrownBy(exchange({ status, message }, { status }));
    expect(error).toBeInstanceOf(OAuthError);
    expect(error).toMatchObject({ code, actor, status, provider: "example", retryable: actor === "nobody" });
    expect((error as { hint: string }).hint).toMatch(hint);
  });

  it.each([
    ["invalid_request", 400, "developer"],
    ["invalid_client", 401, "developer"],
    ["invalid_grant", 400, "user"],
    ["unauthorized_client", 400, "developer"],
    ["unsupported_grant_type", 400, "developer"],
    ["invalid_scope", 400, "developer"],
    ["invalid_target", 400, "developer"],
  ])("RFC 6749: %s", async (code, status, actor) => {
    const error = await thrownBy(
      exchange({ error: code, error_description: "text" }, { where: strictProvider(), status }),
    );
    expect(error).toMatchObject({ code, status, actor, retryable: false });
  });
});

describe("LG-10: no error holds a secret, even if the server repeats what it was sent", () => {
  const verifier = "v".repeat(43);
  const refreshToken = "5b93chm6hdve3mycz05zfzatkfdenfspp1h1ar2xxdalen01";
  const secrets = [clientSecret, inHand.code, verifier, refreshToken];

  const answers: readonly [string, (body: string) => Response][] = [
    [
      "in its text",
      (body) => Response.json({ status: 400, message: `bad request: ${decodeURIComponent(body)}` }, { status: 400 }),
    ],
    [
      "in error_description",
      (body) => Response.json({ error: "invalid_grant", error_description: body }, { status: 400 }),
    ],
    ["as the code", (body) => Response.json({ error: body }, { status: 400 })],
    [
      "in a page",
      (body) => new Response(`<pre>${body}</pre>`, { status: 500, headers: { "content-type": "text/html" } }),
    ],
    ["as its content type", (body) => new Response("{", { headers: { "content-type": `x/${body.slice(0, 50)}` } })],
  ];

  it.each(answers)("%s", async (_where, answer) => {
    for (const where of [provider(), provider({ dialect: rfc6749 })]) {
      const fetch = async (_url: string, init: RequestInit): Promise<Response> =>
        answer(typeof init.body === "string" ? init.body : "");
      const errors = [
        await thrownBy(exchangeCode(where, client, { ...inHand, codeVerifier: verifier }, { fetch })),
        await thrownBy(refreshTokens(where, client, { refreshToken: new Secret(refreshToken), scopes: [] }, { fetch })),
      ];
      for (const error of errors) {
        const printed = `${inspect(error, { depth: null, showHidden: true })} ${JSON.stringify(error)} ${String(error)}`;
        for (const secret of secrets) expect(printed).not.toContain(secret);
      }
    }
  });

  it("when the network fails", async () => {
    const server = await serve(() => undefined);
    await server.close();
    const error = await thrownBy(exchangeCode(provider(server), client, { ...inHand, codeVerifier: verifier }));
    for (const secret of secrets) expect(inspect(error, { depth: null, showHidden: true })).not.toContain(secret);
  });
});
