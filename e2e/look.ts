import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const desktop = { width: 1200, height: 800 };
const tablet = { width: 640, height: 800 };
const phone = { width: 320, height: 640 };

/**
 * Looks at the page that is open, light and dark, on a desktop and on the narrowest phone, and with text twice as large:
 * nothing overflows, axe finds nothing. Leaves pictures in test-results/screens.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  // Colours do not depend on the width, nor places on the colours: two looks cover both.
  for (const [place, size, colorScheme] of [
    ["desktop", desktop, "light"],
    ["phone", phone, "dark"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    await page.screenshot({ path: `test-results/screens/${name}.${place}-${colorScheme}.png`, fullPage: true });
    expect(await overflow(page), `${name}, ${place}`).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  }
  const textSize = (size: string) =>
    page.evaluate((value) => document.documentElement.style.setProperty("font-size", value), size);
  await page.setViewportSize(tablet);
  await textSize("200%");
  expect(await overflow(page), `${name} with large text`).toBeLessThanOrEqual(0);
  await textSize("");
  await page.setViewportSize(desktop);
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
