import { createUser, deleteUser, disableUser, enableUser, listSessions } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { approve, authorizeUrl, codeOf, exchange, signedIn, validate } from "../flow.ts";
import { demoUser, login, password, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { type Answer, hiddenFields, requestOf, send, type Visitor, visitor } from "../visitor.ts";

const sessionsPath = "/settings/sessions";
const passwordPath = "/settings/password";
const newPassword = "another horse battery";

let platform: TestPlatform;
let person: Visitor;
beforeEach(async () => {
  platform = testPlatform();
  await demoUser(platform);
  person = await signedIn(platform);
});

async function signInWith(userAgent: string): Promise<Visitor> {
  const other = visitor(platform.server);
  const page = await other.get(sessionsPath);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
  await other.post(sessionsPath, { csrf, login, password }, { "user-agent": userAgent });
  return other;
}

const isSignedIn = async (who: Visitor): Promise<boolean> =>
  !(await who.get(sessionsPath)).body.includes('name="login"');

/** Posts the sessions page's own form token with an action. */
async function act(who: Visitor, fields: Record<string, string>): Promise<Answer> {
  return who.submit(sessionsPath, await who.get(sessionsPath), fields);
}

describe("a user's sessions", () => {
  it("are listed with the browser's name, and this one marked", async () => {
    await signInWith(
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
    );
    const { body } = await person.get(sessionsPath);
    expect(body).toContain("Safari on iPhone");
    expect(body.match(/This browser/g)).toHaveLength(1);
  });

  it("end one by one, at once, and a second press changes nothing", async () => {
    const other = await signInWith("curl/8");
    const newest = (await listSessions(platform, "1")).find(({ label }) => label === "curl");
    const page = await person.get(sessionsPath);
    for (let press = 0; press < 2; press++) {
      const answer = await person.submit(sessionsPath, page, { action: "end", session: newest?.id ?? "" });
      expect(answer.header("location")).toBe(`${sessionsPath}?done=ended`);
    }
    expect([await isSignedIn(other), await isSignedIn(person)]).toEqual([false, true]);
  });

  it("end everywhere but here", async () => {
    const others = [await signInWith("a"), await signInWith("b")];
    await act(person, { action: "end_others" });
    expect(await isSignedIn(person)).toBe(true);
    for (const other of others) expect(await isSignedIn(other)).toBe(false);
  });

  it("of somebody else are never ended", async () => {
    await createUser(platform, { login: "bob", password });
    const bob = visitor(platform.server);
    await bob.submit(sessionsPath, await bob.get(sessionsPath), { login: "bob", password });
    const [bobs] = await listSessions(platform, "2");
    await act(person, { action: "end", session: bobs?.id ?? "" });
    expect(await isSignedIn(bob)).toBe(true);
  });

  it("are not ended by a foreign form, an old one, or one without a token", async () => {
    const other = await signInWith("curl/8");
    const page = await person.get(sessionsPath);
    const foreign = await person.post(sessionsPath, { action: "end_others" });
    expect(foreign.status).toBe(403);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body.slice(page.body.indexOf("<main")))?.[1] ?? "";
    const evil = await person.post(sessionsPath, { csrf, action: "end_others" }, { origin: "https://evil.example" });
    expect(evil.status).toBe(403);
    expect(await isSignedIn(other)).toBe(true);
  });

  it("show no secret: what names a session opens nothing", async () => {
    const { body } = await person.get(sessionsPath);
    for (const secret of person.cookies.values()) expect(body).not.toContain(secret);
  });
});

async function change(who: Visitor, typed: Record<string, string>): Promise<Answer> {
  return who.submit(passwordPath, await who.get(passwordPath), {
    current_password: password,
    new_password: newPassword,
    ...typed,
  });
}

const canSignIn = async (word: string): Promise<boolean> => {
  const who = visitor(platform.server);
  return (await who.submit(sessionsPath, await who.get(sessionsPath), { login, password: word })).status === 303;
};

