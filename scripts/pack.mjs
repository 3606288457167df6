// `npm run pack`: every package as a file that npm installs (dist/*.tgz), for an application outside this repository.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ensure, orSentence, root } from "./ensure.mjs";

/**
 * Packs all of `packages/` into the folder, without what sources that are gone left in a build.
 * @param {string} folder
 * @returns {string[]} the files
 */
export function packAll(folder) {
  mkdirSync(folder, { recursive: true });
  const packages = readdirSync(path.join(root, "packages")).map((name) => path.join(root, "packages", name));
  for (const at of packages) for (const file of strayFiles(at)) rmSync(file);
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, "--workspaces"];
  const packed = JSON.parse(runNpm(args));
  return packed.map((/** @type {{ filename: string }} */ { filename }) => path.join(folder, filename));
}

/** What a build left for a source that is no longer there. */
function strayFiles(/** @type {string} */ at) {
  const built = path.join(at, "dist");
  if (!existsSync(built)) return [];
  const files = readdirSync(built, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.(?:js|d\.ts)$/.test(file),
  );
  return files.filter((file) => !sourceOf(at, file)).map((file) => path.join(built, file));
}

/** The source that `dist/FILE` of a package is built from. */
export function sourceOf(/** @type {string} */ at, /** @type {string} */ file) {
  const name = path.join(at, "src", file.replace(/\.(?:js|d\.ts)$/, ""));
  return [`${name}.ts`, `${name}.tsx`].find((source) => existsSync(source));
}

/** npm by its own program where it started this one, since `npm` alone is a script that Windows does not run. */
function runNpm(/** @type {string[]} */ args) {
  const npm = process.env["npm_execpath"];
  /** @type {import("node:child_process").ExecFileSyncOptionsWithStringEncoding} */
  const options = { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  const isNpm = npm !== undefined && /npm-cli\.[cm]?js$/.test(npm);
  return isNpm ? execFileSync(process.execPath, [npm, ...args], options) : execFileSync("npm", args, options);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await orSentence(async () => {
    await ensure();
    for (const old of tarballsIn(path.join(root, "dist"))) rmSync(old);
    const files = packAll(path.join(root, "dist"));
    console.log(`Packed. In your application's folder:\n\n  npm install ${path.join(root, "dist")}/*.tgz\n`);
    console.log(files.map((file) => `  ${path.relative(root, file)}`).join("\n"));
  });
}

function tarballsIn(/** @type {string} */ folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  return names.map((name) => path.join(folder, name));
}
