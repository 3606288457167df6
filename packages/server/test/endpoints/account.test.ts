import { createPasswords, createResetLink, createServer, mounts, signIn } from "@codegrant/server";
import { describe, expect, it } from "vitest";
import { user } from "../actions/fixtures.ts";
import { signedIn } from "../flow.ts";
import { observedPlatform } from "../observed-platform.ts";
import { type Visitor, visitor } from "../visitor.ts";

async function withLink() {
  const platform = observedPlatform();
  await user(platform);
  const url = new URL((await createResetLink(platform, "ada")).url);
  const browser = visitor(platform.server);
  return { platform, browser, address: url.pathname + url.search, link: url.searchParams.get("link") ?? "" };
}

/** Opens the page and sends its form. */
async function submit(browser: Visitor, address: string, password: string) {
  return browser.submit(address, await browser.get(address), { password });
}

describe("the page behind a reset link", () => {
  it("can be looked at as often as one likes, and spends nothing", async () => {
    const { browser, address } = await withLink();
    for (let look = 0; look < 3; look += 1) expect((await browser.get(address)).status).toBe(200);
    expect((await submit(browser, address, "battery staple")).status).toBe(200);
  });

  it("sets the password once; then the link is dead", async () => {
    const { platform, browser, address } = await withLink();
    const answer = await submit(browser, address, "battery staple");
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining("Your new password is set")]);
    expect(await signIn(platform, { login: "ada", password: "battery staple" })).toBeDefined();
    const again = await browser.get(address);
    expect([again.status, again.body]).toEqual([404, expect.stringContaining("This link is no longer good")]);
  });

  it("signs out the browsers of this user", async () => {
    const { platform, address } = await withLink();
    const browser = await signedIn(platform);
    await submit(browser, address, "battery staple");
    expect((await browser.get("/settings/connections")).body).toContain('name="password"');
  });

  it.each([
    ["too short", "short", "Too short"],
    ["too long", "a".repeat(1025), "Too long"],
    ["missing", "", "Too short"],
  ])("says what is wrong with a password that is %s, and the link stays good", async (_, password, sentence) => {
    const { browser, address } = await withLink();
    const answer = await submit(browser, address, password);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining(sentence)]);
    expect((await submit(browser, address, "battery staple")).status).toBe(200);
  });

  it("does nothing without its anti-forgery token, and the link stays good", async () => {
    const { platform, browser, address } = await withLink();
    await browser.get(address);
    expect((await browser.post(address, { password: "battery staple" })).status).toBe(403);
    expect(await signIn(platform, { login: "ada", password: "correct horse battery" })).toBeDefined();
    expect((await browser.get(address)).status).toBe(200);
  });

  it.each(["", "?link=", "?link=x", `?link=${"x".repeat(43)}`, "?link=a&link=b", "?other=1"])(
    "is a page that says the link is dead for %j",
    async (query) => {
      const { browser } = await withLink();
      const answer = await browser.get(`/account/password${query}`);
      expect([answer.status, answer.body]).toEqual([404, expect.stringContaining("Ask whoever gave it to you")]);
    },
  );

  it("is refused with 503 while too many passwords wait, and the link stays good", async () => {
    const argon2 = { hash: async () => "hash", verify: async () => true };
    const { platform, browser, address } = await withLink();
    const busy = createPasswords({ argon2, atOnce: 0, waiting: 0 });
    const other = visitor(createServer({ ...platform, passwords: busy }, mounts.twitch));
    const refused = await submit(other, address, "battery staple");
    expect([refused.status, refused.header("retry-after")]).toEqual([503, "2"]);
    expect((await browser.get(address)).status).toBe(200);
  });

  it("never lets the link or the password into the log", async () => {
    const { platform, browser, address, link } = await withLink();
    await submit(browser, address, "short");
    await submit(browser, address, "battery staple");
    await browser.get(address);
    const written = JSON.stringify([platform.logged, platform.events]);
    expect(written).not.toContain(link);
    expect(written).not.toMatch(/staple|short/);
  });
});

describe("signing out", () => {
  async function someoneSignedIn() {
    const platform = observedPlatform();
    await user(platform);
    const browser = await signedIn(platform);
    const csrf = /name="csrf" value="([^"]*)"/.exec((await browser.get("/")).body)?.[1] ?? "";
    return { browser, csrf, cookies: browser.cookies.size };
  }

  it("ends the session on the server and says so", async () => {
    const { browser, csrf, cookies } = await someoneSignedIn();
    const answer = await browser.post("/sign-out", { csrf });
    expect([answer.status, answer.header("location")]).toEqual([303, "/sign-out"]);
    expect((await browser.get("/sign-out")).body).toContain("You are signed out");
    expect(browser.cookies.size).toBeLessThan(cookies);
    expect((await browser.get("/settings/connections")).body).toContain('name="password"');
  });

  it("is done by our own form alone", async () => {
    const { browser } = await someoneSignedIn();
    expect((await browser.post("/sign-out", {})).status).toBe(403);
    const opened = await browser.get("/sign-out");
    expect([opened.status, opened.header("location")]).toEqual([303, "/"]);
    expect((await browser.get("/settings/connections")).body).not.toContain('name="password"');
  });

  it("a second time, from another tab, ends in the same page", async () => {
    const { browser, csrf } = await someoneSignedIn();
    await browser.post("/sign-out", { csrf });
    const answer = await browser.post("/sign-out", { csrf });
    expect([answer.status, answer.header("location")]).toEqual([303, "/sign-out"]);
  });
});
