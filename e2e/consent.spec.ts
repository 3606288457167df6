import type { CallbackServer } from "./callback-server.ts";
import { authorizeUrl, newPerson, type Registered, type RunningPlatform, register } from "./platform.ts";
import { approve, expect, type Page, signIn, test } from "./stage.ts";

test("force_verify=true asks somebody who approved before, and names what they allow already", async ({
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
  await expectArrived(page);
  await page.goto(authorizeUrl(platform, application, { force_verify: "true" }));
  await expect(page.getByText("You already allow it to:")).toBeVisible();
  await approve(page);
  await expectArrived(page);
  expect(codesOf(callback).length).toBe(2);
});

test("a new scope is asked for, apart from what was approved before", async ({
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
  await expectArrived(page);
  await page.goto(authorizeUrl(platform, application, { scope: "user_read channel_read" }));
  await expect(page.getByText("New, it asks to:")).toBeVisible();
  await approve(page);
  await expectArrived(page);
  expect(callback.received.map((url) => url.searchParams.get("scope"))).toEqual([
    "user_read",
    "user_read channel_read",
  ]);
});

test("a public application asks every time, since nothing proves that it is the one approved before (LC-27)", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const application = await register(platform, callback.redirectUri, { type: "public" });
  const pkce = { code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" };
  await page.goto(authorizeUrl(platform, application, pkce));
  await signIn(page, person);
  await approve(page);
  await expectArrived(page);
  await page.goto(authorizeUrl(platform, application, pkce));
  await expect(page.getByText("it cannot prove that it is the real one")).toBeVisible();
  await approve(page);
  await expectArrived(page);
  expect(codesOf(callback).length).toBe(2);
});

test("the browser arrives at a callback on the IPv6 loopback address", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt({ host: "[::1]" });
  await page.goto(authorizeUrl(platform, await register(platform, callback.redirectUri)));
  await signIn(page, person);
  await approve(page);
  await expectArrived(page);
  expect(page.url()).toMatch(/^http:\/\/\[::1\]:\d+\/callback\?code=/);
});

test("the browser follows an application whose callback sends it on to another origin (LC-17)", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const last = await callbackAt({ host: "[::1]" });
  const callback = await callbackAt({ onwardTo: last.redirectUri });
  await page.goto(authorizeUrl(platform, await register(platform, callback.redirectUri)));
  await signIn(page, person);
  await approve(page);
  await expectArrived(page);
  expect(codesOf(callback).length).toBe(1);
  expect(last.received.map(String)).toEqual([last.redirectUri]);
});

test("the fragment of the authorize URL does not travel on to the application (HT-11)", async ({
  page,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const application = await register(platform, callback.redirectUri);
  // By a page, and then without one.
  await page.goto(`${authorizeUrl(platform, application)}#planted`);
  await signIn(page, person);
  await expect(page.getByRole("button", { name: "Decline" })).toBeVisible();
  expect(new URL(page.url()).hash).toBe("#planted");
  await approve(page);
  await expectArrived(page);
  expect(new URL(page.url()).hash).not.toContain("planted");
  await page.goto(`${authorizeUrl(platform, application)}#planted`);
  await expectArrived(page);
  expect(new URL(page.url()).hash).not.toContain("planted");
  expect(codesOf(callback).length).toBe(2);
});

test.describe("a double click on Approve makes one code, and leaves nobody stuck (LC-08)", () => {
  test("when the browser takes the second click for the real one", async ({ page, platform, person, callbackAt }) => {
    const callback = await callbackAt();
    const application = await register(platform, callback.redirectUri);
    await openConsent(page, platform, application, person);
    const { dropped } = await dropFirstAnswer(page);
    await clickBlindly(page);
    await dropped;
    await page.mouse.down();
    await page.mouse.up();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This is already done");
    expect(platform.logged("code.issued", application.clientId).length).toBe(1);
    expect(codesOf(callback)).toEqual([]);

    await page.getByRole("link", { name: "Ask again from the beginning" }).click();
    await expectArrived(page);
    expect(codesOf(callback).length).toBe(1);
  });

  test("when both clicks come as fast as they can", async ({ page, platform, person, callbackAt }) => {
    const callback = await callbackAt();
    const application = await register(platform, callback.redirectUri);
    await openConsent(page, platform, application, person);
    await page.getByRole("button", { name: "Approve" }).dblclick();
    await page.waitForURL((url) => url.href.startsWith(callback.redirectUri) || url.pathname === "/oauth2/authorize");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^(Arrived|This is already done)$/);
    expect(platform.logged("code.issued", application.clientId).length).toBe(1);
  });
});

