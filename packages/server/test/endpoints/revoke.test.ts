import { beforeEach, describe, expect, it } from "vitest";
import { refresh } from "../flow.ts";
import { type Registered, registered } from "../platform.ts";
import { type Answer, send } from "../visitor.ts";
import { expectRefusal } from "./expectations.ts";
import {
  codeOn,
  exchangeOn,
  isGood,
  onKraken,
  onRfc6749,
  onTwitch,
  postText,
  type Stage,
  type Surface,
  stage,
  surfaces,
  type Tokens,
  tokensOf,
  tokensOn,
} from "./stage.ts";
import { watchedStore } from "./store-around.ts";

const day = 86_400;

let on: Stage;
let watched: ReturnType<typeof watchedStore>;
beforeEach(async () => {
  watched = watchedStore();
  on = await stage({}, { store: watched.store });
});

function revoke(
  surface: Surface,
  { platform, app }: Pick<Stage, "platform" | "app">,
  token: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const proof = surface === onRfc6749 && app.clientSecret !== "" ? { client_secret: app.clientSecret } : {};
  const body = new URLSearchParams({ client_id: app.clientId, ...proof, token, ...more }).toString();
  return postText(platform, `${surface.prefix}/revoke`, body);
}

async function refreshes(
  surface: Surface,
  { refresh: token }: Pick<Tokens, "refresh">,
  at: Stage = on,
): Promise<boolean> {
  return (await refresh(at.platform, at.app, token, {}, `${surface.prefix}/token`)).status === 200;
}

function expectDone(surface: Surface, answer: Answer): void {
  const { doneBody } = surface.dialect.revocation;
  expect([answer.status, answer.header("content-type"), answer.body]).toEqual([200, "application/json", doneBody]);
}

it.each([
  // simple-oauth2 and @badgateway/oauth2-client can both read this; RFC 7009, 2.2, has every other client ignore it.
  ["{}", onRfc6749],
  ["", onTwitch],
  ['{"status":"ok"}', onKraken],
])("a revocation that is done says %j to clients of its dialect", async (body, surface) => {
  const answer = await revoke(surface, on, (await tokensOn(surface, on)).access);
  expect([answer.status, answer.header("content-type"), answer.body]).toEqual([200, "application/json", body]);
});

describe.each(surfaces)("revoking, $name", (surface) => {
  it("RI-01: a refresh token ends the grant with all its tokens", async () => {
    const one = await tokensOn(surface, on);
    expectDone(surface, await revoke(surface, on, one.refresh));
    expect(await isGood(on.platform, one.access)).toBe(false);
    expect(await refreshes(surface, one)).toBe(false);
  });

  it("RI-01: a refresh token of any generation and age ends the grant", async () => {
    const one = await tokensOn(surface, on);
    const two = tokensOf(await refresh(on.platform, on.app, one.refresh, {}, `${surface.prefix}/token`));
    const three = tokensOf(await refresh(on.platform, on.app, two.refresh, {}, `${surface.prefix}/token`));
    on.platform.step(60 * day);
    expectDone(surface, await revoke(surface, on, one.refresh));
    expect(await refreshes(surface, three)).toBe(false);
  });

  it("RI-01: the code ends the grant, before and after its exchange", async () => {
    const waiting = await codeOn(surface, on);
    expectDone(surface, await revoke(surface, on, waiting));
    expect((await exchangeOn(surface, on, waiting)).status).toBe(400);
    const used = await codeOn(surface, on);
    const tokens = tokensOf(await exchangeOn(surface, on, used));
    on.platform.step(30 * day);
    expectDone(surface, await revoke(surface, on, used));
    expect(await refreshes(surface, tokens)).toBe(false);
  });

  it("an access token ends it and its elders, and refresh lives on", async () => {
    const one = await tokensOn(surface, on);
    const two = tokensOf(await refresh(on.platform, on.app, one.refresh, {}, `${surface.prefix}/token`));
    expectDone(surface, await revoke(surface, on, two.access));
    expect([await isGood(on.platform, one.access), await isGood(on.platform, two.access)]).toEqual([false, false]);
    const three = await refresh(on.platform, on.app, two.refresh, {}, `${surface.prefix}/token`);
    expect(three.status).toBe(200);
    if (surface !== onRfc6749) expect(await isGood(on.platform, tokensOf(three).access)).toBe(true);
  });

  it("a revoked access token is not given again to a retry of the refresh that made it", async () => {
    const one = await tokensOn(surface, on);
    const two = tokensOf(await refresh(on.platform, on.app, one.refresh, {}, `${surface.prefix}/token`));
    expectDone(surface, await revoke(surface, on, two.access));
    const again = tokensOf(await refresh(on.platform, on.app, one.refresh, {}, `${surface.prefix}/token`));
    expect(again.refresh).toBe(two.refresh);
    if (surface !== onRfc6749) expect(await isGood(on.platform, again.access)).toBe(true);
  });

  it("RI-05: another application's token has no effect", async () => {
    const theirs: Stage = { ...on, app: await registered(on.platform, { name: "Another one" }) };
    const tokens = await tokensOn(surface, theirs);
    watched.written.length = 0;
    for (const token of [tokens.access, tokens.refresh]) {
      const answer = await revoke(surface, on, token);
      expectRefusal(answer, surface, 400, "unauthorized_client", "Invalid token");
    }
    expect(watched.written).toEqual([]);
    expect(await refreshes(surface, tokens, theirs)).toBe(true);
  });

  it.each(["access_token", "refresh_token", "nonsense", ""])(
    "RI-08: finds the token whatever the hint says: %j",
    async (hint) => {
      const one = await tokensOn(surface, on);
      expectDone(surface, await revoke(surface, on, one.refresh, { token_type_hint: hint }));
      expect(await refreshes(surface, one)).toBe(false);
      const two = await tokensOn(surface, on, { state: "s-2" });
      expectDone(surface, await revoke(surface, on, two.access, { token_type_hint: hint }));
      expect(await isGood(on.platform, two.access)).toBe(false);
    },
  );

  it("RI-11: a refresh token whose access token has expired is revoked", async () => {
    const one = await tokensOn(surface, on);
    on.platform.step(day);
    expectDone(surface, await revoke(surface, on, one.refresh));
    expect(await refreshes(surface, one)).toBe(false);
  });

  it("twice is the same as once", async () => {
    const one = await tokensOn(surface, on);
    for (let time = 0; time < 2; time++) expectDone(surface, await revoke(surface, on, one.refresh));
    expect(on.platform.logged.filter(({ event }) => event === "grant.ended")).toHaveLength(1);
  });

  it("RI-07: works for a public application by its id alone", async () => {
    const open: Stage = { ...on, app: await registered(on.platform, { type: "public", name: "Open" }) };
    const one = await tokensOn(surface, open);
    expectDone(surface, await revoke(surface, open, one.refresh));
    expect(await refreshes(surface, one, open)).toBe(false);
  });

  it("a token of the other family revokes nothing", async () => {
    const family = surfaces.find(({ dialect }) => dialect.family !== surface.dialect.family) ?? surface;
    const theirs = await tokensOn(family, on);
    watched.written.length = 0;
    await revoke(surface, on, theirs.refresh);
    expect(watched.written).toEqual([]);
    expect(await refreshes(family, theirs)).toBe(true);
  });

  it.each([
    ["unknown", "nonsense"],
    ["of the right form", `cgr_${"A".repeat(64)}`],
    ["very long", "x".repeat(20_000)],
    ["outside ASCII", "é".repeat(68)],
  ])("a text that is no token of ours (%s) writes nothing", async (_, text) => {
    watched.written.length = 0;
    const answer = await revoke(surface, on, text);
    if (surface === onRfc6749) expectDone(surface, answer);
    else expectRefusal(answer, surface, 400, "", "Invalid token");
    expect(watched.written).toEqual([]);
  });
});

