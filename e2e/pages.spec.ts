import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { everySample, type Pages } from "../packages/server/test/pages/views.ts";
import { type PageServer, servePages } from "./page-server.ts";

// The build, as a browser gets it. Its types are those of the sources.
const built = new URL("../packages/server/dist/pages/index.js", import.meta.url).href;
const pages = (await import(built)) as Pages;

let server: PageServer;
test.beforeAll(async () => {
  server = await servePages(pages);
});
test.afterAll(() => server.close());
test.beforeEach(() => {
  server.forms.length = 0;
});

// Of states that differ by a sentence only, one stands for all.
const sameShape =
  /^(error-(?!404|back|differs-in-port)|sign-in-(wait|expired|signed-out)|sign-up-(wait|expired)|sessions-(ended|expired)|application-done|password-(long|expired|change-wait)|device-(wait|expired|declined)|connections-(full|kept))/;
const seen = everySample(pages).filter(({ name }) => !sameShape.test(name));
const desktop = { width: 1200, height: 800 };
const phone = { width: 320, height: 640 };

for (const { name } of seen) {
  test(`the page ${name} is for everyone: light and dark, desktop and phone`, async ({ page }) => {
    const complaints = collectComplaints(page);
    await page.goto(`${server.origin}/${name}`);
    await page.locator("details").evaluateAll((all) => all.forEach((details) => details.setAttribute("open", "")));
    await armed(page);
    // Colours do not depend on the width, nor places on the colours: two of the four looks cover both.
    await look(page, name, "light", desktop, true);
    await look(page, name, "light", phone, false);
    await look(page, name, "dark", phone, true);
    await look(page, name, "dark", desktop, false);
    await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
    expect(await overflow(page), "at 200 % text").toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
  });
}

async function look(page: Page, name: string, colorScheme: "light" | "dark", size: typeof phone, withAxe: boolean) {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(size);
  const place = size === phone ? "phone" : "desktop";
  const path = `test-results/screens/${name}.${place}-${colorScheme}.png`;
  // A picture for people, not a promise: a busy machine's browser sometimes says "unable to capture", and then can.
  await expect(() => page.screenshot({ path, fullPage: true })).toPass({ timeout: 10_000 });
  expect(await overflow(page), `${place}, ${colorScheme}`).toBeLessThanOrEqual(0);
  if (!withAxe) return;
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
}

/** What the browser would have loaded from elsewhere, or refused to. */
function collectComplaints(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(server.origin) && !request.url().startsWith("data:")) complaints.push(request.url());
  });
  return complaints;
}

async function overflow(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

async function armed(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
}

test.describe("Approve", () => {
  for (const reducedMotion of ["no-preference", "reduce"] as const) {
    test(`is out of reach for its first 600 ms (motion: ${reducedMotion}, LC-26)`, async ({ page }) => {
      await page.emulateMedia({ reducedMotion });
      await page.goto(`${server.origin}/consent`);
      const states = [];
      for (const at of [0, 599, 600]) states.push([at, await reachAt(page, at)]);
      expect(states).toEqual([
        [0, { visibility: "hidden", underPointer: "shadow", byKeyboard: false }],
        [599, { visibility: "hidden", underPointer: "shadow", byKeyboard: false }],
        [600, { visibility: "visible", underPointer: "primary approve", byKeyboard: true }],
      ]);
    });
  }

  test("answers a click only once it is armed", async ({ page }) => {
    await page.goto(`${server.origin}/consent`);
    await reachAt(page, 599);
    const box = await page.locator(".arming").boundingBox();
    if (box === null) throw new Error("Approve has no place on the page");
    const press = () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await press();
    await page.keyboard.press("Enter");
    expect(server.forms).toEqual([]);
    await reachAt(page, 600);
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await press();
    await page.waitForURL(`${server.origin}/consent`);
    await expect(page.locator("body")).toHaveText("received");
    expect(server.forms).toEqual([
      {
        path: "/consent",
        origin: server.origin,
        fields: { csrf: ["csrf-token"], form: ["1773480413"], decision: ["approve"] },
      },
    ]);
  });

  test("is there at once where animations are switched off", async ({ page }) => {
    await page.goto(`${server.origin}/consent`);
    await page.evaluate(() => document.getAnimations().forEach((animation) => animation.cancel()));
    await expect(page.getByRole("button", { name: "Approve" })).toBeVisible();
  });

  test("is not what Enter presses in a field: that is Decline", async ({ page }) => {
    await page.goto(`${server.origin}/consent-full`);
    await armed(page);
    await page.getByRole("checkbox").first().focus();
    await page.keyboard.press("Enter");
    await expect(page.locator("body")).toHaveText("received");
    expect(server.forms.map(({ fields }) => fields["decision"])).toEqual([["decline"]]);
  });
});

/** Stops the arming at a moment of its own clock, and tries to reach Approve by pointer and by keyboard. */
async function reachAt(page: Page, milliseconds: number) {
  return await page.evaluate((time) => {
    const button = document.querySelector<HTMLButtonElement>("button[value=approve]");
    if (button === null) throw new Error("There is no Approve");
    const [arming] = button.getAnimations();
    if (arming !== undefined) {
      arming.pause();
      arming.currentTime = time;
    }
    button.scrollIntoView({ block: "center", behavior: "instant" });
    const visibility = getComputedStyle(button).visibility;
    const box = button.getBoundingClientRect();
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    document.body.focus();
    button.focus();
    return { visibility, underPointer: hit?.className, byKeyboard: document.activeElement === button };
  }, milliseconds);
}

test("the consent page is walked by keyboard in the order it is read, and Decline comes before Approve", async ({
  page,
}) => {
  await page.goto(`${server.origin}/consent-full`);
  await armed(page);
  const stops: string[] = [];
  for (let press = 0; press < 5; press++) {
    await page.keyboard.press("Tab");
    stops.push(await textOfFocus(page));
  }
  expect(stops).toEqual([
    "Not you? Use another account",
    "Read and write in chat as you Sensitive",
    "Follow and unfollow channels for you",
    "Decline",
    "Approve",
  ]);
});

async function textOfFocus(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const focused = document.activeElement;
    return (focused?.closest("label") ?? focused)?.textContent?.trim() ?? "";
  });
}

