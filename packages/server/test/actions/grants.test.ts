import { describe, expect, it } from "vitest";
import {
  deleteApplication,
  disableUser,
  disconnect,
  endAllGrants,
  endGrant,
  endGrantsOfKey,
  findGrant,
  listEndedGrants,
  listGrants,
  setPassword,
} from "../../src/actions/index.ts";
import { cleanOnce } from "../../src/cleaner.ts";
import type { EndedGrant } from "../../src/ended-grant.ts";
import { createPlatform, type LogEntry, type Platform } from "../../src/platform.ts";
import { approve as approveInBrowser, authorizeUrl, codeOf, exchange, refresh, signedIn, validate } from "../flow.ts";
import { type ObservedPlatform, observedPlatform } from "../observed-platform.ts";
import { demoUser, type Registered, registered } from "../platform.ts";
import { send } from "../visitor.ts";

interface Stage {
  readonly platform: ObservedPlatform;
  readonly app: Registered;
  readonly tokens: { readonly access: string; readonly refresh: string };
}

/** Ada has approved the printer, and it holds tokens. */
async function stage(): Promise<Stage> {
  const platform = observedPlatform();
  const app = await registered(platform);
  await demoUser(platform);
  return { platform, app, tokens: await connect(platform, app) };
}

async function connect(platform: ObservedPlatform, app: Registered): Promise<Stage["tokens"]> {
  const code = codeOf(await approveInBrowser(await signedIn(platform), authorizeUrl(app)));
  const tokens = (await exchange(platform, app, code)).json();
  return { access: String(tokens["access_token"]), refresh: String(tokens["refresh_token"]) };
}

const page = { limit: 200 };

describe("the grants that live", () => {
  it("are told with the names of user and application, and by either", async () => {
    const { platform, app } = await stage();
    const [grant, ...others] = await listGrants(platform, page);
    expect(others).toEqual([]);
    expect(grant).toMatchObject({
      id: 1,
      login: "ada",
      application: { clientId: app.clientId, name: "Photo printer" },
      scopes: ["user:read:email"],
      keyId: 1,
      grantedAt: platform.now(),
      exchangedAt: platform.now(),
    });
    expect(await findGrant(platform, 1)).toEqual(grant);
    expect(await listGrants(platform, { ...page, userId: "1", applicationId: 1 })).toEqual([grant]);
    expect(await listGrants(platform, { ...page, userId: "2" })).toEqual([]);
    expect(await listEndedGrants(platform, { ...page, since: 0 })).toEqual([]);
  });

  it("tell the day of last use", async () => {
    const { platform } = await stage();
    await platform.usage.flush();
    const [grant] = await listGrants(platform, page);
    expect(grant?.lastUsedDay).toBe(Math.floor(platform.now() / 86_400));
  });

  it("hold no secret", async () => {
    const { platform, tokens } = await stage();
    const text = JSON.stringify(await listGrants(platform, page));
    expect(text).not.toMatch(/proof|hash/i);
    for (const token of Object.values(tokens)) expect(text).not.toContain(token);
  });
});

describe("an operator who ends one grant", () => {
  it("ends its tokens at once, once, and it is told with time and reason", async () => {
    const { platform, app, tokens } = await stage();
    const told: EndedGrant[] = [];
    const on = { ...platform, onGrantEnded: (ended: EndedGrant) => void told.push(ended) };
    expect(await endGrant(on, 1)).toBe("ended");
    expect((await validate(platform, tokens.access)).status).toBe(401);
    expect((await refresh(platform, app, tokens.refresh)).status).toBe(400);
    expect(await endGrant(on, 1)).toBe("already");
    expect(await endGrant(on, 2)).toBe("unknown");
    const endedAt = platform.now();
    platform.step(1800);
    for (const _ of ["first", "second"]) await cleanOnce(on);
    expect(told).toEqual([
      expect.objectContaining({ grantId: 1, userId: "1", applicationId: 1, why: "operator", endedAt }),
    ]);
    expect(platform.logged.filter(({ event }) => event === "grant.ended")).toHaveLength(1);
    expect(platform.events.map(({ event }) => event)).toContain("grant.operator");
    expect((await findGrant(platform, 1))?.ended).toEqual({ at: endedAt, why: "operator" });
  });
});

