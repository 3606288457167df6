// The checks of `npm run quick` and `npm test`, each as a command with a limit.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "./ensure.mjs";

/** @typedef {{ name: string, args: string[], limitSeconds: number, env?: Record<string, string> }} Check */
/** @typedef {{ passed: number, failed: number }} Sums */

const modules = path.join(root, "node_modules");
export const tool = (/** @type {string[]} */ ...parts) => path.join(modules, ...parts);
const tsc = tool("typescript", "bin", "tsc");
const biome = tool("@biomejs", "biome", "bin", "biome");

/** In order: later ones read what `tsc -b` builds. */
export const types = [
  { name: "types of the sources", args: [tsc, "-b"], limitSeconds: 120 },
  { name: "types of the tests", args: [tsc, "-p", "tsconfig.test.json"], limitSeconds: 120 },
];

export const lint = {
  name: "lint",
  args: [tool("oxlint", "bin", "oxlint"), "--type-aware", "--deny-warnings", "--report-unused-disable-directives"],
  limitSeconds: 120,
};
export const format = { name: "format", args: [biome, "format", "."], limitSeconds: 60 };
export const formatAndImports = { name: "format and imports", args: [biome, "check", "."], limitSeconds: 60 };
export const unused = { name: "unused code", args: [tool("knip", "bin", "knip.js")], limitSeconds: 120 };

/** The suites; each writes a JSON report to `file`, from which its sums are read. */
export function vitest(/** @type {string} */ file, /** @type {string[]} */ ...more) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const args = [tool("vitest", "vitest.mjs"), "run", "--configLoader=runner", ...reporters, ...more];
  return { name: "vitest", args, limitSeconds: 480 };
}
export function playwright(/** @type {string} */ file) {
  const args = [tool("@playwright", "test", "cli.js"), "test", "--reporter=list,json"];
  return { name: "Playwright", args, limitSeconds: 240, env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } };
}

/** Runs a check and prints what it said only if it failed. */
export async function passes(/** @type {Check} */ check) {
  const startedAt = performance.now();
  const { code, output } = await runNode(check, "pipe");
  console.log(`${code === 0 ? "✓" : "✗"} ${check.name} (${Math.round(performance.now() - startedAt)} ms)`);
  if (code !== 0) console.log(output);
  return code === 0;
}

/**
 * Runs a suite for all to see and counts from its report. A suite that crashed, hung or loaded no test has failed.
 * @template Report
 * @param {(file: string) => Check} suite
 * @param {(report: Report) => Sums} sumsOf
 * @param {string} folder for the report
 * @param {{ beside?: boolean }} options `beside` another suite: what it says comes in one piece at its end
 * @returns {Promise<Sums>}
 */
export async function runSuite(suite, sumsOf, folder, { beside = false } = {}) {
  const file = path.join(folder, `report-${randomUUID()}.json`);
  const { code, output } = await runNode(suite(file), beside ? "pipe" : "inherit");
  if (beside) process.stdout.write(output);
  const sums = existsSync(file) ? sumsOf(JSON.parse(readFileSync(file, "utf8"))) : { passed: 0, failed: 0 };
  return code === 0 || sums.failed > 0 ? sums : { ...sums, failed: 1 };
}

/**
 * A file of tests that could not even be loaded counts as one failed test.
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: unknown[] }[] }} report
 * @returns {Sums}
 */
export function vitestSums({ numPassedTests, numFailedTests, testResults }) {
  const unloaded = testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}

/**
 * A test that passes only now and then has failed.
 * @param {{ stats: { expected: number, unexpected: number, flaky: number }, errors: unknown[] }} report
 * @returns {Sums}
 */
export function playwrightSums({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length };
}

/**
 * A temporary folder that also serves the children as theirs, and is gone afterwards, whatever they leave in it.
 * @template T
 * @param {(folder: string) => Promise<T>} work
 */
export async function inTemporaryFolder(work) {
  const folder = mkdtempSync(path.join(temporaryRoot(), "codegrant-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.env["TMPDIR"] = folder;
  for (const [signal, number] of /** @type {const} */ ([
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ])) {
    process.once(signal, () => {
      for (const child of running) child.kill(signal);
      remove();
      process.exit(128 + number);
    });
  }
  try {
    return await work(folder);
  } finally {
    remove();
  }
}

/**
 * In memory where there is room: the databases of the tests sync at every write, and a disk makes each wait. No test
 * pulls the plug; a killed process loses as little there.
 */
function temporaryRoot() {
  const memory = "/dev/shm";
  try {
    const { bavail, bsize } = statfsSync(memory);
    accessSync(memory, constants.W_OK);
    return bavail * bsize > roomInMemoryBytes ? memory : os.tmpdir();
  } catch {
    return os.tmpdir();
  }
}

const roomInMemoryBytes = 2_000_000_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/**
 * @param {Check} check
 * @param {"pipe" | "inherit"} stdio
 * @returns {Promise<{ code: number, output: string }>}
 */
function runNode({ name, args, limitSeconds, env }, stdio) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", stdio, stdio],
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      console.log(`${name} took more than ${limitSeconds} s and was stopped.`);
      child.kill("SIGTERM");
      setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
    }, limitSeconds * 1_000);
    child.once("close", (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
    child.once("error", (error) => resolve({ code: 1, output: error.message }));
  });
}
