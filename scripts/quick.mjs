// `npm run quick`: what one runs before a commit, in under 20 seconds. Tests in *.slow.test.ts wait for `npm test`.
import { format, inTemporaryFolder, lint, passes, runSuite, types, vitest, vitestSums } from "./checks.mjs";
import { ensure, orSentence } from "./ensure.mjs";

await orSentence(async () => {
  await ensure({ build: false });
  await inTemporaryFolder(async (folder) => {
    let failed = 0;
    for (const check of types) failed += (await passes(check)) ? 0 : 1;
    const others = Promise.all([lint, format].map(passes));
    // Nothing here waits, and each worker more would load every module once more.
    const options = ["--exclude=**/*.slow.test.*", "--maxWorkers=100%"];
    const tests = await runSuite((file) => vitest(file, ...options), vitestSums, folder);
    failed += (await others).filter((passed) => !passed).length + tests.failed;
    console.log(`${tests.passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  });
});
