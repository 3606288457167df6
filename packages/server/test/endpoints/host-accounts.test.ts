import { endUserGrants, type HostSignIn, type HostUser } from "@codegrant/server";
import { beforeEach, describe, expect, it } from "vitest";
import { approve, authorizeUrl, codeOf, exchange, validate } from "../flow.ts";
import { issuer, type Registered, registered, type TestPlatform, testPlatform } from "../platform.ts";
import { send, type Visitor, visitor } from "../visitor.ts";
import { addressOn, onRfc6749 } from "./stage.ts";

/** A host whose cookie is in the test's hand. */
interface Host {
  user: HostUser | undefined;
  /** What it says of Ada when it is asked by her id. */
  known: HostUser | undefined;
  /** How long it takes to say so. */
  seconds: number;
  signInAgain: HostSignIn | undefined;
}

const ada: HostUser = { id: "member|42 ü", login: "ada@club.example", displayName: "Ada Lovelace" };
const bob: HostUser = { id: "member|43", login: "bob@club.example" };

let host: Host;
let platform: TestPlatform;
let app: Registered;
let person: Visitor;
beforeEach(async () => {
  host = { user: ada, known: ada, seconds: 0, signInAgain: { signInUrl: "/login?again=1", returnParameter: "next" } };
  platform = testPlatform({
    accounts: {
      authenticate: async () => host.user ?? { signInUrl: "https://club.example/login" },
      async findUser(id) {
        platform.step(host.seconds);
        return id === ada.id ? host.known : id === bob.id ? bob : undefined;
      },
      get signInAgain() {
        return host.signInAgain as HostSignIn;
      },
    },
  });
  app = await registered(platform, { ownerId: bob.id });
  person = visitor(platform.server);
});

const nextOf = (location: string | undefined, parameter: string): string | null =>
  new URL(location ?? "", issuer).searchParams.get(parameter);

describe("a host's user", () => {
  it("approves without signing in here, and the tokens are theirs", async () => {
    const page = await person.get(authorizeUrl(app));
    expect(page.body).toContain("Ada Lovelace");
    expect(page.body).toContain("Registered by <bdi>bob@club.example</bdi>");
    expect(page.body).not.toContain("/sign-out");
    const answer = await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))));
    const status = await validate(platform, answer.json()["access_token"]);
    expect(status.json()).toMatchObject({ user_id: ada.id, login: ada.login });
  });

  it("LC-23: who left is not taken for the people who run the platform, as owner of an application", async () => {
    const orphan = await registered(platform, { ownerId: "member|404" });
    const { body } = await person.get(authorizeUrl(orphan));
    expect(body).toContain("Registered by somebody whose account is no more");
    expect(body).not.toContain("Registered by the people who run");
  });

  it("who is not signed in is sent to the host, which gets the authorize address to come back to", async () => {
    host.user = undefined;
    const url = authorizeUrl(app, { state: "a b&c" });
    const answer = await person.get(url);
    expect(answer.status).toBe(303);
    expect(answer.header("location")).toMatch(
      /^https:\/\/club\.example\/login\?return_to=http%3A%2F%2Flocalhost%3A8080/,
    );
    expect(nextOf(answer.header("location"), "return_to")).toBe(`${issuer}${url}`);
  });

  it("sees and disconnects what they approved under Connections", async () => {
    await approve(person, authorizeUrl(app));
    const page = await person.get("/settings/connections");
    expect(page.body).toContain("Photo printer");
    await person.submit("/settings/connections", page, { action: "disconnect" });
    expect((await person.get("/settings/connections?disconnected=1")).body).toContain("is disconnected");
  });

  it("has no password and no sign-out here, and none is taken", async () => {
    for (const path of ["/account/password?link=x", "/sign-out"]) expect((await person.get(path)).status).toBe(404);
    const posted = await person.post("/settings/connections", { login: "ada", password: "correct horse battery" });
    expect(platform.logged.filter(({ event }) => event.startsWith("user.sign"))).toEqual([]);
    expect(posted.header("set-cookie")).toBeUndefined();
  });

  it("LC-10: cannot approve with the form of another who was signed in before", async () => {
    const url = authorizeUrl(app);
    const page = await person.get(url);
    host.user = bob;
    const answer = await person.submit(url, page, { decision: "approve" });
    expect(answer.status).toBe(403);
    expect(await platform.store.findConsent(bob.id, app.application.id)).toBeUndefined();
  });

  it("LC-12: cannot approve with a form of an earlier session, where the host names its sessions", async () => {
    host.user = { ...ada, sessionId: "one" };
    const page = await person.get(authorizeUrl(app));
    host.user = { ...ada, sessionId: "two" };
    expect((await person.submit(authorizeUrl(app), page, { decision: "approve" })).status).toBe(403);
  });

  it("who signed out in the middle comes back to the same request, and nothing was approved", async () => {
    const url = authorizeUrl(app);
    const page = await person.get(url);
    host.user = undefined;
    const answer = await person.submit(url, page, { decision: "approve" });
    expect(answer.status).toBe(303);
    expect(nextOf(answer.header("location"), "return_to")).toBe(`${issuer}${url}`);
  });

  it("takes another account at the host, or is not offered to", async () => {
    const url = authorizeUrl(app);
    const page = await person.get(url);
    const answer = await person.submit(url, page, { decision: "switch" });
    expect(answer.header("location")).toMatch(/^\/login\?again=1&next=/);
    host.signInAgain = undefined;
    expect((await person.get(url)).body).not.toContain('value="switch"');
  });

  it.each(["", "x".repeat(256)])("with an id of %j is the host's mistake, and gets nothing", async (id) => {
    host.user = { ...ada, id };
    expect((await person.get(authorizeUrl(app))).status).toBe(500);
  });
});

