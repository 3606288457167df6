import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatCommandsPage } from "../../../scripts/commands-page.mjs";
import { createProgram } from "../src/program.ts";

const page = readFileSync(new URL("../../../docs/commands.md", import.meta.url), "utf8");
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((section) => ({ name: section.slice(0, section.indexOf("\n")), section }));

describe("the page of commands", () => {
  it("says what their help says: `node scripts/commands-page.mjs` writes it", async () => {
    expect(page).toBe(formatCommandsPage(await createProgram()));
  });

  it("has every command of the server", () => {
    const names = sections.map(({ name }) => name);
    for (const name of ["serve", "app create", "user create", "grants ended", "keys rotate", "backup", "check"])
      expect(names).toContain(`codegrant ${name}`);
  });

  it.each(sections)("gives an example of $name that names it and takes no unknown option", ({ name, section }) => {
    const examples = section.slice(section.search(/^Examples?:$/m)).match(new RegExp(`^  ${name} .*`, "gm")) ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const option of examples.join(" ").match(/--[a-z][a-z-]*/g) ?? [])
      expect(section.slice(0, section.search(/^Examples?:$/m))).toContain(option);
  });
});
