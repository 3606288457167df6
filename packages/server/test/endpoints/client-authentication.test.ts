import { createHash } from "node:crypto";
import { disableApplication, rotateSecret } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { type Registered, redirectUri, registered } from "../platform.ts";
import { type Answer, requestOf, send } from "../visitor.ts";
import { expectJson, expectRefusal } from "./expectations.ts";
import {
  codeOn,
  exchangeOn,
  onKraken,
  onRfc6749,
  onTwitch,
  postPairs,
  type Stage,
  stage,
  surfaces,
  tokensOn,
} from "./stage.ts";
import { watchedStore } from "./store-around.ts";

let on: Stage;
let watched: ReturnType<typeof watchedStore>;
beforeEach(async () => {
  watched = watchedStore();
  on = await stage({}, { store: watched.store });
});

const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;

type Fields = Readonly<Record<string, string | undefined>>;

/** A refresh in RFC 6749, which asks for nothing but the application's proof and the token. */
async function ask(
  refreshToken: string,
  fields: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const all = Object.entries({ grant_type: "refresh_token", refresh_token: refreshToken, ...fields });
  const given = all.filter((pair): pair is [string, string] => pair[1] !== undefined);
  return postPairs(on.platform, "/oauth/token", given, headers);
}

async function tokenBefore(): Promise<string> {
  const { refresh } = await tokensOn(onRfc6749, on);
  watched.written.length = 0;
  return refresh;
}