describe("prompt=login", () => {
  const url = () => addressOn(onRfc6749, app, { prompt: "login", scope: "user:read:email" });

  it("sends the user to sign in anew, and is content when they did", async () => {
    host.user = { ...ada, authenticatedAt: platform.now() - 60 };
    const sent = await person.get(url());
    expect(sent.header("location")).toMatch(/^\/login\?again=1&next=/);
    platform.step(5);
    host.user = { ...ada, authenticatedAt: platform.now() };
    expect((await person.get(url())).body).toContain('value="approve"');
    const answer = await approve(person, url());
    expect(answer.location?.searchParams.get("code")).toMatch(/^cgc_/);
    expect((await person.get(url())).header("location")).toMatch(/^\/login/);
  });

  it("never goes round: a host that signs nobody in anew ends in login_required", async () => {
    await person.get(url());
    const answer = await person.get(url());
    expect(answer.location?.searchParams.get("error")).toBe("login_required");
  });

  it("is login_required at once where the host has no such page", async () => {
    host.signInAgain = undefined;
    expect((await person.get(url())).location?.searchParams.get("error")).toBe("login_required");
  });

  it("of another request is not answered by that sign-in", async () => {
    await person.get(url());
    host.user = { ...ada, authenticatedAt: platform.now() };
    const other = addressOn(onRfc6749, app, { prompt: "login", scope: "chat:read" });
    expect((await person.get(other)).header("location")).toMatch(/^\/login/);
  });
});

describe.each<[string, HostUser | undefined]>([
  ["only disabled", { ...ada, disabled: true }],
  ["deleted", undefined],
])("a user whom the host has %s, with no call of endUserGrants", (_, known) => {
  it("gets no page to approve on, once the host says so with the session", async () => {
    host.user = known;
    expect((await person.get(authorizeUrl(app))).status).toBe(known === undefined ? 303 : 403);
    expect((await person.get("/settings/connections")).status).toBe(known === undefined ? 303 : 403);
  });

  it("cannot approve, though the form was drawn before and the host's session goes on", async () => {
    const page = await person.get(authorizeUrl(app));
    host.known = known;
    const answer = await person.submit(authorizeUrl(app), page, { decision: "approve" });
    expect([answer.status, answer.header("location")]).toEqual([403, undefined]);
    expect(await platform.store.listGrants({ now: platform.now(), limit: 10 })).toEqual([]);
  });

  it("is not approved for without a page either", async () => {
    await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))));
    host.known = known;
    expect((await person.get(authorizeUrl(app))).status).toBe(403);
  });

  it("is told of to the application that asks with prompt=none, which shows no page", async () => {
    await exchange(platform, app, codeOf(await approve(person, addressOn(onRfc6749, app))));
    const ask = async () => (await person.get(addressOn(onRfc6749, app, { prompt: "none" }))).location?.searchParams;
    host.known = known;
    expect((await ask())?.get("error")).toBe("login_required");
    host.user = known;
    expect((await ask())?.get("error")).toBe("login_required");
  });

  it("has a code that is good for nothing", async () => {
    const code = codeOf(await approve(person, authorizeUrl(app)));
    host.known = known;
    const answer = await exchange(platform, app, code);
    expect([answer.status, answer.json()]).toEqual([400, { status: 400, message: "Invalid authorization code" }]);
    host.known = ada;
    expect((await exchange(platform, app, code)).status).toBe(200);
  });

  it("answers for no device, and one that was approved gets nothing", async () => {
    const tv = await registered(platform, { name: "Television", type: "public" });
    const ask = (path: string, fields: Record<string, string>) =>
      send(platform.server, path, { method: "POST", body: { client_id: tv.clientId, ...fields } });
    const started = (await ask("/oauth2/device", { scopes: "" })).json();
    const address = `/device?user_code=${String(started["user_code"])}`;
    const page = await person.get(address);
    host.known = known;
    expect((await person.submit(address, page, { decision: "approve" })).status).toBe(403);
    host.known = ada;
    expect((await person.submit(address, page, { decision: "approve" })).status).toBe(200);
    host.known = known;
    const grantType = "urn:ietf:params:oauth:grant-type:device_code";
    const fields = { grant_type: grantType, device_code: String(started["device_code"]) };
    expect((await ask("/oauth2/token", fields)).json()).toEqual({ status: 400, message: "invalid device code" });
  });
});

it("a host that takes more than 20 s to name the user spends no code on somebody who has given up", async () => {
  const code = codeOf(await approve(person, authorizeUrl(app)));
  host.seconds = 21;
  expect((await exchange(platform, app, code)).status).toBe(503);
  host.seconds = 20;
  expect((await exchange(platform, app, code)).status).toBe(200);
});

describe("endUserGrants", () => {
  it("ends all that applications may do for a user, and the next request asks again", async () => {
    const answer = await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))));
    await endUserGrants(platform, ada.id, "password");
    expect((await validate(platform, answer.json()["access_token"])).status).toBe(401);
    expect((await person.get(authorizeUrl(app))).body).toContain('value="approve"');
    const again = await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))));
    expect((await validate(platform, again.json()["access_token"])).status).toBe(200);
  });

  it("leaves other users alone", async () => {
    const answer = await exchange(platform, app, codeOf(await approve(person, authorizeUrl(app))));
    await endUserGrants(platform, bob.id);
    expect((await validate(platform, answer.json()["access_token"])).status).toBe(200);
  });
});
