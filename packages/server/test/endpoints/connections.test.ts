import { describe, expect, it } from "vitest";
import { verifyClientSecret } from "../../src/secrets.ts";
import { approve, registeredApplication, user } from "../actions/fixtures.ts";
import { type Fields, signedIn } from "../flow.ts";
import { observedPlatform } from "../observed-platform.ts";
import { password } from "../platform.ts";
import { hiddenFields, send, type Visitor, visitor } from "../visitor.ts";

const address = "/settings/connections";

async function signedInVisitor() {
  const platform = observedPlatform();
  const ada = await user(platform);
  return { platform, ada, browser: await signedIn(platform) };
}

/** Opens the page and sends a form of it. */
async function submit(browser: Visitor, fields: Fields) {
  return browser.submit(address, await browser.get(address), fields);
}

const registration = (override: Fields = {}): Fields => ({
  action: "register",
  name: "Photo printer",
  redirect_uri: "http://localhost/",
  type: "confidential",
  ...override,
});

describe("Connections, to a stranger", () => {
  it("is the sign-in page at the same address, and after it the page itself", async () => {
    const platform = observedPlatform();
    await user(platform);
    const browser = visitor(platform.server);
    const page = await browser.get(address);
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('name="password"')]);
    const answer = await browser.submit(address, page, { login: "ada", password });
    expect([answer.status, answer.header("location")]).toEqual([303, address]);
    expect((await browser.get(address)).body).toContain("No application has access to your account.");
  });

  it("answers a form with the sign-in page and does nothing", async () => {
    const platform = observedPlatform();
    const browser = visitor(platform.server);
    const answer = await submit(browser, registration());
    expect([answer.status, answer.body]).toEqual([403, expect.stringContaining('name="password"')]);
    expect(await platform.store.listApplications({ limit: 10 })).toEqual([]);
  });

  it("keeps what was typed through the sign-in, and registers once it is sent again", async () => {
    const { platform, browser } = await signedInVisitor();
    const page = await browser.get(address);
    for (const { secretHash } of await platform.store.listSessions("1", platform.now()))
      await platform.store.endSession(secretHash);
    const signIn = await browser.submit(address, page, registration({ name: 'A "quoted" <name>' }));
    const again = await browser.submit(address, signIn, { login: "ada", password });
    expect([again.status, again.body]).toEqual([200, expect.stringContaining("what you typed is still here")]);
    expect(again.body).toContain('value="A &quot;quoted&quot; &lt;name&gt;"');
    expect(await platform.store.listApplications({ limit: 10 })).toEqual([]);
    expect((await browser.submit(address, again, registration())).body).toContain("Your application is registered");
  });

  it.each(["PUT", "DELETE", "PATCH"])("does not know %s", async (method) => {
    const { platform } = await signedInVisitor();
    const answer = await send(platform.server, address, { method });
    expect(answer.status).toBe(405);
  });
});

