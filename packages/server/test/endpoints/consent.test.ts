import { createUser, type Store } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { approve, signedIn } from "../flow.ts";
import { login, password, redirectUri } from "../platform.ts";
import { type Answer, hiddenFields, send, type Visitor, visitor } from "../visitor.ts";
import { expectBack, expectPage } from "./expectations.ts";
import { addressOn, onRfc6749, onTwitch, type Stage, stage, surfaces } from "./stage.ts";
import { watchedStore } from "./store-around.ts";

let on: Stage;
let address: string;
let watched: ReturnType<typeof watchedStore>;

beforeEach(async () => {
  watched = watchedStore();
  on = await stage({}, { store: watched.store });
  address = addressOn(onTwitch, on.app);
  watched.written.length = 0;
});

const isCode = (answer: Answer): boolean => answer.location?.searchParams.get("code")?.startsWith("cgc_") ?? false;

async function asBob(): Promise<Visitor> {
  await createUser(on.platform, { login: "bob", password });
  const bob = visitor(on.platform.server);
  await bob.submit("/settings/connections", await bob.get("/settings/connections"), { login: "bob", password });
  watched.written.length = 0;
  return bob;
}

describe("an answer to the consent page", () => {
  it("LC-03: is never taken from a GET, as no image or link may answer", async () => {
    const page = await on.person.get(address);
    const fields = new URLSearchParams({ ...hiddenFields(page), decision: "approve" });
    const answer = await on.person.get(`${address}&${fields}`);
    expect([answer.status, answer.location]).toEqual([200, undefined]);
    expect(watched.written).toEqual([]);
  });

  it.each([["Approve"], ["APPROVE"], ["yes"], ["1"], ["true"], ["approve "], ["approve,decline"], [""]])(
    'LC-07: of "%s" approves nothing',
    async (decision) => {
      const answer = await on.person.submit(address, await on.person.get(address), { decision });
      expectPage(answer);
      expect(watched.written).toEqual([]);
    },
  );

  it.each([
    ["decision=approve&decision=decline"],
    ["decision=decline&decision=approve"],
    ["decision=approve&decision=approve"],
    ["nothing=x"],
  ])("LC-07: of %s approves nothing", async (text) => {
    const page = await on.person.get(address);
    const cookie = [...on.person.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { cookie, "content-type": "application/x-www-form-urlencoded" };
    const body = `${new URLSearchParams(hiddenFields(page))}&${text}`;
    expectPage(await send(on.platform.server, address, { method: "POST", headers, body }));
    expect(watched.written).toEqual([]);
  });

  it.each(surfaces)("LC-08: given twice makes one code, $name", async (surface) => {
    const target = addressOn(surface, on.app);
    const page = await on.person.get(target);
    const sameTab = await on.person.get(target);
    const first = await on.person.submit(target, page, { decision: "approve" });
    expect(isCode(first)).toBe(true);
    for (const form of [page, sameTab]) expectPage(await on.person.submit(target, form, { decision: "approve" }));
    expect(watched.written.filter((name) => name === "approve")).toHaveLength(1);
  });

  it("LC-08: given ten times at once makes one code", async () => {
    const page = await on.person.get(address);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => on.person.submit(address, page, { decision: "approve" })),
    );
    expect(answers.filter(isCode)).toHaveLength(1);
    for (const answer of answers.filter((one) => !isCode(one))) expectPage(answer);
  });

  it("LC-36: goes on with 303 for every decision", async () => {
    for (const [decision, scope] of [
      ["decline", "chat:read"],
      ["approve", "chat:read"],
      ["switch", "chat:edit"],
    ] as const) {
      const other = addressOn(onTwitch, on.app, { scope });
      const answer = await on.person.submit(other, await on.person.get(other), { decision });
      expect([decision, answer.status, answer.body]).toEqual([decision, 303, ""]);
    }
  });

  it("that declines writes no consent and no grant, and tells the application", async () => {
    const answer = await on.person.submit(address, await on.person.get(address), { decision: "decline" });
    expectBack(answer, onTwitch, "access_denied", { state: "s-1" });
    expect(watched.written).toEqual(["recordEvent"]);
  });
});

