import type { IncomingMessage, ServerResponse } from "node:http";
import passport from "passport";
import OAuth2Strategy from "passport-oauth2";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { playUser } from "../../examples/sample/src/robot.ts";
import { type Listening, listen } from "./running.ts";
import { type Prefix, register, type Stage, startStage } from "./stage.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

interface Seen {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly answer: Readonly<Record<string, unknown>>;
}

interface Site extends Listening {
  readonly strategy: OAuth2Strategy;
  readonly seen: readonly Seen[];
}

/** A site with passport and one session; `/login` sends the user away, `/callback` takes them back. */
async function startSite(prefix: Prefix, scope: string[], pkce: boolean): Promise<Site> {
  const seen: Seen[] = [];
  const session = {};
  const listening = await listen((request, response) => handle(request, response));
  const callbackURL = `${listening.url}/callback`;
  const { clientId, clientSecret } = await register(stage, callbackURL);
  const strategy = new OAuth2Strategy(
    {
      authorizationURL: `${stage.url}${prefix}/authorize`,
      tokenURL: `${stage.url}${prefix}/token`,
      clientID: clientId,
      clientSecret,
      callbackURL,
      scope,
      state: true,
      pkce,
    },
    (accessToken: string, refreshToken: string, answer: object, _: unknown, done: OAuth2Strategy.VerifyCallback) => {
      seen.push({ accessToken, refreshToken, answer: { ...answer } });
      done(null, { id: "ada" });
    },
  );
  const authenticate = new passport.Passport().use(strategy).authenticate("oauth2", { session: false }) as (
    request: unknown,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ) => void;

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const query = Object.fromEntries(new URL(request.url ?? "", listening.url).searchParams);
    // What express and its session middleware would add.
    authenticate(Object.assign(request, { query, session }), response, (error) => {
      response.statusCode = error === undefined ? 200 : 500;
      response.end(error === undefined ? "signed in" : "failed");
    });
  }
  return { ...listening, strategy, seen };
}

/** What passport-oauth2-refresh does: the strategy's own client asks again. */
async function refresh({ strategy }: Site, refreshToken: string): Promise<Seen> {
  const client = clientOf(strategy);
  return new Promise((resolve, reject) => {
    client.getOAuthAccessToken(
      refreshToken,
      { grant_type: "refresh_token" },
      (error: unknown, accessToken: string, next: string, answer: Readonly<Record<string, unknown>>) => {
        if (error !== null && error !== undefined) reject(new Error(JSON.stringify(error)));
        else resolve({ accessToken, refreshToken: next, answer });
      },
    );
  });
}

/** Its own client of the `oauth` package. The field is "protected", and everyone uses it so. */
function clientOf(strategy: OAuth2Strategy) {
  return Object(strategy)._oauth2;
}

describe("passport-oauth2", () => {
  it.each([
    ["/oauth", ["user:read:email", "channel:read:subscriptions"], true],
    ["/oauth2", ["user:read:email", "channel:read:subscriptions"], false],
    ["/kraken/oauth2", ["user_read", "channel_read"], false],
  ] as const)("signs a user in, refreshes, and its token is revoked, at %s", async (prefix, scopes, pkce) => {
    const site = await startSite(prefix, [...scopes], pkce);
    onTestFinished(() => site.close());
    const page = await playUser({ startUrl: `${site.url}/login`, ...stage.person, decision: "approve" });
    expect([page.status, page.text]).toEqual([200, "signed in"]);
    const [first] = site.seen;
    expect(await stage.introspect(first?.accessToken, prefix)).toMatchObject({
      active: true,
      username: stage.person.login,
      scope: scopes.join(" "),
    });

    const second = await refresh(site, first?.refreshToken ?? "");
    expect(second.refreshToken).toMatch(/\S{20}/);
    // It has no call to revoke, so its site posts a form.
    const { _clientId: client_id, _clientSecret: client_secret } = clientOf(site.strategy);
    const body = new URLSearchParams({ client_id, client_secret, token: second.refreshToken });
    expect((await fetch(`${stage.url}${prefix}/revoke`, { method: "POST", body })).status).toBe(200);
    expect(await stage.introspect(second.accessToken, prefix)).toEqual({ active: false });
    await expect(refresh(site, second.refreshToken)).rejects.toThrow(/invalid_grant|Invalid refresh token/);
  });

  it("shows its user out with a 401 when they said no", async () => {
    const site = await startSite("/oauth", ["user:read:email"], true);
    onTestFinished(() => site.close());
    const page = await playUser({ startUrl: `${site.url}/login`, ...stage.person, decision: "decline" });
    expect([page.status, page.text]).toEqual([401, "Unauthorized"]);
    expect(site.seen).toEqual([]);
  });
});
