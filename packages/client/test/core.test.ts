import * as core from "@codegrant/client/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryStore, type Tokens } from "../src/index.ts";
import { type AutoProvider, startAutoProvider } from "./auto-provider.ts";
import { clientId, clientSecret, provider, thrownBy } from "./fixtures.ts";

const client = { clientId, clientSecret };
const redirectUri = "https://app.example/callback";

let server: AutoProvider;
beforeEach(async () => {
  server = await startAutoProvider({ pkce: "ok" });
});
afterEach(() => server.close());

async function approve(): Promise<Tokens> {
  const start = { clientId, redirectUri, scopes: ["read"] };
  const { url, pending } = await core.startAuthorization(server.provider, start);
  const callback = (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
  const result = await core.finishAuthorization(server.provider, client, pending, callback);
  if (result.status !== "approved") throw new Error("not approved");
  return result.tokens;
}

describe("the core alone", () => {
  it("gets tokens and keeps them fresh, for two processes and two accounts", async () => {
    const store = createMemoryStore();
    const [one, two] = [1, 2].map(() =>
      core.keepTokens(server.provider, { ...client, store, minimumIntervalSeconds: 0 }),
    );
    if (one === undefined || two === undefined) throw new Error("no keeper");
    await one.save("ada", await approve());
    await one.save("grace", await approve());
    const first = await one.accessToken("ada");
    expect(first.reveal()).toBe((await two.accessToken("ada")).reveal());
    expect(first.reveal()).not.toBe((await two.accessToken("grace")).reveal());
    const [fresh, same] = await Promise.all([one, two].map((kept) => kept.accessToken("ada", { refused: first })));
    expect([fresh?.reveal() === same?.reveal(), server.counts.refreshes]).toEqual([true, 1]);
    expect(await two.status("ada")).toMatchObject({ state: "active", isUsable: true });
  });

  it("puts a new approval in place of what had ended", async () => {
    const kept = core.keepTokens(server.provider, { ...client, store: createMemoryStore() });
    expect(await thrownBy(kept.accessToken("ada"))).toMatchObject({ code: "ERR_LOGIN_NEEDED", actor: "user" });
    await kept.save("ada", await approve());
    await kept.save("ada", await approve());
    expect((await kept.accessToken("ada")).reveal()).toMatch(/^access-/);
  });

  it("asks for the part that checks ID tokens before a code is spent", async () => {
    const openId = provider({ issuer: "https://id.example" });
    const start = { clientId, redirectUri, scopes: ["openid"] };
    const { pending } = await core.startAuthorization(openId, start);
    const callback = `?code=x&state=${pending.state}`;
    const error = await thrownBy(core.finishAuthorization(openId, client, pending, callback));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: expect.stringContaining("grantTokens") });
  });
});