describe("registering an application", () => {
  it("shows client id and secret, and how to go on", async () => {
    const { platform, ada, browser } = await signedInVisitor();
    const { status, body } = await submit(browser, registration());
    expect(status).toBe(200);
    const [application] = await platform.store.listApplications({ ownerId: ada.id, limit: 10 });
    expect(application).toMatchObject({
      name: "Photo printer",
      redirectUris: ["http://localhost/"],
      type: "confidential",
    });
    expect(body).toContain(application?.clientId);
    const secret = secretIn(body);
    expect(application && verifyClientSecret(application, secret, platform.now())).toBe(true);
    expect(body).toContain("http://localhost:8080/oauth2/token");
    expect(body).toContain(`client_id=${application?.clientId}&amp;redirect_uri=http%3A%2F%2Flocalhost%2F`);
  });

  it("LC-42: shows the secret this once, in an answer that nobody keeps", async () => {
    const { browser, platform } = await signedInVisitor();
    const answer = await submit(browser, registration());
    const secret = secretIn(answer.body);
    expect(answer.header("cache-control")).toBe("no-store");
    expect(answer.header("location")).toBeUndefined();
    const page = await browser.get(address);
    expect(page.body).toContain("Photo printer");
    expect(page.body).not.toContain(secret);
    expect(
      JSON.stringify([platform.logged, platform.events, await platform.store.listApplications({ limit: 10 })]),
    ).not.toContain(secret);
  });

  it("LC-42: shows a fresh secret and no second application when the form is sent again", async () => {
    const { platform, browser } = await signedInVisitor();
    const { csrf = "" } = hiddenFields(await browser.get(address));
    const sendAgain = () => browser.post(address, { csrf, ...registration() });
    const secrets = [secretIn((await sendAgain()).body), secretIn((await sendAgain()).body)];
    const applications = await platform.store.listApplications({ limit: 10 });
    expect(applications).toHaveLength(1);
    expect(new Set(secrets).size).toBe(2);
    const [application] = applications;
    expect(secrets.map((secret) => application && verifyClientSecret(application, secret, platform.now()))).toEqual([
      true,
      true,
    ]);
  });

  it("shows no secret for a public application", async () => {
    const { browser } = await signedInVisitor();
    const { body } = await submit(browser, registration({ type: "public" }));
    expect(body).toContain("A public application has no secret.");
    expect(() => secretIn(body)).toThrow("no secret");
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "http://tracker.example/x.png", "http://169.254.169.254/"])(
    "LC-20: takes no logo, homepage or policy from a developer, such as %s",
    async (uri) => {
      const { platform, browser } = await signedInVisitor();
      const fields = { logo_uri: uri, client_uri: uri, policy_uri: uri, tos_uri: uri, jwks_uri: uri };
      const { body } = await submit(browser, registration(fields));
      const [application] = await platform.store.listApplications({ limit: 10 });
      expect(JSON.stringify(application)).not.toContain(uri);
      expect(body).not.toContain(uri);
    },
  );

  it("LC-41: takes only the listed fields", async () => {
    const { platform, ada, browser } = await signedInVisitor();
    const more = { client_id: "mine", owner: "999", ownerId: "999", trusted: "true", skip_consent: "1", is_admin: "1" };
    await submit(browser, registration({ ...more, grant_types: "password", secret_hash: "00", pkce: "optional" }));
    const [application] = await platform.store.listApplications({ limit: 10 });
    expect(application).toMatchObject({ ownerId: ada.id, settings: {}, disabled: false });
    expect(application?.clientId).not.toBe("mine");
  });

  it.each<[string, Record<string, string>, string]>([
    ["a short name", { name: "x" }, "name-error"],
    ["LC-22: a name that turns the text around", { name: "Photo \u202eretnirp" }, "name-error"],
    ["LC-23: the platform's name", { name: "kestrel" }, "name-error"],
    ["RU-25: a script as redirect URI", { redirect_uri: "javascript:alert(1)" }, "redirect_uri-error"],
    ["RU-27: a fragment in the redirect URI", { redirect_uri: "https://a.example/#x" }, "redirect_uri-error"],
    ["RU-28: a scheme without a dot", { redirect_uri: "myapp:/cb" }, "redirect_uri-error"],
    ["no redirect URI", { redirect_uri: "" }, "redirect_uri-error"],
    ["no such type", { type: "trusted" }, "type-error"],
  ])("is refused with %s, with a sentence at the field and what was typed kept", async (_, override, errorId) => {
    const { platform, browser } = await signedInVisitor();
    const { status, body } = await submit(browser, registration(override));
    expect(status).toBe(400);
    expect(body).toContain(`id="${errorId}"`);
    expect(body.match(/class="error" id=/g)).toHaveLength(1);
    if (override["name"] === undefined) expect(body).toContain('value="Photo printer"');
    expect(await platform.store.listApplications({ limit: 10 })).toEqual([]);
  });

  it.each(["name", "type"])("is refused with two values of %s: neither is believed", async (name) => {
    const { platform, browser } = await signedInVisitor();
    const fields = { ...hiddenFields(await browser.get(address)), ...registration() };
    const answer = await send(platform.server, address, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", cookie: cookiesOf(browser) },
      body: `${new URLSearchParams(fields)}&${name}=public`,
    });
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining(`id="${name}-error"`)]);
    expect(await platform.store.listApplications({ limit: 10 })).toEqual([]);
  });
});

const cookiesOf = ({ cookies }: Visitor): string => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