describe("a password change", () => {
  it("LC-12: signs every other browser out, gives this one another secret, and says so", async () => {
    const other = await signInWith("curl/8");
    const before = new Map(person.cookies);
    const answer = await change(person, {});
    expect(answer.header("location")).toBe(`${sessionsPath}?done=password`);
    expect((await person.get(`${sessionsPath}?done=password`)).body).toContain("Your password is changed");
    expect([await isSignedIn(person), await isSignedIn(other)]).toEqual([true, false]);
    const old = visitor(platform.server);
    for (const [name, value] of before) old.cookies.set(name, value);
    expect(await isSignedIn(old)).toBe(false);
    expect([await canSignIn(password), await canSignIn(newPassword)]).toEqual([false, true]);
  });

  it.each([
    ["ends what applications may do", {}, 401],
    ["leaves it where the person says so", { keep: "grants" }, 200],
  ])("%s", async (_, typed, status) => {
    const app = await registered(platform);
    const tokens = (await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))))).json();
    await change(person, typed);
    expect((await validate(platform, tokens["access_token"])).status).toBe(status);
  });

  it.each([
    [{ current_password: "wrong password" }, "That is not your current password."],
    [{ new_password: "short" }, "A password has at least 8 characters."],
    [{ new_password: "x".repeat(1_025) }, "A password has at most 1024 bytes."],
  ])("with %j changes nothing and says what is wrong", async (typed, sentence) => {
    const answer = await change(person, typed);
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(sentence);
    expect(await canSignIn(password)).toBe(true);
  });

  it("LC-32: is not tried without end at a browser that was left open", async () => {
    const statuses = [];
    for (let tries = 0; tries < 13; tries++)
      statuses.push((await change(person, { current_password: `wrong ${tries}` })).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 400));
    expect(statuses.at(-1)).toBe(429);
    expect((await change(person, {})).header("retry-after")).toMatch(/^\d+$/);
    platform.step(900);
    expect((await change(person, {})).status).toBe(303);
  });

  it("LC-32: nor by many tries side by side", async () => {
    const page = await person.get(passwordPath);
    const guess = (n: number) =>
      person.submit(passwordPath, page, {
        current_password: n < 20 ? `wrong ${n}` : password,
        new_password: newPassword,
      });
    const answers = await Promise.all(Array.from({ length: 21 }, (_, n) => guess(n)));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(10);
    expect(answers.at(-1)?.status).toBe(429);
  });

  it("asks a stranger to sign in, and takes no form of theirs", async () => {
    const stranger = visitor(platform.server);
    expect((await stranger.get(passwordPath)).body).toContain('name="login"');
    await stranger.post(passwordPath, { current_password: password, new_password: newPassword });
    expect(await canSignIn(password)).toBe(true);
  });
});

describe("a user who is disabled or deleted", () => {
  it.each(["disabled", "deleted"] as const)(
    "(%s) is a stranger at once, and so are their applications",
    async (what) => {
      const app = await registered(platform);
      const tokens = (await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))))).json();
      const page = await person.get(authorizeUrl(app, { force_verify: "true" }));
      if (what === "disabled") await disableUser(platform, login);
      else await deleteUser(platform, login, { withApplications: false });
      expect(await isSignedIn(person)).toBe(false);
      expect(await canSignIn(password)).toBe(false);
      expect((await validate(platform, tokens["access_token"])).status).toBe(401);
      const url = authorizeUrl(app, { force_verify: "true" });
      expect((await person.submit(url, page, { decision: "approve" })).location).toBeUndefined();
    },
  );

  it("and is enabled again may sign in, but what was ended stays ended", async () => {
    const app = await registered(platform);
    const tokens = (await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))))).json();
    await disableUser(platform, login);
    await enableUser(platform, login);
    expect(await canSignIn(password)).toBe(true);
    expect((await validate(platform, tokens["access_token"])).status).toBe(401);
  });

  it("is not deleted while they own applications, unless those go too", async () => {
    const { application } = await registered(platform, { ownerId: "1" });
    await expect(deleteUser(platform, login, { withApplications: false })).rejects.toThrow("one application");
    expect(await canSignIn(password)).toBe(true);
    const deleted = await deleteUser(platform, login, { withApplications: true });
    expect(deleted.applications).toBe(1);
    expect(await platform.store.findApplicationById(application.id)).toBeUndefined();
  });
});

