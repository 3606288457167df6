import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { playwrightSums, vitestSums } from "../scripts/checks.mjs";
import { advice, cacheOptions, ensurePackagesOf, nodeProblem } from "../scripts/ensure.mjs";

describe("a clone says what it needs", () => {
  it.each(["18.20.8", "20.18.3", "21.7.3", "22.12.0", "23.11.1"])("Node %s is answered with a sentence", (version) => {
    expect(nodeProblem(version)).toMatch(/^This is Node .+ needs Node 24 or newer/);
  });

  it.each(["20.19.0", "20.20.2", "22.13.0", "22.23.3", "24.0.0", "25.1.0", "26.10.0"])("Node %s is fine", (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  it.each([
    ["npm error code EACCES", "cannot be written to"],
    ["npm error EROFS: read-only file system", "cannot be written to"],
    ["error TS5033: Could not write file", "cannot be written to"],
    ["npm error EBUSY: resource busy", "Another program"],
    ["npm error ENOSPC: no space left on device", "disk is full"],
    ["npm error code ENOTFOUND", "registry does not answer"],
    ["spawnSync npm ENOENT", "npm was not found"],
    ["something else", "lines above say why"],
  ])("`%s` is answered with what to do: %s", (output, sentence) => {
    expect(advice(output)).toContain(sentence);
  });

  it("keeps npm's cache where the user has it, or here where they have no home to write to", () => {
    expect(cacheOptions(os.tmpdir())).toEqual([]);
    const belowFile = path.join(fileURLToPath(import.meta.url), ".npm");
    expect(cacheOptions(belowFile)).toEqual(["--cache", expect.stringMatching(/[\\/]\.cache[\\/]npm$/)]);
  });
});

describe("a folder with a lock of its own", () => {
  it("is left alone where npm brought what its lock says, until the lock says more", async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "codegrant-ensure-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const write = (file: string, packages: Readonly<Record<string, object>>): void =>
      writeFileSync(path.join(folder, file), JSON.stringify({ name: "peers", lockfileVersion: 3, packages }));
    mkdirSync(path.join(folder, "node_modules"));
    write("package-lock.json", { "": {}, "node_modules/peer": { version: "1.0.0" } });
    write(path.join("node_modules", ".package-lock.json"), { "node_modules/peer": { version: "1.0.0" } });
    await ensurePackagesOf(folder);
    expect(existsSync(path.join(folder, "node_modules", ".ensure-stamp"))).toBe(true);

    write("package-lock.json", { "": {}, "node_modules/peer": { version: "2.0.0" } });
    // There is no package.json, so npm cannot put it right, and says so.
    await expect(ensurePackagesOf(folder)).rejects.toThrow("Installing the packages failed.");
  });
});

describe("the sums", () => {
  it("count a file that could not be loaded as one failed test", () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      testResults: [
        { status: "failed", assertionResults: [] },
        { status: "failed", assertionResults: [{}] },
        { status: "passed", assertionResults: [{}] },
      ],
    };
    expect(vitestSums(report)).toEqual({ passed: 3, failed: 2 });
  });

  it("count a flaky browser test and a crash as failed", () => {
    expect(playwrightSums({ stats: { expected: 5, unexpected: 1, flaky: 1 }, errors: [{}] })).toEqual({
      passed: 5,
      failed: 3,
    });
  });
});
