import { lookAt } from "./look.ts";
import { authorizeUrl, register } from "./platform.ts";
import { approve, expect, signIn, test } from "./stage.ts";

// Pages as they come from the running server and the running application; every page of the server, with every
// sentence it can hold, is in pages.spec.ts.

test("every page of the sample application is for everyone: light and dark, desktop and phone", async ({
  page,
  sample,
  person,
}) => {
  await page.goto(sample.url);
  await lookAt(page, "sample-home");
  await page.goto(`${sample.url}nowhere`);
  await lookAt(page, "sample-nowhere");
  await page.goto(`${sample.url}callback?code=made-up&state=made-up`);
  await lookAt(page, "sample-problem");
  await page.goto(`${sample.url}connect`);
  await signIn(page, person);
  await page.getByRole("button", { name: "Decline" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You said no, and that is fine");
  await lookAt(page, "sample-declined");
  await page.goto(`${sample.url}connect`);
  await approve(page);
  await expect(page.getByRole("heading", { name: "You are connected" })).toBeVisible();
  await page.getByText("Show the whole response").click();
  await lookAt(page, "sample-connected");
});

test("the pages a person meets on the way are for everyone: light and dark, desktop and phone", async ({
  page,
  platform,
  sample,
  person,
}) => {
  await page.goto(`${sample.url}connect`);
  await lookAt(page, "flow-sign-in");
  await signIn(page, person);
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
  await lookAt(page, "flow-consent");
  await approve(page);
  await expect(page.getByRole("heading", { name: "You are connected" })).toBeVisible();
  await page.goto(`${platform.url}/settings/connections`);
  await lookAt(page, "flow-connections");
  await page.getByLabel("Name", { exact: true }).fill("Weather station");
  await page.getByLabel("Redirect URI").fill("https://weather.example/callback");
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your application is registered");
  await lookAt(page, "flow-created");
  const unregistered = { redirect_uri: "https://evil.example/callback" };
  await page.goto(authorizeUrl(platform, await register(platform, "https://weather.example/callback"), unregistered));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("We stopped here to keep you safe");
  await lookAt(page, "flow-error");
});
