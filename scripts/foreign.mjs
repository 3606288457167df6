// The clients that nobody here wrote, against our server: the last part of `npm test`.
// `node scripts/foreign.mjs` runs it alone, `node scripts/foreign.mjs twurple` only that peer.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inTemporaryFolder, passes, runSuite, tool, vitest, vitestSums } from "./checks.mjs";
import { ensure, ensurePackagesOf, NotReady, orSentence, root } from "./ensure.mjs";

const home = path.join("e2e", "foreign");

/** Apart from the other tests' types, since it needs the peers. */
const types = {
  name: "types of the foreign peers' tests",
  args: [tool("typescript", "bin", "tsc"), "-p", home],
  limitSeconds: 120,
};

/**
 * Installs the peers if need be and runs their tests. Peers that cannot be installed count as one failure.
 * @param {string} folder for the report
 * @param {{ files?: string[], beside?: boolean }} options parts of the names of those to run, none for all; `beside`
 *   another suite
 * @returns {Promise<import("./checks.mjs").Sums>}
 */
export async function runForeign(folder, { files = [], beside = false } = {}) {
  try {
    for (const one of [home, path.join("examples", "bot")]) await ensurePackagesOf(path.join(root, one));
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    console.error(`The foreign peers could not be tried. ${error.message}`);
    return { passed: 0, failed: 1 };
  }
  const typesPass = await passes(types);
  const config = `--config=${path.join(home, "vitest.config.ts")}`;
  const { passed, failed } = await runSuite((file) => vitest(file, config, ...files), vitestSums, folder, { beside });
  return { passed, failed: failed + (typesPass ? 0 : 1) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await orSentence(async () => {
    await ensure();
    await inTemporaryFolder(async (folder) => {
      const { passed, failed } = await runForeign(folder, { files: process.argv.slice(2) });
      console.log(`${passed} passed, ${failed} failed`);
      process.exitCode = failed === 0 ? 0 : 1;
    });
  });
}
