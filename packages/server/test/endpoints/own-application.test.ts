import { createUser, disableApplication, disconnect, enableApplication, listConnections } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { approve, authorizeUrl, codeOf, exchange, refresh, signedIn } from "../flow.ts";
import {
  demoUser,
  login,
  password,
  type Registered,
  registered,
  type TestPlatform,
  testPlatform,
} from "../platform.ts";
import { type Answer, type Visitor, visitor } from "../visitor.ts";
import { addressOn, exchangeOn, onRfc6749 } from "./stage.ts";

let platform: TestPlatform;
let developer: Visitor;
let app: Registered;
let address: string;
beforeEach(async () => {
  platform = testPlatform();
  const { id: ownerId } = await demoUser(platform);
  developer = await signedIn(platform);
  app = await registered(platform, { ownerId });
  address = `/settings/application?client_id=${app.clientId}`;
  platform.step(60);
});

async function act(fields: Record<string, string>, on?: Answer): Promise<Answer> {
  return developer.submit(address, on ?? (await developer.get(address)), fields);
}

const change = { action: "change", name: "Photo printer", redirect_uri: "https://client.example.com/cb" };
const secretOf = (answer: Answer): string =>
  /<code class="copyable"[^>]*>([A-Za-z0-9]{43})</.exec(answer.body)?.[1] ?? "";
const current = () => platform.store.findApplicationById(app.application.id);