describe("sign-up", () => {
  const open = (maximumUsers = 100): TestPlatform => testPlatform({ settings: { signUp: { maximumUsers } } });
  const typed = { login: "grace", password };

  async function signUpAt(on: TestPlatform, path = "/sign-up", fields: Record<string, string> = typed) {
    const who = visitor(on.server);
    return { who, answer: await who.submit(path, await who.get(path), fields) };
  }

  it("is not there unless the settings switch it on, and the sign-in page does not speak of it", async () => {
    expect((await send(platform.server, "/sign-up")).status).toBe(404);
    expect((await send(platform.server, sessionsPath)).body).not.toContain("/sign-up");
  });

  it("makes an account, signs in and goes on with the request that led there", async () => {
    const on = open();
    const app = await registered(on);
    const url = authorizeUrl(app);
    const link = /href="(\/sign-up[^"]*)"/.exec((await send(on.server, url)).body)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const { who, answer } = await signUpAt(on, link);
    expect(answer.header("location")).toBe(url);
    expect((await who.get(url)).body).toContain('value="approve"');
  });

  it.each<[Partial<typeof typed>, string]>([
    [{ login: "x" }, "A login has 2 to 32 characters"],
    [{ login: "ADA", password: "not her password" }, "is taken"],
    [{ password: "short" }, "A password has at least 8 characters"],
  ])("with %j says what is wrong and keeps what was typed", async (wrong, sentence) => {
    const on = open();
    await demoUser(on);
    const { answer } = await signUpAt(on, "/sign-up", { ...typed, ...wrong });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(sentence);
    expect(answer.body).toContain(`value="${wrong.login ?? "grace"}"`);
    expect(answer.body).not.toContain(`value="${password}"`);
  });

  it("twice by a double click makes one account, and both answers go on", async () => {
    const on = open();
    const who = visitor(on.server);
    const page = await who.get("/sign-up");
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
    const both = await Promise.all([0, 1].map(() => who.post("/sign-up", { csrf, ...typed })));
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    expect(await on.store.countAllUsers(9)).toBe(1);
  });

  it("ends at as many users as the settings allow", async () => {
    const on = open(1);
    await signUpAt(on);
    const { answer } = await signUpAt(on, "/sign-up", { login: "linus", password });
    expect(answer.body).toContain("as many accounts as there can be");
    expect(await on.store.findUserByLogin("linus")).toBeUndefined();
  });

  it("slows down one address that makes many, and lets others on", async () => {
    const on = open();
    const statuses = [];
    for (let n = 0; n < 8; n++)
      statuses.push((await signUpAt(on, "/sign-up", { login: `bot-${n}`, password })).answer.status);
    expect(statuses.slice(0, 5)).toEqual([303, 303, 303, 303, 303]);
    expect(statuses.at(-1)).toBe(429);
    expect(on.limits.signUps.waitSeconds("198.51.100.1", on.now())).toBe(0);
  });

  it("counts posts side by side, and all addresses of one IPv6 network together", async () => {
    const on = open();
    const who = visitor(on.server);
    const { csrf = "" } = hiddenFields(await who.get("/sign-up"));
    const cookie = [...who.cookies].map((pair) => pair.join("=")).join("; ");
    const post = (n: number) => {
      const sent = { method: "POST", headers: { cookie }, body: { csrf, login: `bot-${n}`, password } };
      return on.server({ ...requestOf("/sign-up", sent), remoteAddress: `2001:db8::${n}` });
    };
    const many = await Promise.all(Array.from({ length: 20 }, (_, n) => post(n + 1)));
    expect(many.filter(({ status }) => status === 303)).toHaveLength(5);
    expect(await on.store.countAllUsers(99)).toBe(5);
  });

  it("is no place to try passwords faster than at the sign-in page", async () => {
    const on = open();
    await demoUser(on);
    const guess = async (word: string): Promise<number> => {
      on.limits.signUps.forgive("127.0.0.1");
      return (await signUpAt(on, "/sign-up", { login: "ada", password: word })).answer.status;
    };
    for (let n = 0; n < 10; n++) await guess(`guess number ${n}`);
    expect(await guess(password)).toBe(400);
    on.step(900);
    expect(await guess(password)).toBe(303);
  });

  it("takes no form without its token, and none of another page", async () => {
    const on = open();
    expect((await visitor(on.server).post("/sign-up", typed)).status).toBe(403);
    const who = visitor(on.server);
    const page = await who.get(sessionsPath);
    expect((await who.submit("/sign-up", page, typed)).status).toBe(403);
    expect(await on.store.findUserByLogin("grace")).toBeUndefined();
  });

  it.each([
    "//evil.example",
    "/\\evil.example",
    "/%09/evil.example",
    "https:evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/..//evil.example",
    "",
  ])("LC-35: lands on our own origin with return_to %j", async (target) => {
    const on = open();
    const { answer } = await signUpAt(on, `/sign-up?return_to=${encodeURIComponent(target)}`);
    expect(answer.location?.origin).toBe("http://localhost:8080");
    expect(answer.header("location")).toMatch(/^\/(?![/\\])/);
  });
});
