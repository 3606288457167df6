import { connect, createMachine } from "@codegrant/client/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/connect/clock.ts";
import type {
  ClientStore,
  Connection,
  ConnectionError,
  ConnectOptions,
  LoginOptions,
  LoginPrompt,
  LoginResult,
  Machine,
} from "../../src/index.ts";
import { connect as connectAnywhere, createMemoryStore, twitch } from "../../src/index.ts";
import { type AutoProvider, startAutoProvider } from "../auto-provider.ts";
import { clientId, clientSecret, thrownBy } from "../fixtures.ts";

let server: AutoProvider;
beforeEach(async () => {
  server = await startAutoProvider();
});
afterEach(() => server.close());

/** The browser of somebody who is logged in at the provider and answers at once. */
const browse = async (url: string): Promise<boolean> => {
  void fetch(url).catch(() => undefined);
  return true;
};

function bot(options: Partial<ConnectOptions> = {}, openBrowser: Machine["openBrowser"] = browse): Connection {
  return connect(server.provider, { ...optionsOf(openBrowser), ...options });
}

function optionsOf(openBrowser: Machine["openBrowser"] = browse): ConnectOptions {
  const machine = { ...createMachine(), openBrowser };
  return { clientId, clientSecret, scopes: ["read"], account: "bot", machine };
}

interface Told {
  readonly result: LoginResult;
  readonly prompts: LoginPrompt[];
}

async function logIn(connection: Connection, options: LoginOptions = {}): Promise<Told> {
  const prompts: LoginPrompt[] = [];
  const result = await connection.login({ onPrompt: (prompt) => prompts.push(prompt), ...options });
  return { result, prompts };
}

const kinds = ({ prompts }: Told): string[] => prompts.map(({ kind }) => kind);

describe("login in the browser", () => {
  it("ends with a connection, and says first what to register", async () => {
    const connection = bot();
    const told = await logIn(connection);
    expect(told.result).toEqual({
      status: "approved",
      account: "bot",
      who: { id: "1", login: "ada" },
      scopes: ["read"],
    });
    expect(kinds(told)).toEqual(["redirect_uri", "open"]);
    expect(told.prompts[0]).toEqual({
      kind: "redirect_uri",
      redirectUri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d+\/callback$/),
    });
    expect(await connection.status()).toMatchObject({ state: "active", who: { login: "ada" }, isUsable: true });
    expect(String(await connection.accessToken())).toMatch(/^~/);
  });

  it("asks nobody again while the connection works", async () => {
    const connection = bot();
    await logIn(connection);
    expect((await logIn(connection)).prompts).toEqual([]);
    expect(server.counts.logins).toBe(1);
    expect((await logIn(connection, { again: true })).result.status).toBe("approved");
    expect(server.counts.logins).toBe(2);
  });

  it("brings a no back as a result, and leaves nothing behind", async () => {
    server.answer = "decline";
    const connection = bot();
    const { result } = await logIn(connection);
    expect(result).toMatchObject({ status: "declined", error: { code: "access_denied", actor: "user" } });
    expect((await connection.status()).state).toBe("needs_login");
    expect(await connection.accounts()).toEqual([]);
  });

  it("goes on through stray visits, wrong states and strangers' errors (CC-01, CC-05)", async () => {
    const connection = bot({}, async (url) => {
      const callback = new URL(url).searchParams.get("redirect_uri") ?? "";
      const strays = ["", "?code=x", "?code=x&state=wrong", "?error=access_denied", "?error=access_denied&state=wrong"];
      const stray = async (query: string): Promise<number> => (await fetch(callback + query)).status;
      expect(await Promise.all(strays.map(stray))).toEqual([400, 400, 400, 400, 400]);
      expect((await fetch(new URL("/favicon.ico", callback))).status).toBe(404);
      return await browse(url);
    });
    const told = await logIn(connection);
    expect(told.result.status).toBe("approved");
    expect(kinds(told).filter((kind) => kind === "stray")).toHaveLength(5);
    expect(server.counts.exchanges).toBe(1);
  });

  it.each([0, 5, 50, 500])("ends in one good login when the callback comes twice, %i ms apart (CC-10)", async (gap) => {
    const pages: string[] = [];
    const connection = bot({}, async (url) => {
      const { headers } = await fetch(url, { redirect: "manual" });
      const callback = headers.get("location") ?? "";
      const visit = async (): Promise<void> => {
        pages.push((await fetch(callback)).url);
      };
      const first = visit();
      await new Promise((resolve) => setTimeout(resolve, gap));
      await Promise.all([first, visit()]);
      return true;
    });
    expect((await logIn(connection)).result.status).toBe("approved");
    expect(pages).toHaveLength(2);
    expect(new Set(pages.map((page) => new URL(page).pathname))).toEqual(new Set(["/callback/done/approved"]));
    expect(server.counts.exchanges).toBe(1);
    expect((await connection.fetch("/me")).status).toBe(200);
  });

  it("takes a pasted address through the same checks (CC-29)", async () => {
    async function* pasted(): AsyncGenerator<string> {
      const url = await address;
      yield "";
      yield "no address at all";
      yield `${new URL(url).searchParams.get("redirect_uri")}?code=stolen&state=wrong`;
      const { headers } = await fetch(url, { redirect: "manual" });
      yield ` ${headers.get("location")}\n`;
    }
    let open: (url: string) => void = () => undefined;
    const address = new Promise<string>((resolve) => {
      open = resolve;
    });
    const connection = bot({}, async (url) => {
      open(url);
      return false;
    });
    const told = await logIn(connection, { pasted: pasted() });
    expect(told.result.status).toBe("approved");
    expect(kinds(told)).toEqual(["redirect_uri", "open", "stray", "stray"]);
    expect(server.counts.exchanges).toBe(1);
  });

  it("says after the time is over what may be wrong, and ends at once when it is cancelled", async () => {
    const silent = async (): Promise<boolean> => false;
    expect((await logIn(bot({}, silent), { timeoutSeconds: 0.05 })).result).toEqual({
      status: "timed_out",
      hint: expect.stringContaining("is not exactly http://127.0.0.1:"),
    });
    const aborter = new AbortController();
    const login = logIn(bot({}, silent), { signal: aborter.signal });
    aborter.abort();
    expect((await login).result).toEqual({ status: "cancelled" });
  });

  it("goes on when the exchange brings no answer, and says so", async () => {
    server.onExchange = () => new Promise(() => undefined);
    const connection = bot({ timeoutSeconds: 0.2 });
    const { result, prompts } = await logIn(connection, { timeoutSeconds: 0.6 });
    expect(result.status).toBe("timed_out");
    expect(prompts.at(-1)).toMatchObject({ kind: "stray", error: { code: "ERR_TIMEOUT", retryable: true } });
  });
});

