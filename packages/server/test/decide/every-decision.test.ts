import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const here = new URL("./", import.meta.url);
const decisions = readdirSync(new URL("../../src/decide/", here));
const tests = readdirSync(here)
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => readFileSync(new URL(name, here), "utf8"))
  .join("\n");

it.each(decisions)("the rules of decide/%s are switched off one by one", (file) => {
  expect(tests).toMatch(new RegExp(`describeRules(<\\w+>)?\\("${file}"`));
});
