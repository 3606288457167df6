import type { CallbackServer } from "./callback-server.ts";
import { authorizeUrl, newPerson, type Person, type RunningPlatform, register } from "./platform.ts";
import { approve, expect, type Page, signIn, test } from "./stage.ts";

test("a developer registers an application, is shown its secret once, and gets a token with it", async ({
  page,
  browser,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  await openConnections(page, platform, person);
  await page.getByLabel("Name", { exact: true }).fill("Weather station");
  await page.getByLabel("Redirect URI").fill(callback.redirectUri);
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your application is registered");
  const clientId = await factOf(page, "Client id");
  const clientSecret = await factOf(page, "Client secret");

  // Another person, in a browser of their own.
  const context = await browser.newContext();
  const theirs = await context.newPage();
  const application = await platform.platform.store.findApplication(clientId);
  if (application === undefined) throw new Error("The application is not there");
  await theirs.goto(authorizeUrl(platform, { application, clientId, clientSecret }));
  await signIn(theirs, await newPerson(platform, "Grace Hopper"));
  await expect(theirs.getByText(`Registered by ${person.login}`)).toBeVisible();
  await approve(theirs);
  await expect(theirs.getByRole("heading", { name: "Arrived" })).toBeVisible();
  await context.close();
  const tokens = await exchange(platform, callback, { clientId, clientSecret });
  expect(tokens).toMatchObject({ access_token: expect.any(String), scope: ["user_read"] });

  // Neither the list nor Back nor any address shows the secret again.
  await page.getByRole("link", { name: "Back to Connections" }).click();
  await expect(page.getByRole("heading", { level: 3, name: "Weather station" })).toBeVisible();
  await expect(page.getByText(clientId)).toBeVisible();
  expect(await page.content()).not.toContain(clientSecret);
});

test("a form that cannot be taken says what is wrong at its field, and keeps what was typed", async ({
  page,
  platform,
  person,
}) => {
  await openConnections(page, platform, person);
  await page.getByLabel("Name", { exact: true }).fill("Weather station");
  await page.getByLabel("Redirect URI").fill("http://weather.example/callback");
  await page.getByText("Public").click();
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("alert")).toContainText("One field needs another look");
  await expect(page.getByLabel("Redirect URI")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Redirect URI")).toHaveValue("http://weather.example/callback");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Weather station");
  await expect(page.getByRole("radio", { name: /^Public/ })).toBeChecked();

  await page.getByLabel("Redirect URI").fill("https://weather.example/callback");
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your application is registered");
  await expect(page.getByText("Client secret")).toHaveCount(0);
});

test("Disconnect ends every token of the application at once, and the next request asks again", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const application = await register(platform, callback.redirectUri);
  const url = authorizeUrl(platform, application);
  await page.goto(url);
  await signIn(page, person);
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();
  const tokens = await exchange(platform, callback, application);
  expect(await validate(platform, tokens.access_token)).toBe(200);

  await page.goto(`${platform.url}/settings/connections`);
  await page.getByRole("button", { name: "Disconnect Photo printer" }).click();
  await expect(page.getByRole("status")).toContainText("Photo printer is disconnected");
  await expect(page.getByText("No application has access to your account.")).toBeVisible();
  expect(await validate(platform, tokens.access_token)).toBe(401);
  const refresh = { grant_type: "refresh_token", refresh_token: tokens.refresh_token };
  const refused = await post(platform, {
    client_id: application.clientId,
    client_secret: application.clientSecret,
    ...refresh,
  });
  expect(refused.status).toBe(400);

  await page.goto(url);
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
});

