import { defineConfig } from "vitest/config";
import tests from "../../vitest.config.ts";

// A run of its own, since its peers are installed apart. Start it from the repository's root: `node scripts/foreign.mjs`.
export default defineConfig({
  ...tests,
  root: new URL("../..", import.meta.url).pathname,
  test: { ...tests.test, include: ["e2e/foreign/*.test.ts"] },
});
