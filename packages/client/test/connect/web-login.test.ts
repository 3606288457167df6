import { createTestProvider, type TestProvider } from "@codegrant/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ClientStore,
  type Connection,
  type ConnectOptions,
  connect,
  createMemoryStore,
  type FinishedConnection,
  type StartOptions,
} from "../../src/index.ts";
import { thrownBy } from "../fixtures.ts";

const redirectUri = "https://app.example/callback";

let server: TestProvider;
let store: ClientStore;
beforeEach(async () => {
  server = await createTestProvider("codegrant-rfc6749", { account: { id: "1", login: "ada" } });
  store = createMemoryStore();
});
afterEach(() => server.close());

/** One process of a web application. */
function application(options: Partial<ConnectOptions> = {}): Connection {
  const { client, fetch, provider } = server;
  return connect(provider, { ...client, fetch, scopes: ["read"], redirectUri, store, ...options });
}

const exchanges = (): number => server.requests.filter(({ endpoint }) => endpoint === "token").length;

/** A person's browser: it keeps the cookie. */
function browser() {
  let cookie = "";
  const headers = (): Headers => new Headers(cookie === "" ? {} : { cookie });
  return {
    /** Presses "Connect" and comes back with the provider's answer. */
    async answerFor(app: Connection, options: StartOptions = {}): Promise<string> {
      const response = await app.start(new Request("https://app.example/connect", { headers: headers() }), options);
      expect(response.status).toBe(303);
      [cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";", 1);
      return (await server.visit(response.headers.get("location") ?? "")) ?? "";
    },
    finish: (app: Connection, callback: string): Promise<FinishedConnection> =>
      app.finish(new Request(callback, { headers: headers() })),
    headers,
  };
}

