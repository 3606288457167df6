// `npm test`: everything. The last line is the sum of all; a check that fails counts as one.
import {
  formatAndImports,
  inTemporaryFolder,
  lint,
  passes,
  playwright,
  playwrightSums,
  runSuite,
  types,
  unused,
  vitest,
  vitestSums,
} from "./checks.mjs";
import { ensure, orSentence } from "./ensure.mjs";
import { runForeign } from "./foreign.mjs";

await orSentence(async () => {
  await ensure({ build: false });
  await inTemporaryFolder(async (folder) => {
    let failed = 0;
    let passed = 0;
    for (const check of [...types, lint, formatAndImports, unused]) failed += (await passes(check)) ? 0 : 1;
    // The foreign peers wait for much of their time, and the browsers do not.
    const suites = [
      await runSuite(vitest, vitestSums, folder),
      ...(await Promise.all([runSuite(playwright, playwrightSums, folder), runForeign(folder, { beside: true })])),
    ];
    for (const sums of suites) {
      passed += sums.passed;
      failed += sums.failed;
    }
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  });
});
