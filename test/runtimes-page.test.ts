import { expect, it } from "vitest";
import { formatRuntimes } from "../scripts/runtimes-page.mjs";
import { filesWhere } from "./tree.ts";

const failed = [{ name: "does a | thing", failure: "expected `1`\nto be 2" }];
const page = formatRuntimes(
  [
    { runtime: "Node 24", version: "24.21.0", what: "the tests", passed: 12, failed: [] },
    { runtime: "Bun", version: "1.4.5", what: "the tests", passed: 11, failed },
    { runtime: "Deno", missing: "npm has no deno for this machine" },
  ],
  "linux-x64",
  "2026-11-25",
);

it("the page of runtimes claims what ran, names what failed, and says what did not run", () => {
  expect(page).toContain("| Node 24 | 24.21.0 | the tests | 12 | 0 |\n| Bun | 1.4.5 | the tests | 11 | 1 |");
  expect(page).toContain("| Deno | | did not run: npm has no deno for this machine | | |");
  expect(page).toContain("## What differs on Bun\n");
  expect(page).toContain("| does a thing | expected 1 to be 2 |");
  expect(page).not.toContain("## What differs on Node 24");
});

it("the committed page is the script's, and has every runtime in it", () => {
  const [{ text } = { text: "" }] = filesWhere((file) => file === "docs/runtimes.md");
  const rows = [...text.matchAll(/^\| (?<runtime>Node \d+|Bun|Deno|workerd) \| \d/gm)];
  expect(rows.map(({ groups }) => groups?.["runtime"])).toEqual([
    "Node 20",
    "Node 22",
    "Node 24",
    "Node 26",
    "Bun",
    "Deno",
    "workerd",
  ]);
});