describe("a command beside a server", () => {
  it.each([
    ["ends a grant", "operator", (command: Platform) => endGrant(command, 1)],
    ["gives up a key", "key", (command: Platform) => endGrantsOfKey(command, 1)],
    ["ends everything", "operator", (command: Platform) => endAllGrants(command)],
    ["disables the user", "user", (command: Platform) => disableUser(command, "ada")],
    ["deletes the application", "application", (command: Platform) => deleteApplication(command, 1)],
  ] as const)("%s: one of two servers tells of it, once, also one that was down meanwhile", async (_, why, act) => {
    const { platform } = await stage();
    const told: string[] = [];
    const server = (name: string): Platform => {
      const onGrantEnded = (ended: EndedGrant): void => void told.push(`${ended.grantId} ${ended.why}`);
      const log = (entry: LogEntry): void => void (entry.event === "grant.ended" && told.push(`${name} logs`));
      return createPlatform({ ...platform, onGrantEnded, log });
    };
    const silent = createPlatform({ ...platform, onGrantEnded: () => expect.unreachable(), log: () => undefined });
    await act(silent);
    // Both begin only now, and one of them again.
    for (const name of ["one", "two", "one"]) await cleanOnce(server(name));
    expect(told).toEqual(["one logs", `1 ${why}`]);
  });
});

describe("an operator who ends everything", () => {
  it("ends user's and application's tokens, and each grant is reported once within one walk of the cleaner", async () => {
    const { platform, app, tokens } = await stage();
    await connect(platform, app);
    await endAllGrants(platform);
    expect((await validate(platform, tokens.access)).status).toBe(401);
    expect((await listGrants(platform, page)).length).toBe(0);
    const ended = await listEndedGrants(platform, { ...page, since: platform.now() });
    expect(ended.map((grant) => [grant.id, grant.ended?.why])).toEqual([
      [1, "operator"],
      [2, "operator"],
    ]);
    await cleanOnce(platform);
    await cleanOnce(platform);
    expect(platform.logged.filter(({ event }) => event === "grant.ended").map(({ grantId }) => grantId)).toEqual([
      1, 2,
    ]);
  });
});

it("a hook that never comes back keeps no grant from being told, and the cleaner from nothing", async () => {
  const { platform, app } = await stage();
  for (let i = 0; i < 24; i++) await connect(platform, app);
  await endAllGrants(platform);
  const told: number[] = [];
  const onGrantEnded = ({ grantId }: EndedGrant): Promise<void> => {
    told.push(grantId);
    return new Promise(() => undefined);
  };
  await cleanOnce({ ...platform, onGrantEnded, hookWaitSeconds: 0.01 });
  expect(told).toEqual(Array.from({ length: 25 }, (_, index) => index + 1));
});

describe("whoever was cut off", () => {
  it.each([
    ["disconnect", (at: Stage) => disconnect(at.platform, "1", 1)],
    ["password", (at: Stage) => setPassword(at.platform, "ada", "another good one")],
    ["application", (at: Stage) => deleteApplication(at.platform, 1)],
    ["operator", (at: Stage) => endGrant(at.platform, 1)],
    ["revoke", (at: Stage) => revokeToken(at)],
    ["theft", (at: Stage) => stealToken(at)],
  ] as const)("is found with the reason %s, before and after the cleaner came by", async (why, act) => {
    const at = await stage();
    const { platform } = at;
    platform.step(100);
    await act(at);
    const endedAt = platform.now();
    for (const _ of ["before", "after"]) {
      const found = await listEndedGrants(platform, { ...page, since: endedAt, why });
      expect(found.map(({ id, ended }) => ({ id, ...ended }))).toEqual([{ id: 1, at: endedAt, why }]);
      expect(await findGrant(platform, 1)).toEqual(found[0]);
      expect(await listEndedGrants(platform, { ...page, since: endedAt + 1 })).toEqual([]);
      expect(await listEndedGrants(platform, { ...page, since: 0, why: "key" })).toEqual([]);
      platform.step(10);
      await cleanOnce(platform);
    }
    expect(platform.logged.filter(({ event }) => event === "grant.ended")).toHaveLength(1);
  });

  it("by the deletion of an application is found by the application's number, without a name", async () => {
    const { platform } = await stage();
    await deleteApplication(platform, 1);
    const [found] = await listEndedGrants(platform, { ...page, since: 0, applicationId: 1 });
    expect(found).toMatchObject({ login: "ada", applicationId: 1 });
    expect(found).not.toHaveProperty("application");
  });
});

async function revokeToken({ platform, app, tokens }: Stage): Promise<void> {
  const body = { client_id: app.clientId, client_secret: app.clientSecret, token: tokens.refresh };
  await send(platform.server, "/oauth2/revoke", { method: "POST", body });
}

/** Three refreshes in a row, then the first token again. */
async function stealToken({ platform, app, tokens }: Stage): Promise<void> {
  const second = (await refresh(platform, app, tokens.refresh)).json();
  const third = (await refresh(platform, app, String(second["refresh_token"]))).json();
  await refresh(platform, app, String(third["refresh_token"]));
  await refresh(platform, app, tokens.refresh);
}