describe.each(surfaces)("a bad request to revoke, $name", (surface) => {
  const path = `${surface.prefix}/revoke`;
  type Row = [what: string, body: (app: Registered) => string, twitch: [number, string], rfc6749: [number, string]];
  const missingId = surface === onKraken ? "No client id specified" : "missing client id";

  it.each<Row>([
    ["without a client id", () => "token=x", [400, missingId], [401, "invalid_client"]],
    ["of an unknown client", () => "client_id=nobody&token=x", [404, "client does not exist"], [401, "invalid_client"]],
    [
      "without a token",
      ({ clientId, clientSecret }) => `client_id=${clientId}&client_secret=${clientSecret}`,
      [400, "The parameter token is missing"],
      [400, "invalid_request"],
    ],
    [
      "with an empty token",
      ({ clientId, clientSecret }) => `client_id=${clientId}&client_secret=${clientSecret}&token=`,
      [400, "The parameter token is missing"],
      [400, "invalid_request"],
    ],
    [
      "with the token twice",
      ({ clientId, clientSecret }) => `client_id=${clientId}&client_secret=${clientSecret}&token=x&token=y`,
      [400, "The parameter token was sent more than once"],
      [400, "invalid_request"],
    ],
    [
      "with the client id twice",
      ({ clientId }) => `client_id=${clientId}&client_id=${clientId}&token=x`,
      [400, "The parameter client_id was sent more than once"],
      [400, "invalid_request"],
    ],
    [
      "with broken encoding",
      () => "client_id=%zz&token=x",
      [400, "A parameter is not properly encoded"],
      [400, "invalid_request"],
    ],
  ])("%s is answered", async (_, body, [status, message], [rfcStatus, error]) => {
    watched.written.length = 0;
    const answer = await postText(on.platform, path, body(on.app));
    expectRefusal(answer, surface, surface === onRfc6749 ? rfcStatus : status, error, message);
    expect(watched.written).toEqual([]);
  });

  it("as JSON, or by another method, is answered", async () => {
    const json = await postText(on.platform, path, "{}", { "content-type": "application/json" });
    expectRefusal(json, surface, 400, "invalid_request", "Send the parameters as application/x-www-form-urlencoded");
    for (const method of ["GET", "PUT", "OPTIONS"]) {
      const answer = await send(on.platform.server, `${path}?client_id=${on.app.clientId}&token=x`, { method });
      expectRefusal(answer, surface, surface === onRfc6749 ? 405 : 404, "invalid_request", "Send a POST request");
    }
  });
});

describe("revoking in RFC 6749", () => {
  it("RI-05: needs a confidential application's secret, for its id is known to all", async () => {
    const one = await tokensOn(onRfc6749, on);
    for (const more of ["", "&client_secret=wrong"]) {
      const answer = await postText(
        on.platform,
        "/oauth/revoke",
        `client_id=${on.app.clientId}&token=${one.refresh}${more}`,
      );
      expectRefusal(answer, onRfc6749, 401, "invalid_client", "");
    }
    expect(await refreshes(onRfc6749, one)).toBe(true);
  });
});

describe("revoking at Twitch", () => {
  it.each([onTwitch, onKraken])("reads the query too, as Twitch's own clients send it, $name", async (surface) => {
    const one = await tokensOn(surface, on);
    const query = new URLSearchParams({ client_id: on.app.clientId, token: one.access });
    expectDone(surface, await send(on.platform.server, `${surface.prefix}/revoke?${query}`, { method: "POST" }));
    expect(await isGood(on.platform, one.access)).toBe(false);
  });
});
