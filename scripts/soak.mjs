// `npm run soak`: models, fuzz and kills for as long as it takes; writes what it did to docs/soak.md.
// `npm run soak -- --scale 0.1` does a tenth of it.
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { inTemporaryFolder, passes, runSuite, types, vitest, vitestSums } from "./checks.mjs";
import { ensure, orSentence, root } from "./ensure.mjs";

const limitSeconds = 7_200;

await orSentence(async () => {
  const { values } = parseArgs({ options: { scale: { type: "string", default: "1" } } });
  const scale = Number(values.scale);
  if (!(scale > 0)) throw new Error("--scale wants a number above 0, such as 0.1.");
  await ensure({ build: false });
  await inTemporaryFolder(async (folder) => {
    for (const check of types) if (!(await passes(check))) return fail();
    /** @type {Report | undefined} */
    let report;
    const sums = await runSuite(
      (file) => ({ ...vitest(file, "--no-file-parallelism"), limitSeconds, env: { CODEGRANT_SOAK: String(scale) } }),
      (/** @type {Report} */ read) => vitestSums((report = read)),
      folder,
    );
    if (report !== undefined) writeFileSync(path.join(root, "docs", "soak.md"), pageOf(report, scale));
    console.log(`${sums.passed} passed, ${sums.failed} failed; docs/soak.md says what was done`);
    if (sums.failed > 0) fail();
  });
});

function fail() {
  process.exitCode = 1;
}

/**
 * @typedef {{ fullName: string, status: string, duration?: number, meta: { soak?: Record<string, number> } }} Result
 * @typedef {Parameters<typeof vitestSums>[0]} Report
 */

/** The page, from the report of the run. */
function pageOf(/** @type {Report} */ { testResults }, /** @type {number} */ scale) {
  const rows = testResults.flatMap(({ assertionResults }) => /** @type {Result[]} */ (assertionResults).map(rowOf));
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${os.cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
  const { version } = JSON.parse(readFileSync(path.join(root, "packages", "server", "package.json"), "utf8"));
  return `# The last soak

What \`npm run soak\` did when it was last run: the model of a grant's life, the promises of refresh, arbitrary requests and kills, for longer than \`npm test\` can. A seed repeats a run: \`CODEGRANT_SEED=… npm run soak\`.

${day} · version ${version} · ${machine} · scale ${scale}

| what | counts | seed | seconds | result |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

function rowOf(/** @type {Result} */ { fullName, status, duration = 0, meta }) {
  const { seed, ...counts } = meta.soak ?? {};
  const said = Object.entries(counts).map(([name, count]) => `${count.toLocaleString("en")} ${wordsOf(name)}`);
  return `| ${fullName} | ${said.join(", ")} | ${seed ?? "–"} | ${Math.round(duration / 1_000)} | ${status} |`;
}

function wordsOf(/** @type {string} */ name) {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
