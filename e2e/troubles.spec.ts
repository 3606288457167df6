import { authorizeUrl, newPerson, register, uniqueName } from "./platform.ts";
import { approve, expect, type Page, signIn, test } from "./stage.ts";

test("with cookies off a page says so, and nothing happens", async ({ page, context, platform, person }) => {
  await page.goto(`${platform.url}/settings/connections`);
  for (let tries = 0; tries < 2; tries++) {
    await context.clearCookies();
    await signIn(page, person);
    await expect(page.getByRole("alert")).toContainText("let your browser keep cookies for this site");
    await expect(page.getByLabel("Login")).toHaveValue(person.login);
  }
});

test("whoever is signed out in the middle of a form signs in and finds what they typed", async ({
  page,
  context,
  platform,
  person,
}) => {
  await page.goto(`${platform.url}/settings/connections`);
  await signIn(page, person);
  await page.getByLabel("Name", { exact: true }).fill("Weather station");
  await page.getByLabel("Redirect URIs").fill("https://weather.example/a\nhttps://weather.example/b");
  await page.getByText("Public").click();
  await context.clearCookies({ name: /session/ });
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("alert")).toContainText("what you typed stands there again");
  await signIn(page, person);
  await expect(page.getByRole("status")).toContainText("what you typed is still here");
  await expect(page.getByLabel("Redirect URIs")).toHaveValue("https://weather.example/a\nhttps://weather.example/b");
  await expect(page.getByRole("radio", { name: /^Public/ })).toBeChecked();
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("heading", { name: "Your application is registered" })).toBeVisible();
});

test("whoever is signed out on the consent page signs in and decides as if nothing had been", async ({
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
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
  await context.clearCookies({ name: /session/ });
  await approve(page);
  await expect(page.getByRole("alert")).toContainText("nothing was done");
  await signIn(page, person);
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();
  expect(platform.logged("code.issued", application.clientId)).toHaveLength(1);
});

test("an application that is deleted while a person decides ends in a page that says so", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const { application, ...rest } = await register(platform, callback.redirectUri);
  await page.goto(authorizeUrl(platform, { application, ...rest }));
  await signIn(page, person);
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
  await platform.platform.store.deleteApplication(application.id, platform.platform.now());
  await approve(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We do not know this application");
  expect(callback.received).toEqual([]);
});

test("Back to a form that was sent, and sent again, registers nothing twice", async ({ page, platform, person }) => {
  await page.goto(`${platform.url}/settings/connections`);
  await signIn(page, person);
  const name = uniqueName("Weather station ");
  for (let times = 0; times < 2; times++) {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Redirect URIs").fill("https://weather.example/callback");
    await page.getByRole("button", { name: "Register" }).click();
    await expect(page.getByRole("heading", { name: "Your application is registered" })).toBeVisible();
    if (times === 0) await page.goBack();
  }
  await page.goto(`${platform.url}/settings/connections`);
  await expect(page.getByRole("link", { name })).toHaveCount(1);
});

const rubbish = [
  ["a megabyte", "x".repeat(1_000_000)],
  ["another script", "‮шлюз﷽​\u0007 '\"><script>alert(1)</script>"],
  ["addresses", "javascript:alert(1) file:///etc/passwd https://a.example/#x https://user:pw@a.example"],
] as const;

for (const [what, text] of rubbish) {
  test(`${what} pasted into every field ends in a page that says what to do`, async ({ page, platform }) => {
    const person = await newPerson(platform);
    const answered: number[] = [];
    page.on("response", (response) => {
      if (response.request().method() === "POST") answered.push(response.status());
    });
    await page.goto(`${platform.url}/settings/connections`);
    await signIn(page, { ...person, login: text, password: text });
    await sayWhatToDo(page);
    await page.goto(`${platform.url}/settings/connections`);
    await signIn(page, person);
    for (const [path, fields, button] of [
      ["/settings/connections", ["Name", "Redirect URIs", "Category"], "Register"],
      ["/settings/password", ["Current password", "New password"], "Change password"],
      ["/device", ["Code"], "Continue"],
    ] as const) {
      await page.goto(`${platform.url}${path}`);
      for (const field of fields) await page.getByLabel(field, { exact: true }).fill(text);
      await page.getByRole("button", { name: button }).click();
      await sayWhatToDo(page);
    }
    expect(answered.filter((status) => status >= 500)).toEqual([]);
  });
}

/** A problem said at the top, or a page of its own. */
async function sayWhatToDo(page: Page): Promise<void> {
  await expect(
    page
      .locator("[role=alert], .error")
      .or(page.getByText("Nothing was done."))
      .or(page.getByText("That was too much at once"))
      .first(),
  ).toBeVisible();
}

test("a device is connected by keyboard alone, and one that is declined gets nothing", async ({
  page,
  platform,
  person,
}) => {
  const { clientId } = await register(platform, "http://localhost/", { name: "Television", type: "public" });
  const start = async (): Promise<{ user_code: string; device_code: string }> => {
    const body = new URLSearchParams({ client_id: clientId, scopes: "user:read:email" });
    const answer = await fetch(`${platform.url}/oauth2/device`, { method: "POST", body });
    return (await answer.json()) as { user_code: string; device_code: string };
  };
  const poll = async (device_code: string): Promise<number> => {
    const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    const body = new URLSearchParams({ client_id: clientId, grant_type, device_code });
    return (await fetch(`${platform.url}/oauth2/token`, { method: "POST", body })).status;
  };
  const wanted = await start();
  await page.goto(`${platform.url}/device`);
  await signIn(page, person);
  await page.getByLabel("Code").focus();
  await page.keyboard.type(wanted.user_code.toLowerCase());
  await page.keyboard.press("Enter");
  await expect(page.getByText("Is this the code on your device?")).toBeVisible();
  await page.getByRole("button", { name: "Approve" }).focus();
  await page.waitForTimeout(700);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your device is connected" })).toBeVisible();
  expect(await poll(wanted.device_code)).toBe(200);

  const unwanted = await start();
  await page.goto(`${platform.url}/device?user_code=${unwanted.user_code}`);
  await page.getByRole("button", { name: "Decline" }).click();
  await expect(page.getByRole("heading", { name: "Nothing was shared" })).toBeVisible();
  expect(await poll(unwanted.device_code)).toBe(400);
});
