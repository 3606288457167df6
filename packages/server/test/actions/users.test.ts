import { describe, expect, it } from "vitest";
import {
  changeOwnPassword,
  createResetLink,
  createUser,
  findResetLink,
  listUsers,
  redeemResetLink,
  setPassword,
  signIn,
} from "../../src/actions/index.ts";
import type { Platform } from "../../src/platform.ts";
import { hashSecret } from "../../src/secrets.ts";
import { observedPlatform } from "../observed-platform.ts";
import { approve, refusedFields, registeredApplication, user } from "./fixtures.ts";

describe("a new user", () => {
  it.each([
    ["ada", "ada", "ada"],
    ["Ada", "ada", "Ada"],
    [" ada ", "ada", "ada"],
    ["0x", "0x", "0x"],
    ["a_b-c", "a_b-c", "a_b-c"],
    ["a".repeat(32), "a".repeat(32), "a".repeat(32)],
  ])("%j can sign in as %j and is called %j", async (login, kept, displayName) => {
    const platform = observedPlatform();
    const created = await createUser(platform, { login, password: "correct horse battery" });
    expect(created).toMatchObject({ login: kept, displayName, disabled: false, createdAt: platform.now() });
    expect((await signIn(platform, { login, password: "correct horse battery" }))?.id).toBe(created.id);
  });

  it.each([
    "",
    "a",
    "a".repeat(33),
    "_ada",
    "-ada",
    "ada lovelace",
    "ad\u00e1",
    "ada@post",
    "\u0130ada",
    "ada\0",
    "\uff41da",
    "ada\n b",
  ])("cannot have the login %j", async (login) => {
    expect(await refusedFields(createUser(observedPlatform(), { login }))).toEqual(["login"]);
  });

  it("cannot take a login that differs from another in capitals only", async () => {
    const platform = observedPlatform();
    await user(platform, "ada");
    expect(await refusedFields(createUser(platform, { login: "ADA" }))).toEqual(["login"]);
  });

  it.each([
    ["a short password", { password: "short" }, "password"],
    ["a long password", { password: "a".repeat(1025) }, "password"],
    ["an empty display name", { displayName: " " }, "displayName"],
    ["LC-22: a display name that turns the text around", { displayName: "Ada\u202e" }, "displayName"],
    ["a display name of 101 characters", { displayName: "a".repeat(101) }, "displayName"],
    ["an address without a host", { email: "ada" }, "email"],
    ["an address with a line break", { email: "ada@post.example\nBcc: all@post.example" }, "email"],
    ["a long address", { email: `${"a".repeat(65)}@post.example` }, "email"],
  ])("cannot have %s", async (_, override, field) => {
    const platform = observedPlatform();
    expect(await refusedFields(createUser(platform, { login: "ada", ...override }))).toEqual([field]);
    expect(await platform.store.findUserByLogin("ada")).toBeUndefined();
  });

  it("has a display name and an address if they were given, and no password until they set one", async () => {
    const platform = observedPlatform();
    const created = await createUser(platform, { login: "ada", displayName: "Ada L.", email: "ada@post.example" });
    expect(created).toMatchObject({ displayName: "Ada L.", email: "ada@post.example" });
    expect(created).not.toHaveProperty("passwordHash");
    expect(await signIn(platform, { login: "ada", password: "" })).toBeUndefined();
  });

  it("is listed, and known to the log and the events", async () => {
    const platform = observedPlatform();
    const ada = await user(platform, "ada");
    const bea = await user(platform, "bea");
    expect((await listUsers(platform)).map(({ id }) => id)).toEqual([ada.id, bea.id]);
    expect((await listUsers(platform, { limit: 1 })).map(({ id }) => id)).toEqual([ada.id]);
    expect((await listUsers(platform, { afterId: Number(ada.id), limit: 1 })).map(({ id }) => id)).toEqual([bea.id]);
    expect(platform.events).toMatchObject([
      { event: "user.created", userId: ada.id },
      { event: "user.created", userId: bea.id },
    ]);
    expect(JSON.stringify([platform.logged, platform.events])).not.toMatch(/horse|post\.example/);
  });
});

