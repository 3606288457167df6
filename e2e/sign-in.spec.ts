import { hash } from "node:crypto";
import { createResetLink } from "@codegrant/server";
import { authorizeUrl, newPerson, register } from "./platform.ts";
import { approve, expect, signIn, test } from "./stage.ts";

test("a wrong password is told without blame, the login stays typed, and the right one goes on", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  await page.goto(authorizeUrl(platform, await register(platform, callback.redirectUri)));
  await signIn(page, { ...person, password: "not the right one" });
  await expect(page.getByRole("alert")).toHaveText("Login and password do not match. Check both and try again.");
  await expect(page.getByLabel("Login")).toHaveValue(person.login);
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expect(page.getByLabel("Password")).toBeFocused();

  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();
  expect(callback.received.map((url) => [...url.searchParams.keys()])).toEqual([["code", "scope", "state"]]);
});

test("after too many wrong passwords the page says how long to wait, even to the right one", async ({
  page,
  platform,
  person,
}) => {
  const { limits, now } = platform.platform;
  const key = hash("sha256", person.login, "base64url"); // as the server counts an account
  for (let tries = 0; tries < 30; tries++) limits.account.refuse(key, now());
  await page.goto(`${platform.url}/settings/connections`);
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await signIn(page, person);
  expect((await answer).status()).toBe(429);
  await expect(page.getByRole("alert")).toHaveText(
    /^That was one try too many\. Please wait 1\d minutes, then try again\.$/,
  );
});

test('"Not you?" lets another person sign in, and it is they who approve', async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const application = await register(platform, callback.redirectUri);
  const other = await newPerson(platform, "Grace Hopper");
  await page.goto(authorizeUrl(platform, application));
  await signIn(page, person);
  await expect(page.getByText(`Ada Lovelace (${person.login})`)).toBeVisible();
  await page.getByRole("button", { name: "Not you? Use another account" }).click();
  await signIn(page, other);
  await expect(page.getByText(`Grace Hopper (${other.login})`)).toBeVisible();
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();

  const user = await platform.platform.store.findUserByLogin(other.login);
  expect(platform.logged("code.issued", application.clientId)).toMatchObject([{ userId: user?.id }]);
});

test("prompt=login asks for the password once more, and only once", async ({ page, platform, person, callbackAt }) => {
  const callback = await callbackAt();
  const application = await register(platform, callback.redirectUri, { settings: { pkce: "optional" } });
  await page.goto(`${platform.url}/settings/connections`);
  await signIn(page, person);
  await expect(page.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();
  const url = authorizeUrl(platform, application, { prompt: "login" }).replace("/oauth2/", "/oauth/");
  await page.goto(url);
  await signIn(page, person);
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();
  // The answer has used the sign-in up: the same request asks anew.
  await page.goto(url);
  await expect(page.getByLabel("Password")).toBeVisible();
});

test("whoever forgot their password sets a new one by a link, once, and signs in with it", async ({
  page,
  platform,
  person,
}) => {
  const { url } = await createResetLink(platform.platform, person.login);
  await page.goto(url);
  await page.getByLabel("New password").fill("a fresh set of words");
  await page.getByRole("button", { name: "Set password" }).click();
  await page.getByRole("link", { name: "Sign in" }).click();
  await signIn(page, { ...person, password: "a fresh set of words" });
  await expect(page.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();
  await page.goto(url);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link is no longer good");
});

test("Back after signing out shows nothing private (LC-38)", async ({ page, platform, person, callbackAt }) => {
  const callback = await callbackAt();
  const url = authorizeUrl(platform, await register(platform, callback.redirectUri));
  await page.goto(url);
  await signIn(page, person);
  await expect(page.getByText("Ada Lovelace")).toBeVisible();
  await page.goto(`${platform.url}/settings/connections`);
  await expect(page.getByText("Ada Lovelace")).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You are signed out");

  for (const where of [`${platform.url}/settings/connections`, url]) {
    await page.goBack();
    expect(page.url()).toBe(where);
    await expect(page.getByLabel("Password")).toBeVisible();
    expect(await page.content()).not.toMatch(new RegExp(`Ada Lovelace|${person.login}`));
  }
});

test("a sign-in page that was open when somebody signed in elsewhere in the browser still works", async ({
  page,
  context,
  platform,
  person,
}) => {
  const connections = `${platform.url}/settings/connections`;
  const [first, second] = [page, await context.newPage()];
  await first.goto(connections);
  await second.goto(connections);
  for (const tab of [first, second]) {
    await signIn(tab, person);
    await expect(tab.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();
  }
});

test("two cookies under our name are believed by nobody, and the page says what to do (LC-14)", async ({
  page,
  context,
  platform,
  person,
}) => {
  const connections = `${platform.url}/settings/connections`;
  await page.goto(connections);
  await signIn(page, person);
  await expect(page.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();

  const session = (await context.cookies()).find(({ name }) => name.startsWith("codegrant-session"));
  await context.addCookies([{ name: session?.name ?? "", value: "planted", domain: "localhost", path: "/settings" }]);
  const refused = await page.goto(connections);
  expect(refused?.status()).toBe(400);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your browser sent two sign-ins at once");
  await expect(page.getByText("Delete the cookies of this site, then try again.")).toBeVisible();
  expect(await page.content()).not.toMatch(new RegExp(`Ada Lovelace|${person.login}`));

  await context.clearCookies();
  await page.goto(connections);
  await signIn(page, person);
  await expect(page.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();
});
