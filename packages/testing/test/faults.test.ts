import { describe, expect, it } from "vitest";
import type { FaultName, FaultOptions, TestProvider } from "../src/index.ts";
import { askForTokens, authorizeUrl, create, exchange, start } from "./create.ts";

/** What a client that is not ours sees of each fault, at the exchange of a code. */
interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
}

async function see(test: TestProvider): Promise<Seen> {
  const response = await exchange(test);
  const body = await response.text();
  const json = body.trim().startsWith("{") ? (JSON.parse(body) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, body, json };
}

describe("answers with a fault", () => {
  it.each<[FaultName, FaultOptions, (seen: Seen) => unknown, unknown]>([
    ["unavailable", {}, ({ status, headers }) => [status, headers.get("retry-after")], [503, "30"]],
    ["unavailable", { status: 429, retryAfterSeconds: 7 }, ({ headers }) => headers.get("retry-after"), "7"],
    ["error", {}, ({ status, json }) => [status, json], [400, { status: 400, message: "Invalid grant" }]],
    ["error", { code: "server_error" }, ({ status }) => status, 500],
    ["errorIn200", {}, ({ status, json }) => [status, json["message"]], [200, "Invalid grant"]],
    ["slowDown", {}, ({ status, json }) => [status, json["message"]], [400, expect.stringMatching(/slow|often|fast/i)]],
    [
      "htmlPage",
      {},
      ({ status, headers, body }) => [status, headers.get("content-type"), body],
      [502, "text/html; charset=utf-8", expect.stringContaining("<h1>")],
    ],
    ["emptyBody", {}, ({ status, body }) => [status, body], [200, ""]],
    ["hugeBody", {}, ({ body }) => body.length > 2_000_000, true],
    [
      "redirect",
      {},
      ({ status, headers }) => [status, headers.get("location")],
      [307, "https://elsewhere.example/token"],
    ],
    ["scopeArray", {}, ({ json }) => json["scope"], ["chat:read", "chat:edit"]],
    ["scopeCommas", {}, ({ json }) => json["scope"], "chat:read,chat:edit"],
    ["scopeMissing", {}, ({ json }) => "scope" in json, false],
    ["scopeNull", {}, ({ json }) => json["scope"], null],
    ["expiresInMissing", {}, ({ json }) => "expires_in" in json, false],
    ["expiresInText", {}, ({ json }) => json["expires_in"], "14400"],
    ["expiresInWords", {}, ({ json }) => json["expires_in"], "in an hour"],
    ["expiresInZero", {}, ({ json }) => json["expires_in"], 0],
    ["expiresInNegative", {}, ({ json }) => json["expires_in"], -1],
    ["refreshTokenMissing", {}, ({ json }) => "refresh_token" in json, false],
    ["refreshTokenEmpty", {}, ({ json }) => json["refresh_token"], ""],
    ["tokenTypeMissing", {}, ({ json }) => "token_type" in json, false],
    ["formEncoded", {}, ({ body }) => new URLSearchParams(body).get("expires_in"), "14400"],
  ])("%s %o", async (fault, options, pick, expected) => {
    const test = await create("twitch");
    test.misbehave(fault, options);
    expect(pick(await see(test))).toEqual(expected);
    expect((await see(test)).json).toMatchObject({ token_type: "bearer", expires_in: 14_400 });
  });

  it.each<[FaultName, Record<string, string | null>]>([
    ["issWrong", { iss: "https://elsewhere.example" }],
    ["issMissing", { iss: null }],
    ["stateWrong", { state: "another-state" }],
    ["stateMissing", { state: null }],
  ])("%s, on the way back to the application", async (fault, expected) => {
    const test = await create("codegrant-rfc6749");
    const challenge = { code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" };
    const back = async (): Promise<URLSearchParams> =>
      new URL((await test.visit(authorizeUrl(test, challenge))) ?? "").searchParams;
    expect((await back()).get("iss")).toBe("https://codegrant.example");
    test.misbehave(fault);
    const query = await back();
    for (const [name, value] of Object.entries(expected)) expect(query.get(name)).toBe(value);
    expect(query.get("code")).not.toBeNull();
  });

  it.each<[FaultName, string]>([
    ["answerLost", "ECONNRESET"],
    ["requestLost", "ECONNRESET"],
    ["unreachable", "ECONNREFUSED"],
  ])("%s breaks the connection as Node tells it", async (fault, code) => {
    const test = await create("twitch");
    test.misbehave(fault);
    await expect(exchange(test)).rejects.toMatchObject({ message: "fetch failed", cause: { code } });
  });

  it("answerLost has done what was asked, and requestLost has not", async () => {
    const test = await create("twitch", { refresh: { onReuse: "ends_grant", graceSeconds: 0, rotates: "always" } });
    const first = (await (await exchange(test)).json()) as { refresh_token: string };
    const ask = async (): Promise<number> => {
      const fields = { grant_type: "refresh_token", refresh_token: first.refresh_token };
      return (await askForTokens(test, fields)).status;
    };
    test.misbehave("requestLost");
    await expect(ask()).rejects.toThrow("fetch failed");
    test.misbehave("answerLost");
    await expect(ask()).rejects.toThrow("fetch failed");
    test.clock.advance(1);
    expect(await ask()).toBe(400);
  });
});

describe("answers that take their time", () => {
  it("trickle: they come, piece by piece", async () => {
    const test = await create("twitch");
    test.misbehave("trickle", { at: "validate" });
    const response = await test.fetch(test.provider.endpoints.validate ?? "");
    let pieces = 0;
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      expect(piece).toHaveLength(1);
      pieces += 1;
      if (pieces === 4) break;
    }
    expect(pieces).toBe(4);
  });

  it("never end, until the one who asked gives up or the provider is closed", async () => {
    const test = await create("twitch");
    test.misbehave("neverEnds", { times: 2 });
    const aborter = new AbortController();
    const body = new URLSearchParams({ grant_type: "client_credentials" });
    const gaveUp = await test.fetch(test.provider.endpoints.token, { method: "POST", body, signal: aborter.signal });
    const reading = gaveUp.text();
    aborter.abort(new Error("I gave up"));
    await expect(reading).rejects.toThrow("I gave up");
    const open = (await exchange(test)).text();
    await test.close();
    await expect(open).rejects.toThrow("is closed");
    await expect(exchange(test)).rejects.toThrow("fetch failed");
  });

  it("and so on loopback, where closing waits for nothing", async () => {
    const test = await start("twitch");
    test.misbehave("neverEnds", { at: "validate" });
    const response = await fetch(test.provider.endpoints.validate ?? "");
    expect(response.status).toBe(401);
    const open = response.text();
    await test.close();
    await expect(open).rejects.toThrow("terminated");
    await expect(fetch(test.provider.endpoints.token)).rejects.toThrow("fetch failed");
  });
});

describe("a fault", () => {
  it("befalls as many requests as it was asked to, in order, until the provider behaves", async () => {
    const test = await create("twitch");
    test.misbehave("unavailable", { times: 2 });
    test.misbehave("htmlPage", { times: Number.POSITIVE_INFINITY });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await exchange(test)).status);
    test.behave();
    statuses.push((await exchange(test)).status);
    expect(statuses).toEqual([503, 503, 502, 502, 200]);
  });

  it("befalls the address it was asked to and no other", async () => {
    const test = await create("twitch");
    test.misbehave("unavailable", { at: "revoke" });
    expect((await exchange(test)).status).toBe(200);
    expect((await test.fetch(test.provider.endpoints.revoke ?? "", { method: "POST" })).status).toBe(503);
  });
});
