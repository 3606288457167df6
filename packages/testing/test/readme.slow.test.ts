import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { faultNames } from "../src/index.ts";

const folder = new URL("./readme/", import.meta.url);
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const files = readdirSync(folder);

describe("the package's README", () => {
  it.each(files)("shows %s, which runs, to the letter", (file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    expect(readme).toContain(`\n${text}\`\`\`\n`);
  });

  it("names every fault", () => {
    expect(faultNames.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  it("has an example for node:test that node runs", async () => {
    const example = new URL("in-node-test.mjs", folder).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, ["--test", "--test-reporter=tap", example]);
    expect(stdout).toMatch(/^# pass 1$/m);
  });
});
