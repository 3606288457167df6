import { type Connection, codegrantProvider, connect, type Provider, providers } from "@codegrant/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { createTestProvider, startTestProvider, type TestProvider, type TestProviderOptions } from "../src/index.ts";

const own = (["rfc6749", "twitch", "kraken"] as const).map((dialect) =>
  codegrantProvider("https://platform.example", dialect),
);
const everyProvider = [...providers, ...own].map((provider) => [provider.name, provider] as const);

async function create(provider: Provider | string, options: TestProviderOptions = {}): Promise<TestProvider> {
  const made = await createTestProvider(provider, options);
  onTestFinished(() => made.close());
  return made;
}

/** Scopes with which the provider tells who approved. */
function scopesFor({ identity = [], issuer, idTokenIssuers }: Provider): readonly string[] {
  const hasIssuer = issuer !== undefined || idTokenIssuers !== undefined;
  const needed = identity
    .filter(({ from }) => from !== "id_token" || hasIssuer)
    .flatMap(({ from, needsScope }) => (from === "id_token" ? ["openid"] : (needsScope ?? [])))
    .filter((scope) => scope !== "openid" || hasIssuer);
  return [...new Set(["read", ...needed.slice(0, 1)])];
}

function connectTo(test: TestProvider): Connection {
  return connect(test.provider, { ...test.options, scopes: scopesFor(test.provider) });
}

describe.each(everyProvider)("as %s", (_, provider) => {
  it("logs in, refreshes, answers its API, and forgets at a logout", async () => {
    const test = await create(provider);
    const connection = connectTo(test);
    const result = await connection.login();
    expect(result.status).toBe("approved");
    const tells = (provider.identity ?? []).length > 0;
    if (tells) expect(result).toMatchObject({ who: { id: "1001" } });

    const first = (await connection.accessToken()).reveal();
    test.clock.advance(60);
    const status = await connection.refresh();
    expect(status.state).toBe("active");
    expect((await connection.accessToken()).reveal()).not.toBe(first);

    if (provider.api !== undefined) {
      const answer = await connection.fetch("/whoever/it/is");
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ id: "1001", login: "ada", path: expect.stringMatching(/it\/is$/) });
    }

    const logout = await connection.logout();
    expect(logout).toMatchObject({
      revoked: provider.endpoints.revoke === undefined ? "not_offered" : "revoked",
      forgotten: true,
    });
    expect(logout.error).toBeUndefined();
  });

  it("tells of a user who declines, and of one who lets go of a scope", async () => {
    const test = await create(provider);
    test.user.answer = "decline";
    const connection = connectTo(test);
    expect(await connection.login()).toMatchObject({ status: "declined", error: { code: "access_denied" } });
    test.user.answer = { only: scopesFor(provider).slice(1) };
    const result = await connection.login({ again: true });
    expect(result.status === "approved" && result.scopes).not.toContain("read");
  });

  it("listens on this machine at the same paths", async () => {
    const test = await startTestProvider(provider);
    onTestFinished(() => test.close());
    expect(new URL(test.provider.endpoints.token).pathname).toBe(new URL(provider.endpoints.token).pathname);
    const connection = connect(test.provider, { ...test.options, fetch, scopes: scopesFor(test.provider) });
    expect((await connection.login()).status).toBe("approved");
    if (provider.api !== undefined) expect((await connection.fetch(`${test.url}/anything`)).status).toBe(200);
    expect(test.requests.map(({ endpoint }) => endpoint)).toContain("token");
  });
});
