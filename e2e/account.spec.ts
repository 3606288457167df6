import { disableApplication } from "@codegrant/server";
import { lookAt } from "./look.ts";
import { newPerson, register, uniqueName } from "./platform.ts";
import { expect, type Page, signIn, test } from "./stage.ts";

/** Presses Tab until what is asked for has the focus; a page that never gets there fails. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label =
        element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels?.[0] : undefined;
      return (label ?? element)?.textContent?.trim() ?? "";
    });
    if (typeof name === "string" ? focused === name : name.test(focused)) return;
  }
  throw new Error(`The keyboard does not reach ${String(name)}`);
}

/** Presses Enter on a link or a button, and waits for the page it leads to. */
async function go(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

test("a developer registers, reads the how-to with their own values, and mends their application, by keyboard alone", async ({
  page,
  platform,
  person,
}) => {
  await page.goto(`${platform.url}/docs/authorization-code`);
  await expect(page.getByText("Words in capitals stand for your own values.")).toBeVisible();
  await tabTo(page, "Sign in to have them filled in");
  await go(page);
  await page.keyboard.type(person.login);
  await page.keyboard.press("Tab");
  await page.keyboard.type(person.password);
  await go(page);
  await tabTo(page, "Register an application to have them filled in");
  await go(page);

  await tabTo(page, "Name");
  await page.keyboard.type("Keyboard printer");
  await page.keyboard.press("Tab");
  await page.keyboard.type("http://localhost:3000/cb");
  await page.keyboard.press("Enter");
  await page.keyboard.type("https://printer.example/cb");
  await tabTo(page, "Register");
  await go(page);
  await expect(page.getByRole("heading", { name: "Your application is registered" })).toBeVisible();

  await tabTo(page, "How to get a token, step by step");
  await go(page);
  await expect(page.getByText("Everything below is filled in for Keyboard printer.")).toBeVisible();
  await tabTo(page, "Python");
  await page.keyboard.press("Enter");
  await expect(page.getByText('REDIRECT_URI = "http://localhost:3000/cb"')).toBeVisible();
  await lookAt(page, "real-how-to");

  await page.goto(`${platform.url}/settings/connections`);
  await tabTo(page, "Keyboard printer");
  await go(page);
  await tabTo(page, "Name");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Better printer");
  await tabTo(page, /^PKCE is optional/);
  await page.keyboard.press("Space");
  await tabTo(page, "Save");
  await go(page);
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Better printer" })).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /PKCE is optional/ })).toBeChecked();
  await expect(page.getByLabel("Redirect URIs")).toHaveValue("http://localhost:3000/cb\nhttps://printer.example/cb");
  await lookAt(page, "real-application");
});

test("a developer tries an application, sees what happened, replaces its secret once, and deletes it", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const owner = await platform.platform.store.findUserByLogin(person.login);
  const ownerId = owner === undefined ? "" : owner.id;
  const { clientId } = await register(platform, callback.redirectUri, { ownerId, name: "Trial printer" });
  const address = `${platform.url}/settings/application?client_id=${clientId}`;
  await page.goto(address);
  await signIn(page, person);
  await expect(page.getByText("Nothing yet.")).toBeVisible();
  await page.getByRole("link", { name: "Try it now" }).click();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.waitForURL(`${callback.redirectUri}**`);

  await page.goto(
    `${platform.url}/oauth2/authorize?response_type=code&client_id=${clientId}&scope=&redirect_uri=${encodeURIComponent(`${callback.redirectUri}/`)}`,
  );
  await page.goto(address);
  await expect(page.getByText("it differs in the slash at its end")).toBeVisible();
  await expect(page.getByText("A person approved; a code went to your redirect URI.")).toBeVisible();

  await page.getByLabel("is dead at once, because somebody else may know it").check();
  await page.getByRole("button", { name: "Replace the secret" }).dblclick();
  // A double click is one press, or two of which the second says so: either way the page tells how it stands.
  await expect(page.getByText(/The new client secret|replaced already/).first()).toBeVisible();
  await page.goto(address);
  await expect(page.getByText(/^Made /)).toHaveCount(1);

  await page.getByRole("button", { name: "Switch off" }).click();
  await expect(page.getByText("It is switched off.")).toBeVisible();
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByLabel("Yes, delete it for good").check();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("You have not registered any.")).toBeVisible();
});

