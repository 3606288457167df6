import { createServer, mounts } from "@codegrant/server";
import { describe, expect, it } from "vitest";
import { createResetLink, disconnect, endGrantsOfKey } from "../../src/actions/index.ts";
import { cleanOnce } from "../../src/cleaner.ts";
import { approve, authorizeUrl, codeOf, exchange, refresh, signedIn } from "../flow.ts";
import { observedPlatform } from "../observed-platform.ts";
import { demoUser, login, password, registered } from "../platform.ts";
import { send, visitor } from "../visitor.ts";

/** A day with everything that is worth a line: what went well, what was refused, and what people changed. */
async function livedThrough() {
  const platform = observedPlatform();
  const app = await registered(platform);
  await demoUser(platform);
  const link = new URL((await createResetLink(platform, login)).url);
  platform.logged.length = 0; // what an operator did by hand belongs to no request
  const before = platform.events.length;
  const secrets: string[] = [password, app.clientSecret, link.searchParams.get("link") ?? ""];

  const stranger = visitor(platform.server);
  await stranger.get("/nowhere");
  const page = await stranger.get("/settings/connections");
  await stranger.submit("/settings/connections", page, { login, password: "wrong horse battery" });
  const person = await signedIn(platform);
  const declining = authorizeUrl(app, { state: "no" });
  await person.submit(declining, await person.get(declining), { decision: "decline" });
  const code = codeOf(await approve(person, authorizeUrl(app)));
  await exchange(platform, app, code, { redirect_uri: "https://elsewhere.example/" });
  const first = (await exchange(platform, app, code)).json();
  const second = (await refresh(platform, app, String(first["refresh_token"]))).json();
  platform.step(60);
  const third = (await refresh(platform, app, String(second["refresh_token"]))).json();
  platform.step(60);
  await refresh(platform, app, String(first["refresh_token"])); // theft
  const other = (await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))))).json();
  const client = { client_id: app.clientId, client_secret: app.clientSecret };
  await send(platform.server, "/oauth2/revoke", {
    method: "POST",
    body: { ...client, token: String(other["access_token"]) },
  });
  await send(platform.server, "/oauth2/revoke", {
    method: "POST",
    body: { ...client, token: String(other["refresh_token"]) },
  });
  const connections = await person.get("/settings/connections");
  await person.submit("/settings/connections", connections, { action: "disconnect", application: "1" });
  const reset = `${link.pathname}${link.search}`;
  await stranger.submit(reset, await stranger.get(reset), { password: "another horse battery" });

  secrets.push(code, "another horse battery", "wrong horse battery", ...person.cookies.values());
  for (const tokens of [first, second, third, other])
    secrets.push(String(tokens["access_token"]), String(tokens["refresh_token"]));
  return { platform, app, secrets, events: platform.events.slice(before) };
}

const whatIsKept = "consent.declined consent.approved grant.theft grant.revoke consent.ended password.changed".split(
  " ",
);
const whatHappened = [
  ...whatIsKept,
  "page.refused",
  "user.signInRefused",
  "user.signedIn",
  "code.issued",
  "request.refused",
  "code.redeemed",
  "token.refreshed",
  "grant.ended",
  "token.revoked",
];

describe("the log", () => {
  it("LG-06: has a line for whatever happened, each with the id of its request", async () => {
    const { platform } = await livedThrough();
    const events = new Set(platform.logged.map(({ event }) => event));
    for (const event of whatHappened) expect(events, event).toContain(event);
    for (const line of platform.logged) expect(line.requestId, line.event).toMatch(/./);
  });

  it("LG-02: holds no password, secret, code, token or cookie, and neither do the events that are kept", async () => {
    const { platform, secrets, events } = await livedThrough();
    const text = JSON.stringify([platform.logged, events]);
    for (const secret of secrets) {
      expect(secret).toMatch(/.{8}/);
      expect(text).not.toContain(secret);
    }
  });

  it("LG-06: keeps what is rare in the store, with its request, user and application", async () => {
    const { events } = await livedThrough();
    expect(events.map(({ event }) => event)).toEqual(whatIsKept);
    for (const { event, requestId, userId, at } of events)
      expect({ event, requestId, userId, at }).toEqual({
        event,
        requestId: expect.stringMatching(/./),
        userId: "1",
        at: expect.any(Number),
      });
  });

  it("and an error page name the same request", async () => {
    const platform = observedPlatform();
    const page = await send(platform.server, "/nowhere");
    const [line] = platform.logged;
    expect(line).toMatchObject({ event: "page.refused", error: "notFound" });
    expect(page.body).toContain(String(line?.requestId));
  });
});

describe("a grant that ended", () => {
  it("has one line and one call of the hook, whatever ended it", async () => {
    const platform = observedPlatform();
    const app = await registered(platform);
    await demoUser(platform);
    const told: string[] = [];
    const on = { ...platform, onGrantEnded: ({ why }: { readonly why: string }) => void told.push(why) };
    await exchange(platform, app, codeOf(await approve(await signedIn(platform), authorizeUrl(app))));
    expect(await endGrantsOfKey(on, 1)).toBe(1);
    expect(await endGrantsOfKey(on, 1)).toBe(0);
    await disconnect(platform, "1", 1);
    for (const _ of ["first", "second"]) await cleanOnce(on);
    expect(told).toEqual(["key"]);
    expect(platform.logged.filter(({ event }) => event === "grant.ended")).toHaveLength(1);
  });

  it.each([
    ["throws", () => raise(new Error("mail is down"))],
    ["rejects", () => Promise.reject(new Error("mail is down"))],
    ["never comes back", () => new Promise<void>(() => undefined)],
    ["rejects when nobody waits any more", () => later().then(() => raise(new Error("mail is down")))],
  ])("is answered and logged also if the hook %s", async (how, onGrantEnded) => {
    const base = observedPlatform();
    const platform = { ...base, hookWaitSeconds: 0.01, onGrantEnded };
    const on = { ...platform, server: createServer(platform, mounts.twitch) };
    const app = await registered(on);
    await demoUser(on);
    const tokens = await exchange(on, app, codeOf(await approve(await signedIn(on), authorizeUrl(app))));
    const token = String(tokens.json()["refresh_token"]);
    const body = { client_id: app.clientId, client_secret: app.clientSecret, token };
    expect((await send(on.server, "/oauth2/revoke", { method: "POST", body })).status).toBe(200);
    await later();
    await later();
    const failed = on.logged.filter(({ event }) => event === "hook.failed");
    expect(failed).toHaveLength(how === "never comes back" ? 0 : 1);
    expect(on.logged.filter(({ event }) => event === "grant.ended")).toHaveLength(1);
  });
});

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

function raise(error: Error): never {
  throw error;
}