describe("disconnecting an application", () => {
  it("ends the connection, comes back by 303, and says what is so", async () => {
    const { platform, ada, browser } = await signedInVisitor();
    const { application } = await registeredApplication(platform);
    await approve(platform, ada, application, ["user_read"]);
    expect((await browser.get(address)).body).toContain("see your private profile");
    const answer = await submit(browser, { action: "disconnect", application: String(application.id) });
    expect([answer.status, answer.header("location")]).toEqual([303, `${address}?disconnected=${application.id}`]);
    expect((await platform.store.findConsent(ada.id, application.id))?.since).toBeUndefined();
    expect((await browser.get(answer.header("location") ?? "")).body).toContain("is disconnected");
  });

  it("cannot be claimed by a link: the page says so only of what is disconnected", async () => {
    const { platform, ada, browser } = await signedInVisitor();
    const { application } = await registeredApplication(platform);
    await approve(platform, ada, application);
    expect((await browser.get(`${address}?disconnected=${application.id}`)).body).not.toContain("is disconnected");
    expect((await browser.get(`${address}?disconnected=999`)).body).not.toContain("is disconnected");
  });

  it("ends nothing of another user", async () => {
    const { platform, browser } = await signedInVisitor();
    const bea = await user(platform, "bea");
    const { application } = await registeredApplication(platform);
    await approve(platform, bea, application);
    await submit(browser, { action: "disconnect", application: String(application.id) });
    expect((await platform.store.findConsent(bea.id, application.id))?.since).toBeDefined();
  });

  it.each(["", "0", "-1", "1e3", "1.5", "9".repeat(16), "1 OR 1=1"])("is refused for %j", async (id) => {
    const { browser } = await signedInVisitor();
    const answer = await submit(browser, { action: "disconnect", application: id });
    expect(answer.status).toBe(400);
  });
});

describe("a form on Connections", () => {
  async function withConnection() {
    const made = await signedInVisitor();
    const { application } = await registeredApplication(made.platform);
    await approve(made.platform, made.ada, application);
    const disconnect: Fields = { action: "disconnect", application: String(application.id) };
    const lives = async () => (await made.platform.store.findConsent(made.ada.id, application.id))?.since !== undefined;
    return { ...made, disconnect, lives };
  }

  it("without its anti-forgery token does nothing and is shown again", async () => {
    const { browser, disconnect, lives } = await withConnection();
    const answer = await browser.post(address, disconnect);
    expect([answer.status, answer.body]).toEqual([403, expect.stringContaining("nothing was done")]);
    expect(await lives()).toBe(true);
  });

  it("with the token of another browser does nothing", async () => {
    const { platform, browser, disconnect, lives } = await withConnection();
    const other = await signedIn(platform);
    const { csrf = "" } = hiddenFields(await other.get(address));
    expect((await browser.post(address, { csrf, ...disconnect })).status).toBe(403);
    expect(await lives()).toBe(true);
  });

  it.each([
    ["a foreign Origin", { origin: "https://evil.example" }],
    ["no origin in a browser", { origin: "null" }],
    ["a foreign site", { "sec-fetch-site": "cross-site" }],
  ])("from %s does nothing, even with the token", async (_, headers) => {
    const { browser, disconnect, lives } = await withConnection();
    const { csrf = "" } = hiddenFields(await browser.get(address));
    expect((await browser.post(address, { csrf, ...disconnect }, headers)).status).toBe(403);
    expect(await lives()).toBe(true);
  });

  it("LC-03: is not answered by GET", async () => {
    const { browser, disconnect, lives } = await withConnection();
    const { csrf = "" } = hiddenFields(await browser.get(address));
    await browser.get(`${address}?${new URLSearchParams({ csrf, ...disconnect })}`);
    expect(await lives()).toBe(true);
  });

  it("without an action we know is refused", async () => {
    const { browser } = await withConnection();
    expect((await submit(browser, { action: "delete" })).status).toBe(400);
  });
});

/** The one value of 43 letters and digits on the page. */
function secretIn(html: string): string {
  const found = html.match(/>([A-Za-z0-9]{43})</)?.[1];
  if (found === undefined) throw new Error("The page shows no secret.");
  return found;
}