describe("a web login", () => {
  it("ends with the user's own connection, kept by their id", async () => {
    const app = application();
    const ada = browser();
    const result = await ada.finish(app, await ada.answerFor(app));
    expect(result).toMatchObject({ status: "approved", account: "1", who: { login: "ada" }, scopes: ["read"] });
    if (result.status !== "approved") throw new Error("not approved");
    expect((await result.connection.fetch("/me")).status).toBe(200);
    expect((await application().account("1").status()).state).toBe("active");
  });

  it("sends the browser away with a cookie that no script reads and no other site's form sends", async () => {
    const response = await application().start(new Request("https://app.example/connect"));
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-codegrant-browser=[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("takes an answer that is posted, where the provider posts it, with a cookie that comes along", async () => {
    const { client, fetch, provider } = server;
    const posting = { ...provider, responseMode: "form_post" } as const;
    const app = connect(posting, { ...client, fetch, scopes: ["read"], redirectUri, store });
    const started = await app.start(new Request("https://app.example/connect"));
    const cookie = started.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/; SameSite=None; Secure$/);
    const address = new URL(started.headers.get("location") ?? "");
    expect(address.searchParams.get("response_mode")).toBe("form_post");
    // The server of the test answers by the query; a page there would post the same.
    address.searchParams.delete("response_mode");
    const body = new URL((await server.visit(address.href)) ?? "").search.slice(1);
    const headers = { cookie: cookie.split(";", 1)[0] ?? "", "content-type": "application/x-www-form-urlencoded" };
    const result = await app.finish(new Request(redirectUri, { method: "POST", headers, body }));
    expect(result).toMatchObject({ status: "approved", scopes: ["read"] });
  });

  it("takes no posted answer from a provider that never posts one, and none that is huge", async () => {
    const { client, fetch, provider } = server;
    const posted = (body: string): Request => new Request(redirectUri, { method: "POST", body });
    expect(await thrownBy(application().finish(posted("code=c&state=s")))).toMatchObject({
      code: "ERR_CALLBACK_INCOMPLETE",
    });
    const posting = { ...provider, responseMode: "form_post" } as const;
    const app = connect(posting, { ...client, fetch, scopes: [], redirectUri, store });
    const error = await thrownBy(app.finish(posted("x".repeat(2_000_000))));
    expect(error).toMatchObject({ code: "ERR_RESPONSE_TOO_LARGE" });
  });

  it("brings a no back as a result, also at a reload, and forgets the login (CT-29, CC-10)", async () => {
    server.user.answer = "decline";
    const app = application();
    const ada = browser();
    const callback = await ada.answerFor(app);
    expect(await ada.finish(app, callback)).toMatchObject({ status: "declined", error: { code: "access_denied" } });
    // No verifier, and a reload of the page they landed on says the same.
    expect(JSON.stringify(await pendingLogins())).not.toMatch(/codeVerifier|startedAt/);
    const again = await Promise.all([app, application()].map((one) => ada.finish(one, callback)));
    for (const result of again)
      expect(result).toMatchObject({ status: "declined", error: { hint: expect.any(String) } });
  });

  it("keeps no verifier and no code once it has succeeded or failed (CT-29)", async () => {
    const app = application();
    const ada = browser();
    await ada.finish(app, await ada.answerFor(app));
    expect(JSON.stringify(await pendingLogins())).not.toMatch(/codeVerifier|code-/);
    const other = await ada.answerFor(app);
    await thrownBy(ada.finish(app, other.replace(/code=[^&]+/, "code=wrong")));
    expect(await pendingLogins()).toHaveLength(1);
  });

  it("is forgotten after an hour (CT-29)", async () => {
    const app = application({ clock: later(0) });
    await browser().answerFor(app);
    expect(await pendingLogins()).toHaveLength(1);
    await browser().answerFor(application({ clock: later(3_700) }));
    expect(await pendingLogins()).toHaveLength(1);
  });

  it("is kept for so many at most: a flood of them pushes out the oldest, and fills no store (DO-02)", async () => {
    const app = application({ maximumPendingLogins: 5 });
    const [ada, grace] = [browser(), browser()];
    const early = await ada.answerFor(app);
    await ada.finish(app, early);
    const oldest = await grace.answerFor(app);
    const flood = Array.from({ length: 20 }, () => app.start(new Request("https://app.example/connect")));
    await Promise.all(flood);
    const callback = await ada.answerFor(app);
    // Five that are under way, and the result of the one that was finished.
    expect(await pendingLogins()).toHaveLength(6);
    expect((await ada.finish(app, callback)).status).toBe("approved");
    expect(await thrownBy(grace.finish(app, oldest))).toMatchObject({ code: "ERR_STATE_MISMATCH" });
    expect((await ada.finish(app, early)).status).toBe("approved");
  });

  it("works in two tabs at once, for two accounts of one browser", async () => {
    const app = application();
    const ada = browser();
    const first = await ada.answerFor(app, { account: "bot" });
    server.user.account = { id: "2", login: "grace" };
    const second = await ada.answerFor(app, { account: "broadcaster" });
    const [two, one] = [await ada.finish(app, second), await ada.finish(app, first)];
    expect(one).toMatchObject({ account: "bot", who: { login: "ada" } });
    expect(two).toMatchObject({ account: "broadcaster", who: { login: "grace" } });
  });

  it("gives the same result to the same callback again, also at once and in another process (CC-10)", async () => {
    const [one, two] = [application(), application()];
    const ada = browser();
    const callback = await ada.answerFor(one);
    const visits = [one, two, one, two].map((app) => ada.finish(app, callback));
    const results = await Promise.all(visits);
    results.push(await ada.finish(application(), callback));
    for (const result of results) expect(result).toMatchObject({ status: "approved", account: "1" });
    expect(exchanges()).toBe(1);
  });
});

describe("a web login that cannot be kept", () => {
  it("is told at its start with what to do", async () => {
    const broken = { ...store, save: () => Promise.reject(new Error("no space left")) };
    const request = new Request("https://app.example/connect");
    expect(await thrownBy(application({ store: broken }).start(request))).toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      actor: "operator",
      provider: "codegrant-rfc6749",
      hint: expect.stringContaining("room on the disk"),
    });
    const cookie = "__Host-codegrant-browser=a; __Host-codegrant-browser=b";
    const twice = new Request("https://app.example/connect", { headers: { cookie } });
    expect(await thrownBy(application().start(twice))).toMatchObject({
      code: "ERR_STATE_MISMATCH",
      actor: "user",
      message: expect.stringContaining("Delete this site's cookies"),
      hint: expect.any(String),
    });
  });

  it("is told at its end, its tokens are revoked, and nothing is left of it", async () => {
    const save: ClientStore["save"] = async (key, value, options) => {
      if (value.includes("accessToken")) throw new Error("no space left");
      return await store.save(key, value, options);
    };
    const app = application({ store: { ...store, save } });
    const ada = browser();
    const error = await thrownBy(ada.finish(app, await ada.answerFor(app)));
    expect(error).toMatchObject({ code: "ERR_STORE_UNAVAILABLE", hint: expect.stringContaining("was revoked") });
    expect(server.requests.filter(({ endpoint }) => endpoint === "revoke")).toHaveLength(1);
    expect(await pendingLogins()).toEqual([]);
  });
});

describe("a second web login of a user who is connected", () => {
  it.each([undefined, "bot"])("takes nothing away if it cannot be kept, as the account %s", async (account) => {
    const ada = browser();
    const options = account === undefined ? {} : { account };
    const first = await ada.finish(application(), await ada.answerFor(application(), options));
    if (first.status !== "approved") throw new Error("not approved");
    const save: ClientStore["save"] = async (key, value, how) => {
      if (value.includes("accessToken")) throw new Error("no space left");
      return await store.save(key, value, how);
    };
    const full = application({ store: { ...store, save } });
    const error = await thrownBy(ada.finish(full, await ada.answerFor(full, options)));
    expect(error).toMatchObject({ code: "ERR_STORE_UNAVAILABLE", hint: expect.stringContaining("goes on") });
    expect(server.requests.filter(({ endpoint }) => endpoint === "revoke")).toEqual([]);
    expect((await first.connection.fetch("/me")).status).toBe(200);
  });
});

