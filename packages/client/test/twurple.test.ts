import { codegrantAuthProvider, type TwurpleAuthProvider } from "@codegrant/client/twurple";
import { describe, expect, it } from "vitest";
import { type Connection, connect, isConnectionError, twitch } from "../src/index.ts";
import { client, clientId, redirectUri, thrownBy } from "./fixtures.ts";

interface Stage {
  readonly connection: Connection;
  readonly refreshes: () => number;
  /** Connects a user by a code that names them. */
  readonly logIn: (userId: string, account?: string) => Promise<void>;
}

/** Twitch as far as a bot needs it: codes and tokens say whose they are, and each refresh brings a new pair. */
function stage(): Stage {
  let issued = 0;
  let refreshes = 0;
  const tokensFor = (userId: string): object => ({
    access_token: `at-${userId}-${++issued}`,
    refresh_token: `rt-${userId}-${issued}`,
    expires_in: 14_000,
    scope: ["chat:read"],
    token_type: "bearer",
  });
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const text = url.endsWith("/validate")
      ? (new Headers(init.headers).get("authorization") ?? "")
      : typeof init.body === "string"
        ? init.body
        : "";
    const userId = /(?:at|rt|code)-(\d+)/.exec(text)?.[1] ?? "";
    if (url.endsWith("/validate")) {
      return Response.json({ client_id: clientId, user_id: userId, login: `user${userId}`, scopes: [], expires_in: 9 });
    }
    if (text.includes("grant_type=refresh_token")) refreshes++;
    return Response.json(tokensFor(userId));
  };
  const connection = connect(twitch, {
    ...client,
    redirectUri,
    scopes: ["chat:read"],
    fetch,
    minimumIntervalSeconds: 0,
  });
  const logIn = async (userId: string, account?: string): Promise<void> => {
    const started = await connection.start(new Request("https://app.example/connect"), { account });
    const state = new URL(started.headers.get("location") ?? "").searchParams.get("state");
    const cookie = started.headers.get("set-cookie")?.split(";")[0] ?? "";
    const callback = new Request(`${redirectUri}?code=code-${userId}&state=${state}`, { headers: { cookie } });
    expect(await connection.finish(callback)).toMatchObject({ status: "approved" });
  };
  return { connection, refreshes: () => refreshes, logIn };
}

async function bot(): Promise<Stage & { readonly auth: TwurpleAuthProvider }> {
  const set = stage();
  await set.logIn("1", "default");
  await set.logIn("2", "bot");
  return { ...set, auth: await codegrantAuthProvider(set.connection, { intents: { chat: "bot" } }) };
}

describe("codegrantAuthProvider", () => {
  it("gives each user's own token, without the refresh token", async () => {
    const { auth } = await bot();
    expect(auth).toMatchObject({ clientId, authorizationType: "Bearer" });
    const token = await auth.getAccessTokenForUser("2", ["chat:read"]);
    expect(token).toMatchObject({ userId: "2", refreshToken: null, scope: ["chat:read"] });
    expect(token?.accessToken).toMatch(/^at-2-/);
    expect(token?.expiresIn).toBeGreaterThan(13_900);
    expect(await auth.getAccessTokenForUser({ id: "1" })).toMatchObject({ userId: "1" });
    expect(await auth.getAccessTokenForUser(1)).toMatchObject({ userId: "1" });
  });

  it("knows which account speaks for which intent", async () => {
    const { auth } = await bot();
    expect(await auth.getAccessTokenForIntent("chat")).toMatchObject({ userId: "2" });
    expect(await auth.getAccessTokenForIntent("anything")).toMatchObject({ userId: "1" });
    expect(await auth.getAccessTokenForIntent("constructor")).toMatchObject({ userId: "1" });
    expect(await auth.getAnyAccessToken()).toMatchObject({ userId: "1" });
    expect(await auth.getAnyAccessToken("2")).toMatchObject({ userId: "2" });
    expect(await auth.getAnyAccessToken("404")).toMatchObject({ userId: "1" });
  });

  it("has no token for a stranger, and finds one who connected meanwhile", async () => {
    const { auth, logIn } = await bot();
    expect(await auth.getAccessTokenForUser("3")).toBeNull();
    expect(await thrownBy(auth.refreshAccessTokenForUser("3"))).toMatchObject({ code: "login_required" });
    await logIn("3", "broadcaster");
    expect(await auth.getAccessTokenForUser("3")).toMatchObject({ userId: "3" });
    await logIn("4");
    expect(await auth.getAccessTokenForUser("4")).toMatchObject({ userId: "4" });
  });

  it("has no token for one who logged out", async () => {
    const { auth, connection } = await bot();
    await connection.account("bot").logout();
    expect(await auth.getAccessTokenForUser("2")).toBeNull();
  });

  it("says which scope is missing: of each set one is enough", async () => {
    const { auth } = await bot();
    expect(auth.getCurrentScopesForUser("2")).toEqual(["chat:read"]);
    expect(auth.getCurrentScopesForUser("404")).toEqual([]);
    expect(await auth.getAccessTokenForUser("2", ["chat:edit", "chat:read"], undefined, [])).not.toBeNull();
    const error = await thrownBy(auth.getAccessTokenForUser("2", ["chat:read"], ["chat:edit"]));
    expect(isConnectionError(error) && error.hint).toMatch(/user approve again/);
    expect(String(error)).toContain("chat:edit");
  });

  it("many requests that are refused at once make one refresh", async () => {
    const { auth, refreshes } = await bot();
    const before = await auth.getAccessTokenForUser("2");
    const after = await Promise.all(Array.from({ length: 5 }, () => auth.refreshAccessTokenForUser("2")));
    expect(new Set(after.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(after[0]?.accessToken).not.toBe(before?.accessToken);
    expect(await auth.refreshAccessTokenForIntent("chat")).toMatchObject({ accessToken: after[0]?.accessToken });
    expect(refreshes()).toBe(1);
  });
});