describe("a consent form in other hands", () => {
  it("LC-04: of an attacker's session, posted by a victim, approves nothing", async () => {
    const attacker = await asBob();
    const page = await attacker.get(address);
    const answer = await on.person.submit(address, page, { decision: "approve" });
    expectPage(answer, 403);
    expect(watched.written).toEqual([]);
  });

  it("LC-04: posted by a stranger asks for a sign-in and approves nothing", async () => {
    const page = await on.person.get(address);
    expectPage(await visitor(on.platform.server).submit(address, page, { decision: "approve" }), 403);
    expect(watched.written).toEqual([]);
  });

  it.each<[string, (fields: Record<string, string>) => Record<string, string>]>([
    ["without its anti-forgery token", ({ csrf: _, ...rest }) => rest],
    ["with an empty one", (fields) => ({ ...fields, csrf: "" })],
    ["with another answer count", (fields) => ({ ...fields, form: "1" })],
    ["without an answer count", ({ form: _, ...rest }) => rest],
  ])("LC-04: %s approves nothing, and is shown again", async (_, change) => {
    const page = await on.person.get(address);
    const answer = await on.person.post(address, { ...change(hiddenFields(page)), decision: "approve" });
    expectPage(answer, 403);
    expect(answer.body).toContain('value="approve"');
    expect(watched.written).toEqual([]);
  });

  it("LC-04: for another request approves nothing", async () => {
    const page = await on.person.get(address);
    const wider = addressOn(onTwitch, on.app, { scope: "user:read:email channel:manage:broadcast" });
    expectPage(await on.person.submit(wider, page, { decision: "approve" }), 403);
    expectPage(await on.person.submit(addressOn(onRfc6749, on.app), page, { decision: "approve" }), 403);
    expect(watched.written).toEqual([]);
  });

  it("LC-04: neither the sign-in form nor the Connections page lends its token", async () => {
    const signIn = await visitor(on.platform.server).get(address);
    const connections = await on.person.get("/settings/connections");
    for (const page of [signIn, connections]) {
      const fields = { form: "0", ...hiddenFields(page), decision: "approve" };
      expectPage(await on.person.post(address, fields), 403);
    }
    expect(watched.written).toEqual([]);
  });

  it("LC-05: the answer belongs to the browser that gave it; another gets a sign-in page", async () => {
    expect(isCode(await approve(on.person, address))).toBe(true);
    const attacker = await visitor(on.platform.server).get(address);
    expect([attacker.status, attacker.location]).toEqual([200, undefined]);
    expect(attacker.body).toContain('name="password"');
  });

  it("LC-10: drawn for one user is not answered as another in the same browser", async () => {
    const page = await on.person.get(address);
    await asBob();
    await on.person.submit(address, page, { decision: "switch" });
    await on.person.submit(address, await on.person.get(address), { login: "bob", password });
    watched.written.length = 0;
    expectPage(await on.person.submit(address, page, { decision: "approve" }), 403);
    expect(watched.written).toEqual([]);
  });
});

describe("what was approved before", () => {
  it.each(surfaces)("LC-27: is asked again of a public application each time, $name", async (surface) => {
    const open = await stage({ type: "public" });
    const target = addressOn(surface, open.app);
    for (let time = 0; time < 3; time++) {
      expect((await open.person.get(target)).status).toBe(200);
      expect(isCode(await approve(open.person, target))).toBe(true);
    }
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["one more scope", { scope: "user:read:email chat:read" }],
    ["another scope", { scope: "chat:read" }],
    ["another registered redirect URI", { redirect_uri: "https://client.example.com/other" }],
    ["a resource", { resource: "https://api.example/" }],
  ])("LC-28: is asked again for %s", async (_, changes) => {
    const two = await stage({ redirectUris: [redirectUri, "https://client.example.com/other"] });
    for (const surface of surfaces) {
      const before = addressOn(surface, two.app);
      expect(isCode(await approve(two.person, before))).toBe(true);
      expect(isCode(await two.person.get(before))).toBe(true);
      const page = await two.person.get(addressOn(surface, two.app, changes));
      expect([page.status, page.location]).toEqual([200, undefined]);
    }
  });

  it("LC-28: is not asked again for less, and the grant has only what was asked", async () => {
    const wide = addressOn(onTwitch, on.app, { scope: "user:read:email chat:read" });
    await approve(on.person, wide);
    const less = await on.person.get(address);
    expect(less.location?.searchParams.get("scope")).toBe("user:read:email");
  });

  it("counts for the user who approved and for nobody else", async () => {
    await approve(on.person, address);
    const bob = await asBob();
    expect((await bob.get(address)).status).toBe(200);
  });

  it("is asked again with force_verify in Twitch's dialect and with prompt=consent in RFC 6749", async () => {
    await approve(on.person, address);
    const expected: [string, number][] = [
      [addressOn(onTwitch, on.app, { force_verify: "true" }), 200],
      [addressOn(onTwitch, on.app, { force_verify: "false" }), 303],
      [addressOn(onTwitch, on.app, { prompt: "consent" }), 303],
      [addressOn(onRfc6749, on.app, { prompt: "consent" }), 200],
      [addressOn(onRfc6749, on.app, { force_verify: "true" }), 303],
    ];
    for (const [target, status] of expected)
      expect([target, (await on.person.get(target)).status]).toEqual([target, status]);
  });
});

