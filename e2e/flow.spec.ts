import type { Page } from "@playwright/test";
import type { Person } from "./platform.ts";
import type { RunningSample } from "./sample.ts";
import { approve, expect, signIn, test } from "./stage.ts";

// The sample application and the server, as `npm start` shows them.

test("a person connects, and the application shows their token and what it asked for them", async ({
  page,
  sample,
  person,
}) => {
  await connect(page, sample, person);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Sample application wants to use your Kestrel account",
  );
  await expect(page.getByText("see your private profile, such as your email address")).toBeVisible();
  await approve(page);

  await expect(page.getByRole("heading", { name: "You are connected" })).toBeVisible();
  // No code is left in the address bar.
  expect(page.url().replace(/#_$/, "")).toBe(`${sample.url}connected`);
  await page.getByText("Show the whole response").click();
  const response = JSON.parse(await page.locator("details pre").innerText());
  expect(response).toEqual({
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    expires_in: 14_400,
    scope: ["user_read"],
    token_type: "bearer",
  });
  expect(sample.outcomes).toMatchObject([{ status: "approved", tokens: response }]);
  const answer = page.getByRole("region", { name: "A request on your behalf" });
  await expect(answer).toContainText(`"name": "${person.login}"`);
  await expect(answer).toContainText("200");
});

test("a person who declines is back at the application, which is told so and shares nothing", async ({
  page,
  sample,
  person,
  platform,
}) => {
  await connect(page, sample, person);
  await page.getByRole("button", { name: "Decline" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You said no, and that is fine");
  await expect(page.getByText("access_denied")).toBeVisible();
  await expect(page.getByText("The user denied you access")).toBeVisible();
  expect(sample.outcomes).toMatchObject([{ status: "declined", error: { code: "access_denied" } }]);
  expect(platform.logged("code.issued", sample.clientId)).toEqual([]);
});

test("whoever approved before is connected again without a page", async ({ page, sample, person }) => {
  await connect(page, sample, person);
  await approve(page);
  await expect(page.getByRole("heading", { name: "You are connected" })).toBeVisible();

  const visited: string[] = [];
  page.on("response", (response) => {
    if (response.request().isNavigationRequest())
      visited.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  await page.getByRole("button", { name: "Connect again" }).click();
  await expect.poll(() => sample.outcomes.length).toBe(2);
  await expect(page.getByRole("heading", { name: "You are connected" })).toBeVisible();
  expect(visited).toEqual(["303 /connect", "303 /oauth2/authorize", "303 /callback", "200 /connected"]);
  expect(sample.outcomes).toMatchObject([{ status: "approved" }, { status: "approved" }]);
});

test("a page that was reloaded, or opened again from the history, shows the same token once more", async ({
  page,
  sample,
  person,
}) => {
  await connect(page, sample, person);
  await approve(page);
  const token = page.locator("dd code").first();
  const shown = await token.innerText();
  await page.reload();
  await expect(token).toHaveText(shown);
  expect(sample.outcomes.length).toBe(1);
});

const sizes = [
  ["on a desktop", { width: 1280, height: 720 }, 1],
  ["on the narrowest phone", { width: 320, height: 640 }, 2],
  // As a browser does it: half as many pixels of CSS, each twice as large.
  ["at 200 % zoom", { width: 640, height: 360 }, 2],
] as const;

for (const [where, viewport, deviceScaleFactor] of sizes) {
  test.describe(where, () => {
    test.use({ viewport, deviceScaleFactor });

    test("the whole flow is walked by keyboard alone", async ({ page, sample, person }) => {
      await walkByKeyboard(page, sample, person);
    });
  });
}

async function walkByKeyboard(page: Page, sample: RunningSample, person: Person): Promise<void> {
  await page.goto(sample.url);
  await tabTo(page, "Connect with Kestrel");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Login")).toBeFocused();
  await page.keyboard.type(person.login);
  await page.keyboard.press("Tab");
  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
  await tabTo(page, "Approve");
  await expect(page.getByRole("button", { name: "Approve" })).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "You are connected" })).toBeVisible();
}

test.describe("with script switched off", () => {
  test.use({ javaScriptEnabled: false });

  test("the whole flow works just the same", async ({ page, sample, person }) => {
    await connect(page, sample, person);
    await approve(page);
    await expect(page.getByRole("heading", { name: "You are connected" })).toBeVisible();
    expect(sample.outcomes).toMatchObject([{ status: "approved" }]);
  });
});

async function connect(page: Page, sample: RunningSample, person: Person): Promise<void> {
  await page.goto(sample.url);
  await page.getByRole("button", { name: "Connect with Kestrel" }).click();
  await signIn(page, person);
  await expect(page.getByRole("button", { name: "Decline" })).toBeVisible();
}

async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole("button", { name });
  for (let press = 0; press < 10; press++) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((button) => button === document.activeElement)) return;
  }
  throw new Error(`${name} is not reached by ten times Tab`);
}
