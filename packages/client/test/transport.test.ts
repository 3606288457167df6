import { describe, expect, it } from "vitest";
import { refreshTokens, Secret, wasNeverSent } from "../src/index.ts";
import { client, provider, thrownBy } from "./fixtures.ts";
import { serve } from "./loopback.ts";

const refresh = (fetch: () => Promise<Response>): Promise<unknown> =>
  thrownBy(refreshTokens(provider(), client, { refreshToken: new Secret("refresh"), scopes: [] }, { fetch }));

describe("CT-12: how long the provider asks to be left alone is told", () => {
  it.each<[string, number, string | undefined, number | undefined]>([
    ["seconds", 503, "120", 120],
    ["with 429 too", 429, "30", 30],
    ["at most a day", 503, "999999999", 86_400],
    ["a date gone by", 503, "Wed, 21 Oct 2015 07:28:00 GMT", 0],
    ["nothing", 503, undefined, undefined],
    ["nonsense", 503, "soon", undefined],
  ])("%s", async (_what, status, header, expected) => {
    const headers = { "content-type": "text/html", ...(header === undefined ? {} : { "retry-after": header }) };
    const error = await refresh(async () => new Response("<html>busy", { status, headers }));
    expect(error).toMatchObject({ retryable: true, actor: "nobody" });
    expect((error as { retryAfterSeconds?: number }).retryAfterSeconds).toBe(expected);
  });

  it("beside an error of the provider's own as well", async () => {
    const body = { status: 429, message: "slow" };
    const error = await refresh(async () => Response.json(body, { status: 429, headers: { "retry-after": "9" } }));
    expect(error).toMatchObject({ code: "slow_down", retryAfterSeconds: 9 });
  });
});

describe("wasNeverSent is certain or says no", () => {
  const refreshAt = (url: string, timeoutSeconds = 5): Promise<unknown> =>
    thrownBy(
      refreshTokens(provider({ url }), client, { refreshToken: new Secret("refresh"), scopes: [] }, { timeoutSeconds }),
    );

  it("yes where nobody listens", async () => {
    const server = await serve((_request, response) => response.end());
    await server.close();
    expect(wasNeverSent(await refreshAt(server.url))).toBe(true);
  });

  it("no where the connection broke after the request", async () => {
    const server = await serve((_request, response) => response.destroy());
    expect(wasNeverSent(await refreshAt(server.url))).toBe(false);
  });

  it("no where there was no answer in time", async () => {
    const server = await serve(() => undefined);
    expect(wasNeverSent(await refreshAt(server.url, 0.1))).toBe(false);
  });

  it("no for anything else", () => {
    expect(wasNeverSent(new Error("no"))).toBe(false);
    expect(wasNeverSent(undefined)).toBe(false);
  });
});