test("a user sees what an application may do, since when, when it was last used, and what ended lately and why", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const application = await register(platform, callback.redirectUri);
  await page.goto(authorizeUrl(platform, application));
  await signIn(page, person);
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();
  await page.goto(`${platform.url}/settings/connections`);
  await expect(page.getByText("not used yet")).toBeVisible();

  // From here on the application holds a refresh token and nothing else.
  const { refresh_token } = await exchange(platform, callback, application);
  const { clientId: client_id, clientSecret: client_secret } = application;
  const refreshed = await post(platform, { client_id, client_secret, grant_type: "refresh_token", refresh_token });
  expect(refreshed.status).toBe(200);
  await page.reload();
  const connection = page.getByRole("listitem").filter({ hasText: "Photo printer" }).first();
  await expect(connection).toContainText("Approved just now");
  await expect(connection).toContainText("last used today");
  await expect(connection).toContainText("private profile");

  await page.getByRole("button", { name: "Disconnect Photo printer" }).click();
  await expect(page.getByRole("heading", { name: "Ended lately" })).toBeVisible();
  await expect(page.getByText("You disconnected it.")).toBeVisible();
});

test("a developer lets the old secret live for a day, and sees until when and how many people use the application", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const owner = await platform.platform.store.findUserByLogin(person.login);
  const ownerId = owner === undefined ? "" : owner.id;
  const application = await register(platform, callback.redirectUri, { ownerId, settings: { category: "Tools" } });
  await page.goto(authorizeUrl(platform, application));
  await signIn(page, person);
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();
  const address = `${platform.url}/settings/application?client_id=${application.clientId}`;
  await page.goto(address);
  expect(await factOf(page, "People")).toBe("1");
  await expect(page.getByLabel("Category")).toHaveValue("Tools");
  await page.getByRole("button", { name: "Replace the secret" }).click();
  await expect(page.getByText(/The one before is good until \d{4}-\d\d-\d\d \d\d:\d\d UTC/)).toBeVisible();
  const clientSecret = await factOf(page, "Client secret");
  expect(await page.getByRole("link", { name: "Back to the application" }).getAttribute("href")).not.toContain(
    clientSecret,
  );
  await exchange(platform, callback, application);
  await page.goto(address);
  await expect(page.getByText(/^Made /)).toHaveCount(2);
  await page.getByLabel("Redirect URIs").fill("http://weather.example/#top");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("One field needs another look");
  await page.getByRole("alert").getByRole("link").click();
  await expect(page.getByLabel("Redirect URIs")).toBeFocused();
});

test("a form that was open before somebody else signed in changes nothing", async ({
  page,
  context,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const application = await register(platform, callback.redirectUri);
  await page.goto(authorizeUrl(platform, application));
  await signIn(page, person);
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();
  await page.goto(`${platform.url}/settings/connections`);

  const tab = await context.newPage();
  await tab.goto(`${platform.url}/settings/connections`);
  await tab.getByRole("button", { name: "Sign out" }).click();
  await tab.getByRole("link", { name: "Sign in again" }).click();
  const other = await newPerson(platform, "Grace Hopper");
  await signIn(tab, other);
  await expect(tab.getByText("Grace Hopper")).toBeVisible();

  await page.getByRole("button", { name: "Disconnect Photo printer" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByText("Grace Hopper")).toBeVisible();
  const tokens = await exchange(platform, callback, application);
  expect(await validate(platform, tokens.access_token)).toBe(200);
});

async function openConnections(page: Page, platform: RunningPlatform, person: Person): Promise<void> {
  await page.goto(`${platform.url}/settings/connections`);
  await signIn(page, person);
  await expect(page.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();
}

async function factOf(page: Page, name: string): Promise<string> {
  return await page.locator("dl > div", { hasText: name }).locator("dd").innerText();
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** What the application does with the last code that reached it. */
async function exchange(
  platform: RunningPlatform,
  callback: CallbackServer,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
): Promise<Tokens> {
  const response = await post(platform, {
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: "authorization_code",
    redirect_uri: callback.redirectUri,
    code: callback.received.at(-1)?.searchParams.get("code") ?? "",
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Tokens;
}

function post({ url }: RunningPlatform, fields: Record<string, string>): Promise<Response> {
  return fetch(`${url}/oauth2/token`, { method: "POST", body: new URLSearchParams(fields) });
}

async function validate({ url }: RunningPlatform, accessToken: string): Promise<number> {
  const response = await fetch(`${url}/oauth2/validate`, { headers: { authorization: `OAuth ${accessToken}` } });
  return response.status;
}