test("what the operator switched off has no switch for its developer, and says whom to ask", async ({
  page,
  platform,
  person,
}) => {
  const owner = await platform.platform.store.findUserByLogin(person.login);
  const ownerId = owner === undefined ? "" : owner.id;
  const { application, clientId } = await register(platform, "https://printer.example/cb", { ownerId });
  await disableApplication(platform.platform, application.id);
  await page.goto(`${platform.url}/settings/application?client_id=${clientId}`);
  await signIn(page, person);
  await expect(page.getByText("The people who run Kestrel switched it off")).toBeVisible();
  await expect(page.getByRole("button", { name: "Switch on" })).toHaveCount(0);
});

test("a person sees their sessions, signs another browser out, and changes the password", async ({
  page,
  browser,
  platform,
  person,
}) => {
  const other = await browser.newPage({
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  });
  await other.goto(`${platform.url}/settings/sessions`);
  await signIn(other, person);
  await page.goto(`${platform.url}/settings/sessions`);
  await signIn(page, person);
  await expect(page.getByText("Firefox on Linux").first()).toBeVisible();
  await lookAt(page, "real-sessions");
  await page.getByRole("button", { name: "Sign out Firefox on Linux" }).click();
  await expect(page.getByText("Done: it is signed out.")).toBeVisible();
  await other.reload();
  await expect(other.getByLabel("Password")).toBeVisible();

  await page.getByRole("link", { name: "Change password" }).click();
  await page.getByLabel("Current password").fill("wrong");
  await page.getByLabel("New password").fill("another horse battery");
  await page.keyboard.press("Enter");
  await expect(page.getByText("That is not your current password.")).toBeVisible();
  await lookAt(page, "real-password-change");
  await page.getByLabel("Current password").fill(person.password);
  await page.getByLabel("New password").fill("another horse battery");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await signIn(other, person);
  await expect(other.getByText("Login and password do not match.")).toBeVisible();
  await signIn(other, { ...person, password: "another horse battery" });
  await expect(other.getByRole("heading", { name: "Your account" })).toBeVisible();
  await other.close();
});

test("a stranger makes an account on the way to an application, without script too", async ({
  browser,
  signUpPlatform,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const { clientId } = await register(signUpPlatform, callback.redirectUri);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const query = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: callback.redirectUri,
    scope: "",
    state: "s",
  };
  await page.goto(`${signUpPlatform.url}/oauth2/authorize?${new URLSearchParams(query).toString()}`);
  await page.getByRole("link", { name: "Make one" }).click();
  await page.getByLabel("Login").fill(uniqueName("new"));
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Make account" }).click();
  await page.getByRole("button", { name: "Approve" }).click();
  await page.waitForURL(`${callback.redirectUri}**`);
  expect(new URL(page.url()).searchParams.get("state")).toBe("s");
  await context.close();
});

test("a double click on Make account makes one and signs in, and a taken login is said at its field", async ({
  page,
  browser,
  signUpPlatform,
}) => {
  const login = uniqueName("new");
  const makeAccount = async (at: Page, password: string): Promise<void> => {
    await at.goto(`${signUpPlatform.url}/settings/connections`);
    await at.getByRole("link", { name: "Make one" }).click();
    await at.getByLabel("Login").fill(login);
    await at.getByLabel("Password").fill(password);
    await at.getByRole("button", { name: "Make account" }).dblclick();
  };
  await makeAccount(page, "correct horse battery");
  await expect(page.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();
  const other = await browser.newPage();
  await makeAccount(other, "some other password");
  await expect(other.getByText(`The login "${login}" is taken`)).toBeVisible();
  await expect(other.getByLabel("Login")).toHaveValue(login);
  await other.close();
});

test("a user who is disabled meanwhile meets the sign-in page, and nothing they press does anything", async ({
  page,
  platform,
}) => {
  const person = await newPerson(platform);
  await page.goto(`${platform.url}/settings/password`);
  await signIn(page, person);
  const user = await platform.platform.store.findUserByLogin(person.login);
  await platform.platform.store.disableUser(user?.id ?? "", platform.platform.now());
  await page.getByLabel("Current password").fill(person.password);
  await page.getByLabel("New password").fill("another horse battery");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});