describe("who approved", () => {
  it("is compared with whom was expected, and nothing of another is kept", async () => {
    const connection = bot();
    const { result } = await logIn(connection, { expect: "grace" });
    expect(result).toMatchObject({ status: "other_user", expected: "grace", who: { login: "ada" } });
    expect((await connection.status()).state).toBe("needs_login");
    expect((await logIn(connection, { expect: "ADA" })).result.status).toBe("approved");
    expect((await logIn(connection, { expect: "1", again: true })).result.status).toBe("approved");
  });

  it("is compared also where the account is connected already, or another process asks", async () => {
    const store = createMemoryStore();
    const told = await Promise.all([
      logIn(bot({ store })),
      logIn(bot({ store }), { expect: "grace" }),
      logIn(bot({ store }), { expect: "ada" }),
    ]);
    expect(told.map(({ result }) => result.status)).toEqual(["approved", "other_user", "approved"]);
    const { result, prompts } = await logIn(bot({ store }), { expect: "grace" });
    expect(result).toMatchObject({ status: "other_user", expected: "grace", who: { login: "ada" } });
    expect(prompts).toEqual([]);
    expect((await bot({ store }).status()).who?.login).toBe("ada");
  });

  it("never overwrites another's tokens, and each lives on under a name of its own (CT-20)", async () => {
    const connection = bot();
    await logIn(connection);
    const before = (await connection.accessToken()).reveal();
    server.user = { id: "2", login: "grace" };
    const { result } = await logIn(connection, { again: true });
    expect(result).toMatchObject({ status: "other_user", expected: "ada", who: { login: "grace" } });
    expect((await connection.accessToken()).reveal()).toBe(before);
    const broadcaster = connection.account("broadcaster");
    expect((await logIn(broadcaster)).result.status).toBe("approved");
    const who = (await connection.accounts()).map((status) => [status.account, status.who?.login]);
    expect(who).toEqual([
      ["bot", "ada"],
      ["broadcaster", "grace"],
    ]);
    expect(await (await broadcaster.fetch("/me")).json()).toEqual({ id: "2", login: "grace" });
    expect(await (await connection.fetch("/me")).json()).toEqual({ id: "1", login: "ada" });
  });

  it("may be another after a logout", async () => {
    const connection = bot();
    await logIn(connection);
    await connection.logout();
    server.user = { id: "2", login: "grace" };
    expect((await logIn(connection)).result).toMatchObject({ status: "approved", who: { login: "grace" } });
  });
});

