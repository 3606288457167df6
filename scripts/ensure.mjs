// Makes a clone ready: the right Node, the packages of the lock, the build. Uses nothing but Node, since it runs first.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
const at = (/** @type {string[]} */ ...parts) => path.join(root, ...parts);

const buildStamp = at(".cache", "built");
const lockFile = at(".cache", "ensure.lock");
const lockWaitSeconds = 300;

/** What cannot be put right from here; its message is for the person at the terminal. */
export class NotReady extends Error {}

/**
 * Installs and builds whatever is missing or stale, and nothing otherwise (a few milliseconds).
 * Two commands started at once in a fresh clone wait for each other. Throws `NotReady` with a sentence.
 * @param {{ build?: boolean }} [options] `build: false` leaves the build to the caller
 */
export async function ensure({ build: buildToo = true } = {}) {
  const problem = nodeProblem(process.versions.node);
  if (problem) throw new NotReady(problem);
  const isReady = () => packagesAreReady(root) && (!buildToo || buildIsReady());
  if (isReady()) return;
  await withLock(() => {
    if (!packagesAreReady(root)) install(root);
    if (buildToo && !buildIsReady()) build();
  });
}

/**
 * Installs the packages of a folder that has a lock of its own and is no workspace, if they are missing or stale.
 * Throws `NotReady` with a sentence.
 */
export async function ensurePackagesOf(/** @type {string} */ folder) {
  if (packagesAreReady(folder)) return;
  await withLock(() => {
    if (!packagesAreReady(folder)) install(folder);
  });
}

/** Runs a command's main function; a `NotReady` is printed as its sentence alone. */
export async function orSentence(/** @type {() => Promise<unknown>} */ main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/**
 * The sentence for a Node outside `engines`: ^20.19.0 || ^22.13.0 || >=24.0.0.
 * @param {string} version such as `20.19.0`
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24;
  if (fits) return undefined;
  return `This is Node ${version}. Codegrant needs Node 24 or newer, or 22.13 or 20.19 and later in their lines. Get it from https://nodejs.org and run the command again.`;
}

// --- packages

const stampOf = (/** @type {string} */ folder) => path.join(folder, "node_modules", ".ensure-stamp");

function lockHash(/** @type {string} */ folder) {
  // Binaries differ by platform, so a folder shared with a container must not pass for installed there.
  return createHash("sha256")
    .update(readFileSync(path.join(folder, "package-lock.json")))
    .update(`${process.platform}-${process.arch}`)
    .digest("hex");
}

function packagesAreReady(/** @type {string} */ folder) {
  return existsSync(stampOf(folder)) && readFileSync(stampOf(folder), "utf8") === lockHash(folder);
}

function install(/** @type {string} */ folder) {
  if (!installedByHand(folder)) {
    progress("Installing the packages (once; it takes some seconds)…");
    const { command, args } = npmCommand();
    // Someone's settings may leave out what the build needs.
    const options = ["ci", "--include=dev", "--no-audit", "--no-fund"];
    run(
      command,
      [...args, ...options, ...cacheOptions(process.env["npm_config_cache"])],
      "Installing the packages failed.",
      folder,
    );
  }
  attempt("The packages are installed, but", () => writeFileSync(stampOf(folder), lockHash(folder)));
}

/**
 * npm's cache is in the user's home. One who has none to write to (in a container, as a service) gets a cache here.
 * @param {string} [cache] where npm would have it
 */
export function cacheOptions(cache = path.join(homedir(), ".npm")) {
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return [];
  } catch {
    return ["--cache", at(".cache", "npm")];
  }
}

/** Whether `npm ci` or `npm install` already brought what the lock says, so that it need not come twice. */
function installedByHand(/** @type {string} */ folder) {
  const hidden = path.join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const installed = packagesOf(hidden);
  const isComplete = Object.entries(packagesOf(path.join(folder, "package-lock.json"))).every(
    ([name, { version, optional, peer } = {}]) =>
      name === "" || (installed[name] ? installed[name].version === version : optional === true || peer === true),
  );
  const isOurs = ({ os, cpu } = /** @type {LockedPackage} */ ({})) =>
    (os ?? [process.platform]).includes(process.platform) && (cpu ?? [process.arch]).includes(process.arch);
  return isComplete && Object.values(installed).every(isOurs);
}

/** @typedef {{ version?: string, optional?: boolean, peer?: boolean, os?: string[], cpu?: string[] }} LockedPackage */

/** @returns {Record<string, LockedPackage | undefined>} */
const packagesOf = (/** @type {string} */ lock) => JSON.parse(readFileSync(lock, "utf8")).packages;