describe("LC-31: a sign-in", () => {
  async function somePlatform() {
    const platform = observedPlatform();
    await user(platform, "ada");
    await createUser(platform, { login: "without" });
    const disabled = await user(platform, "disabled");
    const store = {
      ...platform.store,
      findUserByLogin: async (login: string) => {
        const found = await platform.store.findUserByLogin(login);
        return found?.id === disabled.id ? { ...found, disabled: true } : found;
      },
    };
    return { ...platform, store };
  }

  it.each([
    ["the right password", "ada", "correct horse battery", true],
    ["the right password and a login in capitals", "ADA", "correct horse battery", true],
    ["a wrong password", "ada", "incorrect horse", false],
    ["an empty password", "ada", "", false],
    ["an unknown login", "bea", "correct horse battery", false],
    ["a login nobody can have", "no such login, ever", "correct horse battery", false],
    ["a login of 60,000 characters", "a".repeat(60_000), "correct horse battery", false],
    ["a user without a password", "without", "correct horse battery", false],
    ["a disabled user", "disabled", "correct horse battery", false],
  ])("costs one hash with %s", async (_, login, password, succeeds) => {
    const platform = await somePlatform();
    const before = platform.hashes();
    const found = await signIn(platform, { login, password });
    expect(found !== undefined).toBe(succeeds);
    expect(platform.hashes() - before).toBe(1);
  });

  it("never writes what was typed to the log", async () => {
    const platform = await somePlatform();
    await signIn(platform, { login: "my secret in the wrong field", password: "incorrect horse" });
    await signIn(platform, { login: "ada", password: "incorrect horse" });
    await signIn(platform, { login: "ada", password: "correct horse battery" });
    expect(JSON.stringify(platform.logged)).not.toMatch(/wrong field|horse/);
    const signIns = platform.logged.filter(({ event }) => event.startsWith("user.sign"));
    expect(signIns.map(({ event }) => event)).toEqual(["user.signInRefused", "user.signInRefused", "user.signedIn"]);
  });
});

async function signedInUser(platform: Platform) {
  const ada = await user(platform, "ada");
  const session = {
    secretHash: hashSecret("session"),
    userId: ada.id,
    createdAt: platform.now(),
    expiresAt: platform.now() + 9_999,
  };
  await platform.store.createSession(session);
  const { application } = await registeredApplication(platform);
  await approve(platform, ada, application);
  const lives = async () => ({
    session: (await platform.store.findSession(session.secretHash, platform.now())) !== undefined,
    connection: (await platform.store.findConsent(ada.id, application.id))?.since !== undefined,
  });
  return { ada, session, lives };
}

describe("a password set for a user", () => {
  it("is the one that counts from now on, and ends every session and connection", async () => {
    const platform = observedPlatform();
    const { lives } = await signedInUser(platform);
    expect(await lives()).toEqual({ session: true, connection: true });
    await setPassword(platform, "Ada", "battery staple");
    expect(await lives()).toEqual({ session: false, connection: false });
    expect(await signIn(platform, { login: "ada", password: "correct horse battery" })).toBeUndefined();
    expect(await signIn(platform, { login: "ada", password: "battery staple" })).toBeDefined();
  });

  it("is refused if too short, and nothing is changed", async () => {
    const platform = observedPlatform();
    const { lives } = await signedInUser(platform);
    expect(await refusedFields(setPassword(platform, "ada", "short"))).toEqual(["password"]);
    expect(await lives()).toEqual({ session: true, connection: true });
  });

  it("is refused for a login nobody has", async () => {
    expect(await refusedFields(setPassword(observedPlatform(), "bea", "battery staple"))).toEqual(["login"]);
  });
});

const linkOf = (url: string): string => new URL(url).searchParams.get("link") ?? "";

