import { startMountedPlatform } from "./mounted-platform.ts";
import { authorizeUrl, newPerson, register } from "./platform.ts";
import { approve, expect, type Page, signIn, test } from "./stage.ts";

const basePath = "/club/connect";

/** Everything on the page that leads anywhere here, leads below our own path. */
async function expectOwnAddresses(page: Page): Promise<void> {
  const strays = await page
    .locator("a[href], form[action], link[href], img[src]")
    .evaluateAll(
      (elements, base) =>
        elements
          .map((element) => ["href", "action", "src"].map((name) => element.getAttribute(name)).find(Boolean) ?? "")
          .filter((address) => address.startsWith("/") && address !== base && !address.startsWith(`${base}/`)),
      basePath,
    );
  expect(strays, page.url()).toEqual([]);
}

test("below a path of a host every page, link, form and cookie still works", async ({ page, callbackAt }) => {
  const platform = await startMountedPlatform(basePath);
  const callback = await callbackAt();
  const person = await newPerson(platform);
  const application = await register(platform, callback.redirectUri, { settings: { pkce: "optional" } });
  await page.goto(authorizeUrl(platform, application, { scope: "user:read:email" }));
  await expectOwnAddresses(page);
  await signIn(page, person);
  await expectOwnAddresses(page);
  await approve(page);
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();

  for (const path of ["", "/", "/device", "/docs/authorization-code", "/settings/password", "/docs/scopes"]) {
    const answer = await page.goto(`${platform.url}${path}`);
    expect([path, answer?.status()]).toEqual([path, 200]);
    await expectOwnAddresses(page);
  }
  await page.getByRole("navigation").getByRole("link", { name: "Connections" }).click();
  await page.getByRole("button", { name: "Disconnect Photo printer" }).click();
  await expect(page.getByRole("status")).toContainText("Photo printer is disconnected");
  await page.getByLabel("Name", { exact: true }).fill("Weather station");
  await page.getByLabel("Redirect URIs").fill(callback.redirectUri);
  await page.getByRole("button", { name: "Register" }).click();
  await expectOwnAddresses(page);
  await page.getByRole("link", { name: "Back to Connections" }).click();
  await page.getByRole("link", { name: "Weather station" }).click();
  await expectOwnAddresses(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.getByRole("link", { name: person.login }).click();
  await expectOwnAddresses(page);
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await page.getByRole("link", { name: "Sign in again" }).click();
  await expect(page.getByLabel("Password")).toBeVisible();
  expect(new URL(page.url()).pathname.startsWith(basePath)).toBe(true);
  await platform.close();
});