test("the focus is always seen", async ({ page }) => {
  await page.goto(`${server.origin}/connections`);
  const stops: unknown[] = [];
  // From the first stop to the last, after which the focus leaves the page; far fewer than a hundred.
  for (let press = 0; press < 100; press++) {
    await page.keyboard.press("Tab");
    const ring = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return undefined;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      return { stop: focused.outerHTML.slice(0, 80), outline: `${outlineWidth} ${outlineStyle}` };
    });
    if (ring === undefined) break;
    stops.push(ring);
  }
  expect(stops.length).toBeGreaterThan(10);
  expect(stops).toEqual(stops.map(() => ({ stop: expect.any(String), outline: "3px solid" })));
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("a person signs in, with the origin of our own page and nothing else in the form", async ({ page }) => {
    await page.goto(`${server.origin}/sign-in?client_id=abc&state=s%2Fx`);
    await page.getByLabel("Login").fill("demo");
    await page.getByLabel("Password").fill("password");
    await page.keyboard.press("Enter");
    await expect(page.locator("body")).toHaveText("received");
    expect(page.url()).toBe(`${server.origin}/sign-in?client_id=abc&state=s%2Fx`);
    const fields = { csrf: ["csrf-token"], login: ["demo"], password: ["password"] };
    expect(server.forms).toEqual([{ path: "/sign-in", origin: server.origin, fields }]);
  });

  test("a person unticks what they would rather not allow, and approves", async ({ page }) => {
    await page.goto(`${server.origin}/consent-full`);
    await page.getByLabel("Read and write in chat as you").uncheck();
    await page.getByRole("button", { name: "Approve" }).click();
    await expect(page.locator("body")).toHaveText("received");
    expect(server.forms.map(({ fields }) => fields)).toEqual([
      { csrf: ["csrf-token"], form: ["1773480413"], scope: ["user_follows_edit"], decision: ["approve"] },
    ]);
  });
});

test("an application that opened the page in a window of its own can still be spoken to by its callback", async ({
  page,
}) => {
  const application = server.origin.replace("127.0.0.1", "localhost");
  await page.goto(`${application}/elsewhere`);
  const opening = page.waitForEvent("popup");
  await page.evaluate((address) => void window.open(address), `${server.origin}/consent`);
  const popup = await opening;
  await popup.waitForLoadState();
  // As the redirect after an answer does it: from within the page.
  await popup.evaluate((address) => window.location.assign(address), `${application}/elsewhere`);
  await popup.waitForURL(`${application}/elsewhere`);
  expect(await popup.evaluate(() => window.opener !== null)).toBe(true);
});
