import { createUser, disconnect } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { password } from "../platform.ts";
import { type Answer, requestOf, send, visitor } from "../visitor.ts";
import { expectJson } from "./expectations.ts";
import { codeOn, onRfc6749, onTwitch, type Stage, stage, type Tokens, tokensOn } from "./stage.ts";
import { watchedStore } from "./store-around.ts";

let on: Stage;
let tokens: Tokens;
let watched: ReturnType<typeof watchedStore>;
beforeEach(async () => {
  watched = watchedStore();
  on = await stage({}, { store: watched.store });
  tokens = await tokensOn(onTwitch, on, { scope: "user_read user:read:email" });
  watched.written.length = 0;
});

type Headers = Readonly<Record<string, string>>;

/** Each endpoint that is shown an access token, what it answers when it is good, and what it says of a dead one. */
interface Shown {
  readonly path: string;
  readonly missing: Readonly<Record<string, unknown>>;
  readonly invalid: Readonly<Record<string, unknown>>;
  readonly schemes: readonly string[];
  readonly foreignScheme: string;
}

const kraken = { error: "Unauthorized", status: 401, message: "Token invalid or missing required scope" };
const shown: readonly Shown[] = [
  ...["/oauth2/validate", "/auth/validate"].map((path) => ({
    path,
    missing: { status: 401, message: "missing authorization token" },
    invalid: { status: 401, message: "invalid access token" },
    schemes: ["Bearer", "OAuth", "bearer", "oauth", "BEARER"],
    foreignScheme: "Basic",
  })),
  {
    path: "/kraken/user",
    missing: kraken,
    invalid: kraken,
    schemes: ["OAuth", "Bearer", "oauth"],
    foreignScheme: "Token",
  },
  {
    path: "/helix/users",
    missing: { error: "Unauthorized", status: 401, message: "OAuth token is missing" },
    invalid: { error: "Unauthorized", status: 401, message: "Invalid OAuth token" },
    schemes: ["Bearer", "bearer"],
    foreignScheme: "OAuth",
  },
];

function ask(path: string, headers: Headers): Promise<Answer> {
  return send(on.platform.server, path, { headers: { "client-id": on.app.clientId, ...headers } });
}

function expectSaid(answer: Answer, said: Readonly<Record<string, unknown>>): void {
  expectJson(answer);
  expect([answer.status, answer.json()]).toEqual([401, said]);
}

describe.each(shown)("$path", ({ path, missing, invalid, schemes, foreignScheme }) => {
  it.each(schemes)("RI-22: takes a living token after %s", async (scheme) => {
    const answer = await ask(path, { authorization: `${scheme} ${tokens.access}` });
    expectJson(answer);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain("ada");
  });

  it.each<[string, (access: string) => Headers]>([
    ["no header", () => ({})],
    ["an empty header", () => ({ authorization: "" })],
    ["another scheme", (access) => ({ authorization: `${foreignScheme} ${access}` })],
    ["the token without a scheme", (access) => ({ authorization: access })],
  ])("says of %s that the token is missing", async (_, headers) => {
    expectSaid(await ask(path, headers(tokens.access)), missing);
  });

  it.each<[string, (access: string) => string]>([
    ["nonsense", () => "Bearer nonsense"],
    ["a text of the right form", () => `Bearer cga_${"A".repeat(64)}`],
    [
      "a token with one character changed",
      (access) => `Bearer ${access.slice(0, -1)}${access.endsWith("A") ? "B" : "A"}`,
    ],
    ["RI-22: two blanks", (access) => `Bearer  ${access}`],
    ["RI-22: a blank after it", (access) => `Bearer ${access} `],
    ["RI-22: a tab", (access) => `Bearer\t${access}`],
    ["RI-22: two tokens", (access) => `Bearer ${access}, Bearer ${access}`],
    ["RI-22: the scheme alone", () => "Bearer"],
    ["RI-22: the scheme and a blank", () => "Bearer "],
    ["a very long text", () => `Bearer ${"x".repeat(10_000)}`],
    ["letters outside ASCII", () => "Bearer é"],
  ])("refuses %s", async (_, header) => {
    const answer = await ask(path, { authorization: header(tokens.access) });
    expectJson(answer);
    expect(answer.status).toBe(401);
    expect([invalid, missing]).toContainEqual(answer.json());
    expect(watched.written).toEqual([]);
  });

  it("RI-22: refuses two Authorization headers, even if both are the same", async () => {
    const headers = { authorization: `Bearer ${tokens.access}`, "client-id": on.app.clientId };
    const message = await on.platform.server({ ...requestOf(path, { headers }), headerCount: () => 2 });
    expect(message.status).toBe(401);
    expect(message.body).not.toContain("ada");
  });

  it("RF-09: refuses a refresh token, a code and a token of the other family", async () => {
    const code = await codeOn(onTwitch, on);
    const foreign = await tokensOn(onRfc6749, on);
    for (const token of [tokens.refresh, `cga_${tokens.refresh.slice(4)}`, code, foreign.access])
      expectSaid(await ask(path, { authorization: `Bearer ${token}` }), invalid);
  });

  it("RI-18: reads the token from the header alone", async () => {
    const query = new URLSearchParams({
      access_token: tokens.access,
      oauth_token: tokens.access,
      token: tokens.access,
    });
    expectSaid(await ask(`${path}?${query}`, {}), missing);
    const type = { "content-type": "application/x-www-form-urlencoded", "client-id": on.app.clientId };
    const posted = await send(on.platform.server, path, { method: "POST", headers: type, body: query.toString() });
    expectSaid(posted, missing);
  });

  it("refuses an expired one, and one whose user disconnected", async () => {
    const headers = { authorization: `Bearer ${tokens.access}` };
    on.platform.step(4 * 3_600 - 1);
    expect((await ask(path, headers)).status).toBe(200);
    on.platform.step(1);
    expectSaid(await ask(path, headers), invalid);
    on.platform.step(-3_600);
    expect((await ask(path, headers)).status).toBe(200);
    const [user] = await on.platform.store.listUsers({ limit: 1 });
    await disconnect(on.platform, user?.id ?? "", on.app.application.id);
    expectSaid(await ask(path, headers), invalid);
  });

  it("writes nothing, whatever it is asked and however", async () => {
    for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]) {
      const headers = { authorization: `Bearer ${tokens.access}`, "client-id": on.app.clientId };
      expect((await send(on.platform.server, path, { method, headers })).status).toBeLessThan(500);
    }
    expect(watched.written).toEqual([]);
  });
});