describe("a provider of whom nothing is known", () => {
  it("that has spent a refresh token by its use before is known for it after another login", async () => {
    server = await replaced(server, { refresh: {} });
    server.onRefresh = () => "lose";
    const impatient = bot({ store: createMemoryStore(), timeoutSeconds: 0.2 });
    await logIn(impatient);
    expect(await thrownBy(impatient.refresh())).toMatchObject({ code: "ERR_TIMEOUT", retryable: true });
    expect((await impatient.status()).state).toBe("provider_down");
    const remembering = bot({ store: createMemoryStore(), timeoutSeconds: 0.2 });
    server.onRefresh = undefined;
    await logIn(remembering);
    await remembering.refresh();
    await logIn(remembering, { again: true });
    server.onRefresh = () => "lose";
    expect(await thrownBy(remembering.refresh())).toMatchObject({ code: "ERR_REFRESH_UNCERTAIN" });
  });
});

describe("tokens that come and cannot be kept", () => {
  const revoked = (): (string | null)[] =>
    server.received.filter(({ url }) => url === "/revoke").map(({ form }) => form.get("token"));
  /** Without the pauses between two questions. */
  const impatient: Clock = {
    ...systemClock,
    wait: (seconds, options) => systemClock.wait(seconds < 5 ? 0 : seconds, options),
  };

  function full(): ClientStore {
    const store = createMemoryStore();
    const save: ClientStore["save"] = async (key, value, options) => {
      if (value.includes("access-")) throw new Error("no space left");
      return await store.save(key, value, options);
    };
    return { ...store, save };
  }

  it("are revoked when the store fails, and the error says so", async () => {
    const error = (await thrownBy(logIn(bot({ store: full() })))) as ConnectionError;
    expect(error).toMatchObject({ code: "ERR_STORE_UNAVAILABLE", actor: "operator", retryable: false });
    expect(error.hint).toMatch(/Then log in again\. What the user approved was revoked\.$/);
    expect(revoked()).toEqual([expect.stringContaining(".refresh-")]);
  });

  it("are revoked when nobody says whose they are", async () => {
    const { endpoints } = server.provider;
    const away = { ...server.provider, endpoints: { ...endpoints, userinfo: "http://127.0.0.1:1/me" } };
    const connection = connect(away, { ...optionsOf(), clock: impatient });
    const error = (await thrownBy(logIn(connection))) as ConnectionError;
    expect(error).toMatchObject({ code: "ERR_NETWORK", hint: expect.stringContaining("was revoked") });
    expect(revoked()).toHaveLength(1);
  });

  it("are said to live on where they cannot be revoked", async () => {
    const { revoke: _none, ...endpoints } = server.provider.endpoints;
    const connection = connect({ ...server.provider, endpoints }, { ...optionsOf(), store: full() });
    const error = (await thrownBy(logIn(connection))) as ConnectionError;
    expect(error.hint).toMatch(/could not be revoked: they can disconnect the application at Example\.$/);
  });

  it("are left alone where the account was connected before, which goes on", async () => {
    const store = createMemoryStore();
    let before = "access-";
    const save: ClientStore["save"] = async (key, value, options) => {
      if (value.includes("access-") && !value.includes(before)) throw new Error("no space left");
      return await store.save(key, value, options);
    };
    const connection = bot({ store: { ...store, save } });
    await logIn(connection);
    before = (await connection.accessToken()).reveal();
    const error = (await thrownBy(logIn(connection, { again: true }))) as ConnectionError;
    expect([error.code, revoked()]).toEqual(["ERR_STORE_UNAVAILABLE", []]);
    expect(error.hint).toContain("a connection from before goes on.");
    expect((await connection.accessToken()).reveal()).toBe(before);
  });
});

describe("login by device", () => {
  it("is chosen where the code grant needs a secret and there is none", async () => {
    server = await replaced(server, { codeNeedsSecret: true });
    const connection = bot({ clientSecret: undefined }, async () => false);
    const told = await logIn(connection);
    expect(told.result).toMatchObject({ status: "approved", who: { login: "ada" } });
    expect(told.prompts).toEqual([
      { kind: "device", url: `${server.url}/activate`, userCode: "ABCD-EFGH", expiresAt: expect.any(Number) },
    ]);
  });

  it("brings a no back as a result", async () => {
    server.answer = "decline";
    expect((await logIn(bot(), { method: "device" })).result).toMatchObject({ status: "declined" });
  });
});