describe("a callback that is not this browser's", () => {
  it.each(["no cookie", "another browser's cookie", "two cookies"])("with %s is refused (CC-25)", async (what) => {
    const app = application();
    const [ada, mallory] = [browser(), browser()];
    const callback = await ada.answerFor(app);
    await mallory.answerFor(app);
    const headers = what === "another browser's cookie" ? mallory.headers() : new Headers();
    const own = ada.headers().get("cookie") ?? "";
    if (what === "two cookies") headers.set("cookie", `${own}; ${mallory.headers().get("cookie")}`);
    const error = await thrownBy(app.finish(new Request(callback, { headers })));
    expect(error).toMatchObject({ code: "ERR_STATE_MISMATCH", provider: "codegrant-rfc6749" });
    expect(exchanges()).toBe(0);
    expect(await ada.finish(app, callback)).toMatchObject({ status: "approved" });
  });

  it.each(["state", "code"])(
    "without its %s is refused, and the right one is as good as before (CC-26)",
    async (name) => {
      const app = application();
      const ada = browser();
      const callback = await ada.answerFor(app);
      const stripped = new URL(callback);
      stripped.searchParams.delete(name);
      expect(await thrownBy(ada.finish(app, stripped.href))).toMatchObject({
        code: expect.stringMatching(/^ERR_(?:STATE_MISMATCH|CALLBACK_INCOMPLETE)$/),
      });
      expect(await ada.finish(app, callback)).toMatchObject({ status: "approved" });
    },
  );

  it("of another provider's login is refused (CC-23)", async () => {
    const ada = browser();
    const callback = await ada.answerFor(application());
    const other = connect(
      { ...server.provider, name: "other", issuer: "https://other.example" },
      { ...server.client, scopes: ["read"], redirectUri, store },
    );
    expect(await thrownBy(ada.finish(other, callback))).toMatchObject({ code: "ERR_STATE_MISMATCH" });
    expect(exchanges()).toBe(0);
  });

  it("by another method than GET changes nothing", async () => {
    const app = application();
    const ada = browser();
    const callback = await ada.answerFor(app);
    const head = new Request(callback, { method: "HEAD", headers: ada.headers() });
    expect(await thrownBy(app.finish(head))).toMatchObject({ code: "ERR_CALLBACK_INCOMPLETE" });
    expect(await ada.finish(app, callback)).toMatchObject({ status: "approved" });
  });
});

describe("users side by side", () => {
  it("never get each other's tokens, and another than expected is refused", async () => {
    const app = application();
    const [ada, grace] = [browser(), browser()];
    await ada.finish(app, await ada.answerFor(app, { account: "bot" }));
    server.user.account = { id: "2", login: "grace" };
    const taken = await grace.finish(app, await grace.answerFor(app, { account: "bot" }));
    expect(taken).toMatchObject({ status: "other_user", expected: "ada", who: { login: "grace" } });
    const expected = await grace.finish(app, await grace.answerFor(app, { expect: "ada" }));
    expect(expected).toMatchObject({ status: "other_user", expected: "ada" });
    expect((await app.accounts()).map(({ account, who }) => [account, who?.login])).toEqual([["bot", "ada"]]);
  });

  it("are told apart even where the provider names nobody", async () => {
    const { fetch, client } = server;
    const columns = { ...server.provider, identity: [] };
    const app = connect(columns, { ...client, fetch, scopes: ["read"], redirectUri, store });
    const [ada, grace] = [browser(), browser()];
    const one = await ada.finish(app, await ada.answerFor(app));
    const two = await grace.finish(app, await grace.answerFor(app));
    if (one.status !== "approved" || two.status !== "approved") throw new Error("not approved");
    expect(one.account).not.toBe(two.account);
    expect(await app.accounts()).toHaveLength(2);
  });
});

function later(seconds: number): NonNullable<ConnectOptions["clock"]> {
  return {
    now: () => Math.floor(Date.now() / 1_000) + seconds,
    elapsed: () => performance.now() / 1_000 + seconds,
    wait: () => Promise.resolve(),
  };
}

async function pendingLogins(): Promise<unknown[]> {
  const { provider, client } = server;
  const { origin } = new URL(provider.endpoints.token);
  const { clientId } = client;
  return await store.list({ kind: "pending", provider: provider.name, server: origin, clientId }, { limit: 100 });
}