describe("an application's proof in RFC 6749", () => {
  it("is taken as Basic, in any case of the scheme, and in the body", async () => {
    const { clientId, clientSecret } = on.app;
    for (const scheme of ["Basic", "basic", "BASIC"]) {
      const authorization = basic(clientId, clientSecret).replace("Basic", scheme);
      expect((await ask(await tokenBefore(), {}, { authorization })).status).toBe(200);
    }
    expect((await ask(await tokenBefore(), { client_id: clientId, client_secret: clientSecret })).status).toBe(200);
    expect(
      (await ask(await tokenBefore(), { client_id: clientId }, { authorization: basic(clientId, clientSecret) }))
        .status,
    ).toBe(200);
  });

  it.each<[string, number, string, (app: Registered) => [fields: Fields, authorization?: string]]>([
    [
      "CA-03: right in the header and right in the body",
      400,
      "invalid_request",
      ({ clientId, clientSecret }) => [
        { client_id: clientId, client_secret: clientSecret },
        basic(clientId, clientSecret),
      ],
    ],
    [
      "CA-03: right in the header, the secret alone in the body",
      400,
      "invalid_request",
      ({ clientId, clientSecret }) => [{ client_secret: clientSecret }, basic(clientId, clientSecret)],
    ],
    [
      "CA-04: for one application in the header, another named in the body",
      400,
      "invalid_request",
      ({ clientId, clientSecret }) => [{ client_id: "other" }, basic(clientId, clientSecret)],
    ],
    ["CA-06: bad base64", 401, "invalid_client", () => [{}, "Basic !!!"]],
    ["CA-06: base64 cut short", 401, "invalid_client", () => [{}, "Basic YWJjZ"]],
    ["CA-06: no colon", 401, "invalid_client", () => [{}, `Basic ${Buffer.from("nocolon").toString("base64")}`]],
    ["CA-06: nothing after the scheme", 401, "invalid_client", () => [{}, "Basic "]],
    ["CA-06: the scheme alone", 401, "invalid_client", () => [{}, "Basic"]],
    [
      "CA-06: bytes that are no UTF-8",
      401,
      "invalid_client",
      () => [{}, `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0x61]).toString("base64")}`],
    ],
    ["CA-06: a NUL in the id", 401, "invalid_client", () => [{}, basic("a%00b", "x")]],
    ["CA-06: broken form-encoding", 401, "invalid_client", () => [{}, basic("a%zz", "x")]],
    ["CA-06: an unknown id", 401, "invalid_client", () => [{}, basic("nobody", "x")]],
    ["CA-06: a very long header", 401, "invalid_client", ({ clientId }) => [{}, basic(clientId, "x".repeat(10_000))]],
    [
      "CA-08: a wrong secret",
      401,
      "invalid_client",
      ({ clientId }) => [{ client_id: clientId, client_secret: "wrong" }],
    ],
    [
      "CA-11: an empty secret in the body",
      401,
      "invalid_client",
      ({ clientId }) => [{ client_id: clientId, client_secret: "" }],
    ],
    ["CA-11: an empty secret in the header", 401, "invalid_client", ({ clientId }) => [{}, basic(clientId, "")]],
    ["CA-11: the id alone", 401, "invalid_client", ({ clientId }) => [{ client_id: clientId }]],
    ["CA-11: nobody named", 401, "invalid_client", () => [{}]],
    [
      "CA-13: the right secret cut short",
      401,
      "invalid_client",
      ({ clientId, clientSecret }) => [{ client_id: clientId, client_secret: clientSecret.slice(0, -1) }],
    ],
    [
      "CA-13: the right secret and one more",
      401,
      "invalid_client",
      ({ clientId, clientSecret }) => [{ client_id: clientId, client_secret: `${clientSecret}x` }],
    ],
    [
      "CA-13: the right secret in small letters",
      401,
      "invalid_client",
      ({ clientId, clientSecret }) => [{ client_id: clientId, client_secret: clientSecret.toLowerCase() }],
    ],
    [
      "CA-13: the hash that is kept of the secret",
      401,
      "invalid_client",
      ({ clientId, clientSecret }) => [
        { client_id: clientId, client_secret: createHash("sha256").update(clientSecret).digest("hex") },
      ],
    ],
    [
      "CA-16: an assertion beside the id",
      401,
      "invalid_client",
      ({ clientId }) => [
        {
          client_id: clientId,
          client_assertion: "x.y.z",
          client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        },
      ],
    ],
    [
      "CA-16: an assertion beside the right secret",
      401,
      "invalid_client",
      ({ clientId, clientSecret }) => [{ client_id: clientId, client_secret: clientSecret, client_assertion: "x.y.z" }],
    ],
    [
      "CA-17: a bearer token beside the id",
      401,
      "invalid_client",
      ({ clientId }) => [{ client_id: clientId }, "Bearer x"],
    ],
  ])("%s is refused, and nothing is spent or written", async (_, status, error, make) => {
    const refreshToken = await tokenBefore();
    const [fields, authorization] = make(on.app);
    const answer = await ask(refreshToken, fields, authorization === undefined ? {} : { authorization });
    expectRefusal(answer, onRfc6749, status, error, "");
    if (status === 401) expect(answer.header("www-authenticate")).toBe('Basic realm="codegrant", charset="UTF-8"');
    expect(watched.written).toEqual([]);
    expect((await ask(refreshToken, { client_id: on.app.clientId, client_secret: on.app.clientSecret })).status).toBe(
      200,
    );
  });

  it.each([
    ["Basic twice", 2],
    ["any header twice", 3],
  ])("CA-06: %s is refused, whichever is right", async (_, count) => {
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: await tokenBefore() }).toString();
    for (const surface of surfaces) {
      const request = requestOf(`${surface.prefix}/token`, {
        method: "POST",
        headers: {
          authorization: basic(on.app.clientId, on.app.clientSecret),
          "content-type": "application/x-www-form-urlencoded",
        },
        body,
      });
      const message = await on.platform.server({ ...request, headerCount: () => count });
      expect(message.status).toBe(401);
    }
    expect(watched.written).toEqual([]);
  });

  it.each(["a:b", "100%", "a+b", "a b", "é", "%41", "'\"\\", "ключ"])(
    "CA-05: a secret such as %s is form-encoded inside Basic",
    async (secret) => {
      const clientId = "one:two";
      const known = await on.platform.store.createApplication({
        ...on.app.application,
        clientId,
        secrets: [{ hash: createHash("sha256").update(secret).digest(), createdAt: 1 }],
      });
      const app = { application: known, clientId, clientSecret: secret };
      const code = await codeOn(onRfc6749, { ...on, app });
      const encode = (text: string): string => encodeURIComponent(text).replaceAll("%20", "+");
      const pairs = Object.entries({
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
      });
      const authorization = basic(encode(clientId), encode(secret));
      expect((await postPairs(on.platform, "/oauth/token", pairs, { authorization })).status).toBe(200);
    },
  );

  it("CA-07, TP-10: is not read from the address, and its value is not logged", async () => {
    const refreshToken = await tokenBefore();
    const query = new URLSearchParams({ client_id: on.app.clientId, client_secret: on.app.clientSecret });
    const answer = await postPairs(on.platform, `/oauth/token?${query}`, [
      ["grant_type", "refresh_token"],
      ["refresh_token", refreshToken],
    ]);
    expectRefusal(answer, onRfc6749, 401, "invalid_client", "");
    expect(JSON.stringify(on.platform.logged)).not.toContain(on.app.clientSecret);
    expect(watched.written).toEqual([]);
  });

  it("CA-10: is good in both ways for every confidential application, and never required to be one of them", async () => {
    const one = await tokenBefore();
    expect((await ask(one, {}, { authorization: basic(on.app.clientId, on.app.clientSecret) })).status).toBe(200);
    expect((await ask(one, { client_id: on.app.clientId, client_secret: on.app.clientSecret })).status).toBe(200);
  });
});