describe("GET /kraken", () => {
  const dead = { token: { valid: false, authorization: null } };

  it("says of a living token whose it is", async () => {
    const answer = await ask("/kraken", { authorization: `OAuth ${tokens.access}` });
    expect(answer.json()).toEqual({
      token: {
        valid: true,
        authorization: {
          scopes: ["user_read", "user:read:email"],
          created_at: "2027-01-15T08:00:00Z",
          updated_at: "2027-01-15T08:00:00Z",
        },
        user_name: "ada",
        user_id: expect.any(String),
        client_id: on.app.clientId,
      },
      _links: {},
    });
  });

  it("answers a missing or dead token, for it asks whether there is one", async () => {
    for (const authorization of [
      undefined,
      "",
      "OAuth nonsense",
      `Basic ${tokens.access}`,
      `OAuth ${tokens.refresh}`,
    ]) {
      const answer = await ask("/kraken", authorization === undefined ? {} : { authorization });
      expect([answer.status, answer.json()]).toEqual([200, dead]);
    }
  });

  it("RI-18: reads no token from the query, where logs would keep it", async () => {
    expect((await ask(`/kraken?oauth_token=${tokens.access}`, {})).json()).toEqual(dead);
  });
});

describe("what a scope opens", () => {
  it.each([
    ["/kraken/user", "OAuth realm='TwitchTV', error='invalid_token'"],
    ["/oauth2/validate", undefined],
    ["/helix/users", undefined],
  ])("%s challenges whoever brings no good token as its API did: %s", async (path, challenge) => {
    const headers: readonly Headers[] = [{}, { authorization: "OAuth none" }, { authorization: "Bearer none" }];
    const answers = await Promise.all(headers.map((sent) => ask(path, sent)));
    expect(answers.map((answer) => answer.header("www-authenticate"))).toEqual(headers.map(() => challenge));
  });

  it("GET /kraken/user needs user_read", async () => {
    const without = await tokensOn(onTwitch, on, { scope: "chat_login" });
    expectSaid(await ask("/kraken/user", { authorization: `OAuth ${without.access}` }), {
      error: "Unauthorized",
      status: 401,
      message: "missing required oauth scope",
    });
  });

  it("the address needs its own: user:read:email at GET /helix/users", async () => {
    await createUser(on.platform, { login: "eve", password, email: "eve@mail.example" });
    const eve: Stage = { ...on, person: visitor(on.platform.server) };
    const page = await eve.person.get("/settings/connections");
    await eve.person.submit("/settings/connections", page, { login: "eve", password });
    const said = async (scope: string): Promise<string> => {
      const { access } = await tokensOn(onTwitch, eve, { scope });
      return (await ask("/helix/users", { authorization: `Bearer ${access}` })).body;
    };
    expect(await said("user:read:email")).toContain("eve@mail.example");
    expect(await said("user_read")).not.toContain("mail.example");
  });

  it("validate names the scopes of the token, and null where there are none", async () => {
    const authorization = `OAuth ${(await tokensOn(onTwitch, on, { scope: "" })).access}`;
    expect((await ask("/oauth2/validate", { authorization })).json()).toEqual({
      client_id: on.app.clientId,
      login: "ada",
      scopes: null,
      user_id: expect.any(String),
      expires_in: 14_400,
    });
  });
});

describe("GET /helix/users", () => {
  it("shows of the users asked for only the one who approved, and says how many more may be asked", async () => {
    const headers = { authorization: `Bearer ${tokens.access}`, "client-id": on.app.clientId };
    const own = (await ask("/helix/users", headers)).json()["data"] as { id: string }[];
    for (const query of [`id=${own[0]?.id}`, "login=ADA", `id=99&login=nobody&id=${own[0]?.id}`])
      expect((await ask(`/helix/users?${query}`, headers)).json()).toEqual({ data: own });
    for (const query of ["id=99", "login=nobody", "id=", "login=%zz"])
      expect((await ask(`/mock/users?${query}`, headers)).json()).toEqual({ data: [] });
    for (const sent of [headers, {}]) {
      const answer = await ask("/helix/users", sent);
      expect(Number(answer.header("ratelimit-remaining"))).toBeGreaterThan(0);
      expect(answer.header("ratelimit-reset")).toBe(String(on.platform.now() + 60));
    }
  });

  it("needs the id of the application that got the token", async () => {
    const authorization = `Bearer ${tokens.access}`;
    const missing = await send(on.platform.server, "/helix/users", { headers: { authorization } });
    expectSaid(missing, { error: "Unauthorized", status: 401, message: "Client ID is missing" });
    for (const id of ["other", "", `${on.app.clientId}, ${on.app.clientId}`]) {
      const answer = await ask("/helix/users", { authorization, "client-id": id });
      expect(answer.status).toBe(401);
      expect(answer.body).not.toContain("ada");
    }
  });
});
