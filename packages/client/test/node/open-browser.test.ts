import { describe, expect, it } from "vitest";
import { openBrowser } from "../../src/node/open-browser.ts";

async function argumentsFor(address: string): Promise<readonly string[] | undefined> {
  let seen: readonly string[] | undefined;
  await openBrowser(address, async (_program, parameters) => {
    seen = parameters;
    return true;
  });
  return seen;
}

describe("the browser", () => {
  it.each([
    "https://id.example/authorize?a=1&b=2",
    `https://id.example/?q='"\`$(touch%20x)|;%20%0A%25`,
    "http://127.0.0.1:8080/?-rf",
  ])("gets %s as one argument, byte for byte, and no shell (CC-20)", async (address) => {
    expect((await argumentsFor(address))?.at(-1)).toBe(address);
  });

  it.each([
    "file:///etc/passwd",
    "javascript:alert(1)",
    "-h",
    "--help",
    "ms-settings:",
    "https://x/\nrm",
    "no address",
  ])("is never started with %j (CC-20)", async (address) => {
    expect(await argumentsFor(address)).toBeUndefined();
    expect(await openBrowser(address)).toBe(false);
  });
});