describe("a form from a foreign page", () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ["with a foreign Origin", { origin: "https://evil.example" }],
    ["with Origin null", { origin: "null" }],
    ["with our host on another port", { origin: "http://localhost:8081" }],
    ["with our host over https", { origin: "https://localhost:8080" }],
    ["with a look-alike Origin", { origin: "http://localhost:8080.evil.example" }],
    ["with two Origins", { origin: "http://localhost:8080, https://evil.example" }],
    ["that says it is cross-site", { "sec-fetch-site": "cross-site" }],
    [
      "that says it is cross-site, with our Origin",
      { "sec-fetch-site": "cross-site", origin: "http://localhost:8080" },
    ],
    ["from a sibling host", { "sec-fetch-site": "same-site" }],
    ["whose site is said twice", { "sec-fetch-site": "cross-site, same-origin" }],
  ])("HT-10: %s is refused, though its token is right", async (_, headers) => {
    const page = await on.person.get(address);
    const fields = { ...hiddenFields(page), decision: "approve" };
    expectPage(await on.person.post(address, fields, headers), 403);
    const stranger = visitor(on.platform.server);
    const signIn = await stranger.get(address);
    expectPage(await stranger.post(address, { ...hiddenFields(signIn), login, password }, headers), 403);
    const connections = await on.person.get("/settings/connections");
    const action = { ...hiddenFields(connections), action: "disconnect", application: "1" };
    expectPage(await on.person.post("/settings/connections", action, headers), 403);
    expectPage(await on.person.post("/sign-out", { csrf: "x" }, headers), 403);
    expect(watched.written).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["of ours", { origin: "http://localhost:8080", "sec-fetch-site": "same-origin" }],
    ["typed or reloaded by the person", { "sec-fetch-site": "none" }],
    ["of a plain HTTP client", {}],
  ])("HT-10: but a form %s is taken", async (_, headers) => {
    const page = await on.person.get(address);
    const answer = await on.person.post(address, { ...hiddenFields(page), decision: "approve" }, headers);
    expect(isCode(answer)).toBe(true);
  });
});

describe("a user who was disabled while signed in", () => {
  it("is a stranger at once, on a page and behind a form that was open", async () => {
    let disabled = false;
    const { store, written } = watchedStore();
    const findSession: Store["findSession"] = async (secretHash, now) => {
      const found = await store.findSession(secretHash, now);
      return found && { ...found, user: { ...found.user, disabled } };
    };
    const asleep = await stage({}, { store: { ...store, findSession } });
    const target = addressOn(onTwitch, asleep.app);
    const page = await asleep.person.get(target);
    disabled = true;
    written.length = 0;
    expect((await asleep.person.get(target)).body).toContain('name="password"');
    expectPage(await asleep.person.submit(target, page, { decision: "approve" }), 403);
    expect((await asleep.person.get("/settings/connections")).body).toContain('name="password"');
    expect(written).toEqual([]);
  });
});

describe("a signed-in person's pages", () => {
  it("LC-10: name who is signed in, so that nobody approves as somebody else", async () => {
    expect((await on.person.get(address)).body).toContain(login);
    expect((await (await signedIn(on.platform)).get(address)).body).toContain(login);
  });
});