describe("a reset link", () => {
  it("leads to the platform, for an hour, and nothing but its hash is kept or logged", async () => {
    const platform = observedPlatform();
    const { ada } = await signedInUser(platform);
    const { url, expiresAt } = await createResetLink(platform, "Ada");
    expect(url).toMatch(/^http:\/\/localhost:8080\/account\/password\?link=[A-Za-z0-9]{43}$/);
    expect(expiresAt).toBe(platform.now() + 3_600);
    expect((await platform.store.findResetLink(hashSecret(linkOf(url)), platform.now()))?.id).toBe(ada.id);
    expect(JSON.stringify([platform.logged, platform.events])).not.toContain(linkOf(url));
  });

  it("sets the password once, and ends every session and connection", async () => {
    const platform = observedPlatform();
    const { lives } = await signedInUser(platform);
    const link = linkOf((await createResetLink(platform, "ada")).url);
    expect((await redeemResetLink(platform, link, "battery staple"))?.login).toBe("ada");
    expect(await lives()).toEqual({ session: false, connection: false });
    expect(await redeemResetLink(platform, link, "another staple")).toBeUndefined();
    expect(await signIn(platform, { login: "ada", password: "battery staple" })).toBeDefined();
  });

  it("is redeemed by one of twenty who come at once", async () => {
    const platform = observedPlatform();
    await signedInUser(platform);
    const link = linkOf((await createResetLink(platform, "ada")).url);
    const all = Array.from({ length: 20 }, (_, index) => redeemResetLink(platform, link, `battery staple ${index}`));
    expect((await Promise.all(all)).filter((found) => found !== undefined)).toHaveLength(1);
  });

  it.each([
    ["the last second", 3_599, true],
    ["an hour", 3_600, false],
  ])("after %s", async (_, seconds, good) => {
    const platform = observedPlatform();
    await signedInUser(platform);
    const link = linkOf((await createResetLink(platform, "ada")).url);
    platform.step(seconds);
    expect((await findResetLink(platform, link)) !== undefined).toBe(good);
    expect((await redeemResetLink(platform, link, "battery staple")) !== undefined).toBe(good);
  });

  it("dies when a newer one is made", async () => {
    const platform = observedPlatform();
    await signedInUser(platform);
    const older = linkOf((await createResetLink(platform, "ada")).url);
    const newer = linkOf((await createResetLink(platform, "ada")).url);
    expect(await findResetLink(platform, older)).toBeUndefined();
    expect(await findResetLink(platform, newer)).toBeDefined();
  });

  it("is not spent by a password that cannot be taken", async () => {
    const platform = observedPlatform();
    await signedInUser(platform);
    const link = linkOf((await createResetLink(platform, "ada")).url);
    expect(await refusedFields(redeemResetLink(platform, link, "short"))).toEqual(["password"]);
    expect(await redeemResetLink(platform, link, "battery staple")).toBeDefined();
  });

  it("that nobody made costs no hash", async () => {
    const platform = observedPlatform();
    await signedInUser(platform);
    const before = platform.hashes();
    expect(await redeemResetLink(platform, "x".repeat(43), "battery staple")).toBeUndefined();
    expect(platform.hashes()).toBe(before);
  });

  it("is not made for a login nobody has", async () => {
    expect(await refusedFields(createResetLink(observedPlatform(), "bea"))).toEqual(["login"]);
  });
});

describe("a user's own change of password", () => {
  it.each([
    ["ends the connections", false],
    ["leaves the connections when asked to", true],
  ])("replaces the session that made it and %s", async (_, keepGrants) => {
    const platform = observedPlatform();
    const { ada, session, lives } = await signedInUser(platform);
    const newSession = { ...session, secretHash: hashSecret("new session") };
    const change = { currentPassword: "correct horse battery", newPassword: "battery staple", keepGrants, newSession };
    await changeOwnPassword(platform, ada, change);
    expect(await lives()).toEqual({ session: false, connection: keepGrants });
    expect(await platform.store.findSession(newSession.secretHash, platform.now())).toBeDefined();
    expect(await signIn(platform, { login: "ada", password: "battery staple" })).toBeDefined();
  });

  it.each([
    ["a wrong current password", { currentPassword: "incorrect horse" }, "currentPassword"],
    ["a short new password", { newPassword: "short" }, "newPassword"],
  ])("is refused with %s, and nothing is changed", async (_, override, field) => {
    const platform = observedPlatform();
    const { ada, session, lives } = await signedInUser(platform);
    const newSession = { ...session, secretHash: hashSecret("new session") };
    const change = { currentPassword: "correct horse battery", newPassword: "battery staple", newSession, ...override };
    expect(await refusedFields(changeOwnPassword(platform, ada, change))).toEqual([field]);
    expect(await lives()).toEqual({ session: true, connection: true });
    expect(await signIn(platform, { login: "ada", password: "correct horse battery" })).toBeDefined();
  });
});