describe("several at once", () => {
  it("open one login, and all get its result", async () => {
    const store = createMemoryStore();
    const logins = Array.from({ length: 3 }, () => logIn(bot({ store })));
    const told = await Promise.all(logins);
    expect(told.map(({ result }) => result)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ status: "approved", who: { id: "1", login: "ada" } })),
    );
    expect(server.counts).toMatchObject({ logins: 1, exchanges: 1 });
    expect(told.flatMap(kinds).filter((kind) => kind === "other_process")).toHaveLength(2);
  });

  it("share a no as well: nobody is asked twice", async () => {
    server.answer = "decline";
    const store = createMemoryStore();
    const told = await Promise.all(Array.from({ length: 3 }, () => logIn(bot({ store }))));
    expect(told.map(({ result }) => result.status)).toEqual(["declined", "declined", "declined"]);
    expect(server.counts.logins).toBe(1);
  });

  it("go on with another when the first is killed", async () => {
    const store = createMemoryStore();
    const gone = new Set<number>();
    const isGone: Machine["isGone"] = ({ pid }) => gone.has(pid);
    const machine = { ...createMachine(), isGone };
    const victim = { ...machine, process: { machine: "here", pid: -1 }, openBrowser: async () => false };
    let isOpen: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      isOpen = resolve;
    });
    const lost = bot({ store, machine: victim }).login({
      onPrompt: ({ kind }) => kind === "open" && isOpen(),
      timeoutSeconds: 1,
    });
    await opened;
    const other = logIn(bot({ store, machine: { ...machine, openBrowser: browse } }));
    gone.add(-1);
    expect((await other).result.status).toBe("approved");
    await lost;
    expect((await bot({ store }).status()).state).toBe("active");
  });
});

describe("logout", () => {
  it("revokes, forgets, and says that both worked (CT-24)", async () => {
    const connection = bot();
    await logIn(connection);
    expect(await connection.logout()).toEqual({ revoked: "revoked", forgotten: true });
    expect(server.received.filter(({ url }) => url === "/revoke")).toHaveLength(1);
    expect(await connection.accounts()).toEqual([]);
    expect(await connection.logout()).toEqual({ revoked: "nothing_to_revoke", forgotten: true });
  });

  it("revokes also what a refresh brought and the store did not take", async () => {
    const store = createMemoryStore();
    let isFull = false;
    const full: ClientStore = {
      ...store,
      save: (...step) => (isFull ? Promise.reject(new Error("no space left")) : store.save(...step)),
    };
    // Nobody waits for the store's next try; the lease's beat goes on as always.
    const wait: Clock["wait"] = (seconds, options) => systemClock.wait(options?.isBackground ? seconds : 0, options);
    await logIn(bot({ store }));
    server.onRefresh = () => {
      isFull = true;
    };
    const connection = bot({ store: full, clock: { ...systemClock, wait } });
    await thrownBy(connection.refresh());
    expect(await connection.logout()).toEqual({ revoked: "revoked", forgotten: true });
    const revoked = server.received.filter(({ url }) => url === "/revoke").map(({ form }) => form.get("token"));
    expect(revoked).toEqual([expect.stringMatching(/\.refresh-6$/)]);
  });

  it("of a record that cannot be read forgets it, and does not claim that there was no token", async () => {
    const store = createMemoryStore();
    await logIn(bot({ store }));
    const unreadable: ClientStore = {
      ...store,
      async find(key) {
        const found = await store.find(key);
        return found && { ...found, value: undefined };
      },
    };
    expect(await bot({ store: unreadable }).logout()).toEqual({ revoked: "unreadable", forgotten: true });
    expect(await bot({ store }).accounts()).toEqual([]);
  });

  it("forgets although the provider cannot be asked, and says so", async () => {
    const connection = bot();
    await logIn(connection);
    await server.close();
    const result = await connection.logout();
    expect(result).toMatchObject({ revoked: "failed", forgotten: true, error: { code: "ERR_NETWORK" } });
    server = await startAutoProvider();
  });
});

describe("what cannot work", () => {
  it("is said before anything is sent", async () => {
    expect(() => connect("nobody", { clientId, scopes: [] })).toThrow('No provider is called "nobody"');
    expect(connectAnywhere("Twitch", { clientId, scopes: [] }).provider).toBe(twitch);
    const nowhere = bot({ redirectUri: "https://app.example/callback" });
    expect(await thrownBy(nowhere.login({ onPrompt: () => undefined }))).toBeInstanceOf(TypeError);
    const error = (await thrownBy(bot().accessToken())) as ConnectionError;
    expect(error).toMatchObject({ code: "ERR_LOGIN_NEEDED", actor: "user" });
    expect(server.received).toEqual([]);
  });
});

async function replaced(old: AutoProvider, columns: Parameters<typeof startAutoProvider>[0]): Promise<AutoProvider> {
  await old.close();
  return await startAutoProvider(columns);
}
