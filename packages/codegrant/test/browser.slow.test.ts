import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createTerminalMachine } from "../src/connections/browser.ts";
import { temporaryFolder } from "./command.ts";

const stand = fileURLToPath(new URL("fixtures/browser.mjs", import.meta.url));
const hostile = "https://id.example/authorize?a=1&b=$(id)&c=`id`&d='e'%20;f|g";

describe("BROWSER", () => {
  it.each([
    ["the address put last", "NODE STAND FILE"],
    ["the address put where %s is", "NODE STAND FILE %s ignored"],
    ["the next program where one does not start", "/nowhere/browser:NODE STAND FILE"],
  ])("names programs, with %s, and no shell reads the address (CC-20)", async (_what, browser) => {
    const file = path.join(temporaryFolder(), "opened");
    const text = browser.replace("NODE", process.execPath).replace("STAND", stand).replace("FILE", file);
    expect(await createTerminalMachine({ BROWSER: text }).openBrowser(hostile)).toBe(true);
    expect(readFileSync(file, "utf8")).toBe(hostile);
  });

  it.each(["file:///etc/passwd", "-h", "https://id.example/ --flag", "javascript:alert(1)"])(
    "is not given %s",
    async (address) => {
      expect(await createTerminalMachine({ BROWSER: process.execPath }).openBrowser(address)).toBe(false);
    },
  );

  it("says that none was opened where none starts", async () => {
    expect(await createTerminalMachine({ BROWSER: "/nowhere/browser" }).openBrowser(hostile)).toBe(false);
  });
});
