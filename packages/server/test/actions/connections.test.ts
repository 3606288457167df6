import { describe, expect, it } from "vitest";
import { disconnect, listConnections, registerApplication } from "../../src/actions/index.ts";
import { isAlive } from "../../src/decide/liveness.ts";
import type { Platform } from "../../src/platform.ts";
import type { Application } from "../../src/records.ts";
import { verifyClientSecret } from "../../src/secrets.ts";
import { observedPlatform } from "../observed-platform.ts";
import { applicationInput, approve, registeredApplication, user } from "./fixtures.ts";

async function lives(platform: Platform, grantId: number, application: Application): Promise<boolean> {
  const found = await platform.store.findGrant(grantId);
  return found !== undefined && isAlive({ ...found, application }, platform.now());
}

describe("a user's connections", () => {
  it("show each application with its developer and its scopes in words", async () => {
    const platform = observedPlatform();
    const ada = await user(platform, "ada");
    const bea = await user(platform, "bea");
    const { application } = await registeredApplication(platform, { ownerId: bea.id });
    await approve(platform, ada, application, ["user_read", "chat_login"]);
    const { connections } = await listConnections(platform, ada.id);
    expect(connections).toMatchObject([
      {
        applicationId: application.id,
        clientId: application.clientId,
        name: "Photo printer",
        owner: "bea",
        scopes: [{ name: "user_read", description: expect.stringContaining("email") }, { name: "chat_login" }],
        since: platform.now(),
      },
    ]);
    expect((await listConnections(platform, bea.id)).connections).toEqual([]);
  });

  it("show a scope that the platform gave up by its name", async () => {
    const platform = observedPlatform();
    const ada = await user(platform);
    const { application } = await registeredApplication(platform);
    await approve(platform, ada, application, ["given_up"]);
    const [connection] = (await listConnections(platform, ada.id)).connections;
    expect(connection?.scopes).toMatchObject([{ name: "given_up", description: "given_up", sensitive: true }]);
  });

  it("come fifty at a time, each once", async () => {
    const platform = observedPlatform();
    const ada = await user(platform);
    for (let made = 0; made < 101; made += 1) {
      await approve(platform, ada, (await registeredApplication(platform)).application);
    }
    const first = await listConnections(platform, ada.id);
    const second = await listConnections(platform, ada.id, first.nextAfterId);
    const third = await listConnections(platform, ada.id, second.nextAfterId);
    expect([first, second, third].map(({ connections }) => connections.length)).toEqual([50, 50, 1]);
    expect(third.nextAfterId).toBeUndefined();
    const ids = [first, second, third].flatMap(({ connections }) =>
      connections.map(({ applicationId }) => applicationId),
    );
    expect(new Set(ids).size).toBe(101);
  });
});

describe("Disconnect", () => {
  it("ends what this application may do for this user, and nothing else", async () => {
    const platform = observedPlatform();
    const [ada, bea] = [await user(platform, "ada"), await user(platform, "bea")];
    const { application } = await registeredApplication(platform);
    const { application: other } = await registeredApplication(platform);
    const own = await approve(platform, ada, application);
    const ofBea = await approve(platform, bea, application);
    const ofOther = await approve(platform, ada, other);
    expect(await disconnect(platform, ada.id, application.id)).toBe("disconnected");
    expect(await lives(platform, own, application)).toBe(false);
    expect(await lives(platform, ofBea, application)).toBe(true);
    expect(await lives(platform, ofOther, other)).toBe(true);
    const left = (await listConnections(platform, ada.id)).connections;
    expect(left.map(({ applicationId }) => applicationId)).toEqual([other.id]);
    expect(platform.events.at(-1)).toMatchObject({
      event: "consent.ended",
      userId: ada.id,
      applicationId: application.id,
    });
  });

  it.each([-30, 30])("holds when the clock steps by %i days, and nothing made later dies with it", async (days) => {
    const platform = observedPlatform();
    const ada = await user(platform);
    const { application } = await registeredApplication(platform);
    const before = await approve(platform, ada, application);
    await disconnect(platform, ada.id, application.id);
    platform.step(days * 86_400);
    const after = await approve(platform, ada, application);
    expect(await lives(platform, before, application)).toBe(false);
    expect(await lives(platform, after, application)).toBe(true);
  });

  it("does nothing where nothing is connected, and says so", async () => {
    const platform = observedPlatform();
    const ada = await user(platform);
    const { application } = await registeredApplication(platform);
    expect(await disconnect(platform, ada.id, application.id)).toBe("unknown");
    expect(await disconnect(platform, ada.id, 999)).toBe("unknown");
    await approve(platform, ada, application);
    await disconnect(platform, ada.id, application.id);
    expect(await disconnect(platform, ada.id, application.id)).toBe("unknown");
  });
});

describe("a registration form sent twice", () => {
  const registration = { ...applicationInput(), ownerId: "7" };
  const count = async (platform: Platform): Promise<number> =>
    (await platform.store.listApplications({ ownerId: "7", limit: 200 })).length;

  it("makes one application, also when both arrive at once, and both secrets work", async () => {
    const platform = observedPlatform();
    const [first, second] = await Promise.all([
      registerApplication(platform, registration),
      registerApplication(platform, registration),
    ]);
    expect(await count(platform)).toBe(1);
    expect(second.application.clientId).toBe(first.application.clientId);
    const works = (secret = ""): boolean => verifyClientSecret(second.application, secret, platform.now());
    expect(first.clientSecret).not.toBe(second.clientSecret);
    expect([works(first.clientSecret), works(second.clientSecret)]).toEqual([true, true]);
  });

  it("shows a public application again as it is", async () => {
    const platform = observedPlatform();
    const typed = { ...registration, type: "public" as const };
    const first = await registerApplication(platform, typed);
    expect(await registerApplication(platform, typed)).toEqual(first);
  });

  it.each([
    ["another name", { name: "Picture printer" }],
    ["another type", { type: "public" as const }],
    ["another redirect URI", { redirectUris: ["https://printer.example/other"] }],
    ["one redirect URI more", { redirectUris: [...registration.redirectUris, "https://printer.example/other"] }],
    ["another developer", { ownerId: "8" }],
  ])("makes another application with %s", async (_, override) => {
    const platform = observedPlatform();
    const first = await registerApplication(platform, registration);
    const second = await registerApplication(platform, { ...registration, ...override });
    expect(second.application.id).not.toBe(first.application.id);
  });

  it("makes another application after a minute: then it is meant", async () => {
    const platform = observedPlatform();
    await registerApplication(platform, registration);
    platform.step(61);
    await registerApplication(platform, registration);
    expect(await count(platform)).toBe(2);
  });

  it("makes none from one that is refused, and a right one goes through afterwards", async () => {
    const platform = observedPlatform();
    const [wrong, right] = await Promise.allSettled([
      registerApplication(platform, { ...registration, name: "x" }),
      registerApplication(platform, registration),
    ]);
    expect([wrong.status, right.status]).toEqual(["rejected", "fulfilled"]);
    expect(await count(platform)).toBe(1);
  });
});