describe("an application's page", () => {
  it("is its owner's alone", async () => {
    await createUser(platform, { login: "bob", password });
    const bob = visitor(platform.server);
    await bob.submit(address, await bob.get(address), { login: "bob", password });
    expect((await bob.get(address)).status).toBe(404);
    const page = await developer.get(address);
    expect((await bob.submit(address, page, { action: "disable" })).status).toBe(404);
    expect((await current())?.disabled).toBe(false);
    expect((await developer.get("/settings/application?client_id=unknown")).status).toBe(404);
  });

  it("LC-42: never shows a secret, and tells when each was made", async () => {
    const { body } = await developer.get(address);
    expect(body).not.toContain(app.clientSecret);
    expect(body).toContain("Made ");
  });

  it("says how many people use it, and names none", async () => {
    await approve(developer, authorizeUrl(app));
    const { body } = await developer.get(address);
    expect(body).toMatch(/<dt>People<\/dt><dd>1<\/dd>/);
  });

  it("leads to an authorize request with the registered URI and a fresh state", async () => {
    const tryPath = async () =>
      /href="([^"]*\/authorize\?[^"]*)"/.exec((await developer.get(address)).body)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const [first, second] = [await tryPath(), await tryPath()];
    expect(first).not.toBe(second);
    const answer = await approve(developer, first);
    expect(answer.location?.href).toMatch(/^https:\/\/client\.example\.com\/cb\?code=/);
    expect(answer.location?.searchParams.get("state")).toBe(new URL(first, "http://x").searchParams.get("state"));
    // An application that does not look at the state gets its tokens.
    expect((await exchange(platform, app, codeOf(answer))).status).toBe(200);
  });

  it("tries with PKCE where that must be, and offers no try where nobody is sent back", async () => {
    const open = await registered(platform, { ownerId: "1", name: "Open printer", type: "public" });
    const api = await registered(platform, {
      ownerId: "1",
      name: "An API",
      redirectUris: [],
      settings: { resourceServer: true },
    });
    const bodyOf = async ({ clientId }: Registered) =>
      (await developer.get(`/settings/application?client_id=${clientId}`)).body;
    expect(await bodyOf(open)).toMatch(/\/authorize\?[^"]*code_challenge_method=S256/);
    expect(await bodyOf(api)).not.toContain("/authorize?");
  });

  it("does nothing without its form's token, or with an old one", async () => {
    expect((await developer.post(address, { action: "delete", confirm: "yes" })).status).toBe(403);
    expect(await current()).toBeDefined();
  });
});

describe("changing it", () => {
  it("takes several redirect URIs, one a line, and a category", async () => {
    const uris = ["https://client.example.com/cb", "http://localhost/", "com.example.app:/cb"];
    const answer = await act({
      ...change,
      name: " Better printer ",
      redirect_uri: uris.join("\t\r\n"),
      category: "Tools",
    });
    expect(answer.header("location")).toBe(`${address}&done=changed`);
    expect(await current()).toMatchObject({
      name: "Better printer",
      redirectUris: uris,
      settings: { category: "Tools" },
    });
    await act({ ...change, category: "" });
    expect((await current())?.settings).toEqual({});
  });

  it("kills codes under way to a redirect URI that was taken away", async () => {
    const code = codeOf(await approve(developer, authorizeUrl(app)));
    await act({ ...change, redirect_uri: "https://client.example.com/other" });
    expect((await exchange(platform, app, code)).status).toBe(400);
  });

  it.each([
    [{ name: "" }, "The name"],
    [{ name: "Testbed" }, "is the name of this platform"],
    [{ redirect_uri: "" }, "Give at least one redirect URI"],
    [{ redirect_uri: "http://client.example.com/#top" }, "cannot have a # part"],
    [{ redirect_uri: "https://a.example/\nhttps://a.example/" }, "listed twice"],
    [{ redirect_uri: Array.from({ length: 11 }, (_, n) => `https://a.example/${n}`).join("\n") }, "At most 10"],
    [{ category: "x".repeat(51) }, "at most 50 characters"],
  ])("with %.60j changes nothing, says what is wrong and keeps what was typed", async (wrong, sentence) => {
    const before = await current();
    const answer = await act({ ...change, name: "Typed name", ...wrong });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(sentence);
    expect(await current()).toEqual(before);
  });

  it("loses nothing that was typed when the session ended meanwhile: after the sign-in it stands there again", async () => {
    const page = await developer.get(address);
    const { session } =
      (await platform.store.listSessions("1", platform.now())).map((one) => ({ session: one }))[0] ?? {};
    if (session !== undefined) await platform.store.endSession(session.secretHash);
    const typed = { ...change, name: "Typed name", redirect_uri: "https://a.example/\r\nhttps://b.example/" };
    const signIn = await developer.submit(address, page, typed);
    expect([signIn.status, signIn.body]).toEqual([403, expect.stringContaining("what you typed stands there again")]);
    const wrong = await developer.submit(address, signIn, { login, password: "wrong password" });
    const again = await developer.submit(address, wrong, { login, password });
    expect(again.status).toBe(200);
    expect(again.body).toContain('value="Typed name"');
    expect(again.body).toContain("https://a.example/\nhttps://b.example/</textarea>");
    expect(again.body).not.toContain('role="alert"');
    expect((await current())?.name).toBe("Photo printer");
    expect((await developer.submit(address, again, typed)).status).toBe(303);
    expect((await current())?.redirectUris).toEqual(["https://a.example/", "https://b.example/"]);
  });

  it("shows what was typed to nobody else who signs in then", async () => {
    await createUser(platform, { login: "bob", password });
    const page = await developer.get(address);
    developer.cookies.delete([...developer.cookies.keys()].find((name) => name.includes("session")) ?? "");
    const signIn = await developer.submit(address, page, { ...change, name: "Typed name" });
    const answer = await developer.submit(address, signIn, { login: "bob", password });
    expect([answer.status, answer.header("location")]).toEqual([303, address]);
    expect((await developer.get(address)).status).toBe(404);
    expect((await developer.get("/settings/connections")).body).toContain("bob");
  });

  it("takes no field but those of the form (LC-41)", async () => {
    await act({
      ...change,
      owner: "2",
      trusted: "true",
      client_id: "mine",
      type: "public",
      allowed_scopes: "chat:read",
    });
    expect(await current()).toMatchObject({ ownerId: "1", type: "confidential", clientId: app.clientId, settings: {} });
  });

  it("has the switch that makes PKCE optional, which the rfc6749 endpoint then obeys", async () => {
    const bare = { code_challenge: undefined, code_challenge_method: undefined };
    const ask = () => developer.get(addressOn(onRfc6749, app, bare));
    expect((await ask()).location?.searchParams.get("error")).toBe("invalid_request");
    await act({ ...change, pkce: "optional" });
    const code = codeOf(await approve(developer, addressOn(onRfc6749, app, bare)));
    expect((await exchangeOn(onRfc6749, { platform, app }, code, { code_verifier: undefined })).status).toBe(200);
    await act(change);
    expect((await current())?.settings.pkce).toBeUndefined();
  });

  it("leaves name and redirect URIs of one that the operator trusts to the operator", async () => {
    const trusted = await registered(platform, { ownerId: "1", settings: { trusted: true } });
    const path = `/settings/application?client_id=${trusted.clientId}`;
    for (const wrong of [{ name: "Kestrel Bank" }, { redirect_uri: "https://elsewhere.example/cb" }]) {
      const answer = await developer.submit(path, await developer.get(path), { ...change, ...wrong });
      expect([answer.status, answer.body]).toEqual([400, expect.stringContaining("Users are not asked about this")]);
    }
    expect((await developer.submit(path, await developer.get(path), { ...change, category: "Tools" })).status).toBe(
      303,
    );
    expect(await platform.store.findApplicationById(trusted.application.id)).toEqual({
      ...trusted.application,
      settings: { trusted: true, category: "Tools" },
    });
  });

  it("never takes back what the operator requires, and offers it to no public application", async () => {
    const required = await registered(platform, { ownerId: "1", settings: { pkce: "required" } });
    const open = await registered(platform, { ownerId: "1", name: "Open printer", type: "public" });
    for (const { clientId, application } of [required, open]) {
      const path = `/settings/application?client_id=${clientId}`;
      const page = await developer.get(path);
      expect(page.body).not.toContain('name="pkce"');
      await developer.submit(path, page, { ...change, pkce: "optional" });
      expect((await platform.store.findApplicationById(application.id))?.settings.pkce).not.toBe("optional");
    }
  });
});

describe("replacing the secret", () => {
  const isGood = async (clientSecret: string): Promise<boolean> => {
    const tokens = (
      await exchange(platform, { ...app, clientSecret }, codeOf(await approve(developer, authorizeUrl(app))))
    ).status;
    return tokens === 200;
  };

  it.each([
    ["day", true],
    ["none", false],
  ])("LC-43: with %s, the old one lives on: %s", async (overlap, lives) => {
    const answer = await act({ action: "rotate", overlap });
    const secret = secretOf(answer);
    expect([answer.status, answer.header("cache-control")]).toEqual([200, "no-store"]);
    expect(await isGood(secret)).toBe(true);
    expect(await isGood(app.clientSecret)).toBe(lives);
    platform.step(86_400);
    developer = await signedIn(platform);
    expect(await isGood(app.clientSecret)).toBe(false);
    const { body } = await developer.get(address);
    expect(body).not.toContain(secret);
    expect(body.match(/Made /g)).toHaveLength(1);
  });

  it("twice with one form (double click, reload) replaces once, and says so", async () => {
    const page = await developer.get(address);
    const first = await act({ action: "rotate", overlap: "day" }, page);
    const second = await act({ action: "rotate", overlap: "day" }, page);
    expect([first.status, second.status]).toEqual([200, 400]);
    expect(second.body).toContain("replaced already");
    expect(await isGood(secretOf(first))).toBe(true);
    expect(await isGood(app.clientSecret)).toBe(true);
  });

  it("twice with one form within the second it was registered in replaces once too", async () => {
    app = await registered(platform, { ownerId: "1", name: "Fresh printer" });
    address = `/settings/application?client_id=${app.clientId}`;
    const page = await developer.get(address);
    const statuses = [
      await act({ action: "rotate", overlap: "day" }, page),
      await act({ action: "rotate", overlap: "day" }, page),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([200, 400]);
  });

  it("twice at the very same moment replaces once", async () => {
    const page = await developer.get(address);
    const both = await Promise.all([0, 1].map(() => act({ action: "rotate", overlap: "none" }, page)));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    expect(await isGood(both.map(secretOf).find((secret) => secret !== "") ?? "")).toBe(true);
  });

  it("asks how, and a public application has none", async () => {
    expect((await act({ action: "rotate", overlap: "for ever" })).status).toBe(400);
    const open = await registered(platform, { ownerId: "1", name: "Open printer", type: "public" });
    const path = `/settings/application?client_id=${open.clientId}`;
    const page = await developer.get(path);
    expect(page.body).not.toContain('value="rotate"');
    expect((await developer.submit(path, page, { action: "rotate", overlap: "day" })).status).toBe(400);
  });
});

describe("switching off and deleting", () => {
  it("rests all tokens, and brings them back", async () => {
    const tokens = (await exchange(platform, app, codeOf(await approve(developer, authorizeUrl(app))))).json();
    const again = () => refresh(platform, app, String(tokens["refresh_token"]));
    expect((await act({ action: "disable" })).header("location")).toBe(`${address}&done=disabled`);
    expect((await developer.get(`${address}&done=disabled`)).body).toContain("It is switched off.");
    expect((await again()).status).not.toBe(200);
    await act({ action: "enable" });
    expect((await again()).status).toBe(200);
  });

  it("leaves off what the operator switched off, whoever was first, and says whom to ask", async () => {
    const page = await developer.get(address);
    await act({ action: "disable" });
    await disableApplication(platform, app.application.id);
    expect((await developer.get(address)).body).toContain("The people who run Testbed switched it off");
    expect((await developer.get(address)).body).not.toContain('value="enable"');
    const refused = await act({ action: "enable" }, page);
    expect([refused.status, (await current())?.disabled]).toEqual([400, true]);
    await act({ action: "disable" }, page);
    await act({ action: "enable" }, page);
    expect((await current())?.disabled).toBe(true);
    await enableApplication(platform, app.application.id);
    expect(await current()).toEqual(app.application);
  });

  it("of an application that the developer switched off is the operator's to undo too", async () => {
    await act({ action: "disable" });
    await enableApplication(platform, app.application.id);
    expect(await current()).toEqual(app.application);
  });

  it("LC-43: deletes only when the box is ticked, and then all its tokens end", async () => {
    const tokens = (await exchange(platform, app, codeOf(await approve(developer, authorizeUrl(app))))).json();
    const unsure = await act({ action: "delete" });
    expect([unsure.status, unsure.body]).toEqual([400, expect.stringContaining("tick the box first")]);
    const answer = await act({ action: "delete", confirm: "yes" });
    expect(answer.header("location")).toBe("/settings/connections");
    expect((await refresh(platform, app, String(tokens["refresh_token"]))).status).not.toBe(200);
    expect((await developer.get(address)).status).toBe(404);
  });
});

describe("what happened lately", () => {
  const seen = async (): Promise<string> => (await developer.get(address)).body;

  it.each<[string, () => Promise<unknown>, readonly string[]]>([
    [
      "a redirect URI that differs in the port",
      () => developer.get(authorizeUrl(app, { redirect_uri: "https://client.example.com:8443/cb" })),
      ["it differs in <strong>the port</strong>", "https://client.example.com:8443/cb"],
    ],
    ["an unknown scope", () => developer.get(authorizeUrl(app, { scope: "nonsense" })), ["unknown scope nonsense"]],
    ["a wrong secret", () => exchange(platform, app, "x", { client_secret: "wrong" }), ["The client secret was wrong"]],
    ["nonsense as a code", () => exchange(platform, app, "x"), ["not a code of ours"]],
    ["a dead refresh token", () => refresh(platform, app, "x"), ["The refresh token was not good"]],
  ])("tells of %s", async (_, doIt, sentences) => {
    await doIt();
    const body = await seen();
    for (const sentence of sentences) expect(body).toContain(sentence);
  });

  it("tells how long before a code was used, and when a wrong secret was replaced", async () => {
    const code = codeOf(await approve(developer, authorizeUrl(app)));
    await exchange(platform, app, code);
    platform.step(3);
    await exchange(platform, app, code);
    expect(await seen()).toContain("the code was used 3 s before");
    await act({ action: "rotate", overlap: "none" });
    await exchange(platform, app, "x");
    expect(await seen()).toContain("the secret was replaced on 2027-01-15");
  });

  it("tells of approvals and of tokens too, newest first, and since when it remembers", async () => {
    await exchange(platform, app, codeOf(await approve(developer, authorizeUrl(app))));
    const body = await seen();
    expect(body.indexOf("Tokens were given.")).toBeLessThan(body.indexOf("A person approved;"));
    expect(body).toContain("This list began ");
  });

  it("counts what is the same in one line, and tells none of another application's", async () => {
    const other = await registered(platform, { ownerId: "1", name: "Other printer" });
    for (let n = 0; n < 12; n++) await exchange(platform, app, `code-${n}`);
    const body = await seen();
    expect(body.match(/not a code of ours/g)).toHaveLength(1);
    expect(body).toContain("12 times, the last ");
    expect((await developer.get(`/settings/application?client_id=${other.clientId}`)).body).toContain("Nothing yet.");
  });

  it("holds no secret, code or token (LG-01)", async () => {
    const code = codeOf(await approve(developer, authorizeUrl(app)));
    const tokens = (await exchange(platform, app, code)).json();
    await exchange(platform, app, code);
    await exchange(platform, app, "x", { client_secret: "wrong-secret" });
    const body = await seen();
    for (const secret of [code, "wrong-secret", app.clientSecret, tokens["access_token"], tokens["refresh_token"]])
      expect(body).not.toContain(secret);
  });
});

describe("Connections, for a user", () => {
  it("says when an application was last used, also by a refresh alone and before that is written", async () => {
    const tokens = (await exchange(platform, app, codeOf(await approve(developer, authorizeUrl(app))))).json();
    platform.step(5 * 86_400);
    await refresh(platform, app, String(tokens["refresh_token"]));
    const [connection] = (await listConnections(platform, "1")).connections;
    expect(connection?.lastUsedDay).toBe(Math.floor(platform.now() / 86_400));
    developer = await signedIn(platform);
    expect((await developer.get("/settings/connections")).body).toContain("last used");
  });

  it("says what ended lately, and why", async () => {
    await approve(developer, authorizeUrl(app));
    await disconnect(platform, "1", app.application.id);
    const { body } = await developer.get("/settings/connections");
    expect(body).toContain("Ended lately");
    expect(body).toContain("You disconnected it.");
    platform.step(31 * 86_400);
    developer = await signedIn(platform);
    expect((await developer.get("/settings/connections")).body).not.toContain("Ended lately");
  });

  it("leads a developer to each application's own page", async () => {
    expect((await developer.get("/settings/connections")).body).toContain(`href="${address}"`);
  });
});