describe("a public application", () => {
  const asOpen = async (): Promise<Stage> => ({
    ...on,
    app: await registered(on.platform, { type: "public", name: "Open" }),
  });

  it.each(surfaces)("CA-08: that sends a secret is refused, $name", async (surface) => {
    const open = await asOpen();
    const code = await codeOn(surface, open);
    const answer = await exchangeOn(surface, open, code, { client_secret: "made-up" });
    const status = surface === onRfc6749 ? 401 : 403;
    expectRefusal(answer, surface, status, "invalid_client", "invalid client secret");
    expect((await exchangeOn(surface, open, code)).status).toBe(200);
  });

  it("CA-08, CA-11: that sends one as Basic is refused, an empty one too", async () => {
    const open = await asOpen();
    const { refresh: refreshToken } = await tokensOn(onRfc6749, open);
    for (const secret of ["made-up", ""]) {
      const answer = await ask(refreshToken, {}, { authorization: basic(open.app.clientId, secret) });
      expectRefusal(answer, onRfc6749, 401, "invalid_client", "");
    }
  });

  it.each(surfaces)("CA-16: is not let through with an assertion that nobody checks, $name", async (surface) => {
    const open = await asOpen();
    const code = await codeOn(surface, open);
    const answer = await exchangeOn(surface, open, code, { client_assertion: "x.y.z", client_assertion_type: "jwt" });
    expect(answer.status).toBe(401);
    expect((await exchangeOn(surface, open, code)).status).toBe(200);
  });

  it("CA-17: may carry a bearer header, which proves nothing and harms nothing", async () => {
    const open = await asOpen();
    const { refresh: refreshToken } = await tokensOn(onRfc6749, open);
    const fields = { client_id: open.app.clientId };
    expect((await ask(refreshToken, fields, { authorization: "Bearer anything" })).status).toBe(200);
    expectRefusal(
      await ask(refreshToken, {}, { authorization: "Bearer anything" }),
      onRfc6749,
      401,
      "invalid_client",
      "",
    );
  });
});

describe("an application's proof in Twitch's dialects", () => {
  it.each([onTwitch, onKraken])(
    "is read from body and address alone; Basic counts for nothing, $name",
    async (surface) => {
      const code = await codeOn(surface, on);
      const missing = surface === onKraken ? "No client id specified" : "missing client id";
      const answer = await send(on.platform.server, `${surface.prefix}/token`, {
        method: "POST",
        headers: { authorization: basic(on.app.clientId, on.app.clientSecret) },
        body: { grant_type: "authorization_code", code, redirect_uri: redirectUri },
      });
      expectRefusal(answer, surface, 400, "invalid_client", missing);
    },
  );
});

describe.each(surfaces)("the secret, $name", (surface) => {
  it("CA-13: that was replaced is good while the two overlap, and no longer", async () => {
    const old = on.app.clientSecret;
    const { clientSecret } = await rotateSecret(on.platform, on.app.application.id, { overlapSeconds: 60 });
    const renewed = { ...on, app: { ...on.app, clientSecret } };
    expect((await exchangeOn(surface, on, await codeOn(surface, on), { client_secret: old })).status).toBe(200);
    expect((await exchangeOn(surface, renewed, await codeOn(surface, on))).status).toBe(200);
    on.platform.step(60);
    expect(
      (await exchangeOn(surface, on, await codeOn(surface, on), { client_secret: old })).status,
    ).toBeGreaterThanOrEqual(401);
    expect((await exchangeOn(surface, renewed, await codeOn(surface, on))).status).toBe(200);
  });

  it("CA-08: of a disabled application is answered as such only when it is right", async () => {
    const code = await codeOn(surface, on);
    await disableApplication(on.platform, on.app.application.id);
    const right = await exchangeOn(surface, on, code);
    expectRefusal(right, surface, 400, "unauthorized_client", "invalid client");
    const wrong = await exchangeOn(surface, on, code, { client_secret: "wrong" });
    expectJson(wrong);
    expect(wrong.status).toBe(surface === onRfc6749 ? 401 : 403);
  });
});