test("a consent page of one person, sent after another signed in, grants nothing and is shown to the other (LC-10)", async ({
  page,
  context,
  platform,
  person,
  callbackAt,
}) => {
  const callback = await callbackAt();
  const application = await register(platform, callback.redirectUri);
  const other = await newPerson(platform, "Grace Hopper");
  await openConsent(page, platform, application, person);
  const tab = await context.newPage();
  await tab.goto(`${platform.url}/settings/connections`);
  await tab.getByRole("button", { name: "Sign out" }).click();
  await tab.getByRole("link", { name: "Sign in again" }).click();
  await signIn(tab, other);
  await expect(tab.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();

  await approve(page);
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByText(`Grace Hopper (${other.login})`)).toBeVisible();
  expect(platform.logged("code.issued", application.clientId)).toEqual([]);
  await approve(page);
  await expectArrived(page);
  expect(codesOf(callback).length).toBe(1);
});

test("two applications opened in two tabs are both answered, each to its own", async ({
  page,
  context,
  platform,
  person,
  callbackAt,
}) => {
  const [here, there] = [await callbackAt(), await callbackAt()];
  const other = await register(platform, there.redirectUri, { name: "Calendar" });
  await openConsent(page, platform, await register(platform, here.redirectUri), person);
  const tab = await context.newPage();
  await tab.goto(authorizeUrl(platform, other, { state: "there" }));
  await approve(page);
  await expectArrived(page);
  await approve(tab);
  await expectArrived(tab);
  expect(codesOf(here).length).toBe(1);
  expect(there.received.map((url) => url.searchParams.get("state"))).toEqual(["there"]);
});

test.describe("Approve is pressed by nobody but the person", () => {
  test("a click before it is armed does nothing (LC-26)", async ({ page, platform, person, callbackAt }) => {
    const callback = await callbackAt();
    const application = await register(platform, callback.redirectUri);
    await page.goto(authorizeUrl(platform, application));
    await stopAnimations(page);
    await signIn(page, person);
    await expect(page.getByRole("button", { name: "Decline" })).toBeVisible();
    await moveArmingTo(page, 599);
    await clickBlindly(page);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Approve" })).toBeHidden();
    await moveArmingTo(page, 600);
    expect(platform.logged("code.issued", application.clientId)).toEqual([]);
    await clickBlindly(page);
    await expectArrived(page);
    expect(platform.logged("code.issued", application.clientId).length).toBe(1);
  });

  test("Enter and Space, held on the page at any fragment, answer nothing (LC-25)", async ({
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
    await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
    const ids = await page.locator("[id]").evaluateAll((all) => all.map(({ id }) => id));
    for (const fragment of [...ids, "approve", "decision", "Approve", ":~:text=Approve"]) {
      // To another page and back, since a change of the fragment alone loads nothing.
      await page.goto("about:blank");
      await page.goto(`${url}#${fragment}`);
      await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
      for (const key of ["Enter", "Space"]) {
        for (let held = 0; held < 5; held++) await page.keyboard.down(key);
        await page.keyboard.up(key);
      }
      await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
      expect(page.url(), fragment).toBe(`${url}#${fragment}`);
    }
    expect(callback.received).toEqual([]);
    expect(platform.logged("code.issued", application.clientId)).toEqual([]);
  });
});

async function openConsent(
  page: Page,
  platform: RunningPlatform,
  application: Registered,
  person: Parameters<typeof signIn>[1],
): Promise<void> {
  await page.goto(authorizeUrl(platform, application));
  await signIn(page, person);
  await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
}

async function expectArrived(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Arrived" })).toBeVisible();
}

function codesOf(callback: CallbackServer): readonly string[] {
  return callback.received.flatMap((url) => url.searchParams.getAll("code"));
}

/** Presses the mouse where Approve stands, whether or not it is there to be pressed, and waits for nothing. */
async function clickBlindly(page: Page): Promise<void> {
  await page.locator(".arming").scrollIntoViewIfNeeded();
  const box = await page.locator(".arming").boundingBox();
  if (box === null) throw new Error("Approve has no place on the page");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

/** From now on animations stand still, each at its first moment; `moveArmingTo` moves the one of Approve. */
async function stopAnimations(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Animation.enable");
  await session.send("Animation.setPlaybackRate", { playbackRate: 0 });
}

async function moveArmingTo(page: Page, milliseconds: number): Promise<void> {
  await page.locator(".approve").evaluate((button, time) => {
    const [arming] = button.getAnimations();
    if (arming === undefined) throw new Error("Nothing arms Approve");
    arming.currentTime = time;
  }, milliseconds);
}

/** The platform answers the first form, but the browser never hears it. */
async function dropFirstAnswer(page: Page): Promise<{ readonly dropped: Promise<void> }> {
  let resolve: () => void;
  const dropped = new Promise<void>((first) => {
    resolve = first;
  });
  let isFirst = true;
  await page.route("**/oauth2/authorize*", async (route) => {
    if (route.request().method() !== "POST" || !isFirst) return route.continue();
    isFirst = false;
    await route.fetch({ maxRedirects: 0 });
    return resolve();
  });
  return { dropped };
}