function npmCommand() {
  const npm = process.env["npm_execpath"];
  // Another package manager also sets this, and `ci` means something else to it.
  if (npm && /npm-cli\.[cm]?js$/.test(npm)) return { command: process.execPath, args: [npm] };
  return { command: "npm", args: [] };
}

// --- build

/** The projects of the root tsconfig, as paths. */
function projects() {
  const { references } = JSON.parse(readFileSync(at("tsconfig.json"), "utf8"));
  return /** @type {{ path: string }[]} */ (references).map((reference) => reference.path);
}

function buildIsReady() {
  if (!existsSync(buildStamp)) return false;
  const builtAt = statSync(buildStamp).mtimeMs;
  const isNewer = (/** @type {string} */ file) => existsSync(file) && statSync(file).mtimeMs > builtAt;
  if (["tsconfig.json", "tsconfig.base.json", "package-lock.json"].some((file) => isNewer(at(file)))) return false;
  return projects().every((project) => {
    if (!existsSync(at(project, "dist", ".tsbuildinfo"))) return false;
    const configs = ["tsconfig.json", "package.json"].map((file) => at(project, file));
    return !configs.some(isNewer) && !anyWithin(at(project, "src"), isNewer);
  });
}

/** Folders count too: their time tells of a file that was removed. */
function anyWithin(/** @type {string} */ folder, /** @type {(file: string) => boolean} */ test) {
  if (!existsSync(folder)) return false;
  return test(folder) || readdirSync(folder, { recursive: true }).some((name) => test(path.join(folder, String(name))));
}

function build() {
  progress("Building…");
  // A source saved while the compiler runs must count as newer, so the stamp bears the time of the start.
  const startedAt = new Date();
  run(process.execPath, [at("node_modules", "typescript", "bin", "tsc"), "-b"], "The build failed.");
  attempt("The build is done, but", () => {
    writeFileSync(buildStamp, "");
    utimesSync(buildStamp, startedAt, startedAt);
  });
}

// --- running, waiting, saying

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} failed the first words of the sentence if it fails
 * @param {string} [cwd]
 */
function run(command, args, failed, cwd = root) {
  const shell = process.platform === "win32" && command === "npm"; // npm is a .cmd file there
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", shell });
  if (status === 0) return;
  const output = `${stdout ?? ""}${stderr ?? ""}`.trim().split("\n").slice(-25).join("\n");
  throw new NotReady([output, `${failed} ${advice(`${output} ${error?.message ?? ""}`)}`].join("\n").trim());
}

function attempt(/** @type {string} */ failed, /** @type {() => void} */ write) {
  try {
    write();
  } catch (error) {
    throw new NotReady(`${failed} ${advice(String(error))}`);
  }
}

/** What to do about it, by the first cause that the output names. */
export function advice(/** @type {string} */ output) {
  const found = causes.find(([pattern]) => pattern.test(output));
  return found ? found[1] : "The lines above say why; mend that and run the command again.";
}

/** @type {readonly (readonly [RegExp, string])[]} */
const causes = [
  [
    /EACCES|EPERM|EROFS|TS5033/,
    `This folder cannot be written to: ${root}\nGive yourself the right to, and run the command again.`,
  ],
  [/EBUSY|ENOTEMPTY|ETXTBSY/, "Another program is using files in node_modules. Close it and run the command again."],
  [/ENOSPC|EDQUOT/, "The disk is full. Make room and run the command again."],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/,
    "The npm registry does not answer. Check the connection and run the command again.",
  ],
  [/spawn(Sync)? npm ENOENT/, "npm was not found. It comes with Node: https://nodejs.org"],
];

/** Holds a file with our process id while `work` runs; a file whose process is gone counts for nothing. */
async function withLock(/** @type {() => void} */ work) {
  const deadline = Date.now() + lockWaitSeconds * 1000;
  attempt("The work could not start.", () => mkdirSync(path.dirname(lockFile), { recursive: true }));
  for (let waited = false; !takeLock(); waited = true) {
    if (!waited) progress("Another command is installing or building here; waiting for it…");
    if (Date.now() > deadline) {
      throw new NotReady(
        `Another command has been installing or building here for too long. If none runs, remove ${lockFile} and try again.`,
      );
    }
    await sleep(200);
  }
  try {
    work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function takeLock() {
  try {
    const file = openSync(lockFile, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw new NotReady(advice(String(error)));
    if (ownerIsGone()) rmSync(lockFile, { force: true });
    return false;
  }
}

function ownerIsGone() {
  try {
    const text = readFileSync(lockFile, "utf8");
    if (text === "") return false; // just being written
    process.kill(Number(text), 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH";
  }
}

/** A short line for a person; nothing in a pipe. */
export function progress(/** @type {string} */ line) {
  if (process.stderr.isTTY) console.error(line);
}
