import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const source = (path: string): string => new URL(`./packages/${path}`, import.meta.url).pathname;

/** Set by `npm run soak`, which runs what takes minutes and not the tests. */
const isSoak = process.env["CODEGRANT_SOAK"] !== undefined;
const limit = isSoak ? 3_600_000 : 20_000;

export default defineConfig({
  // Not in node_modules, so that a test run changes nothing there.
  cacheDir: ".cache/vite",
  resolve: {
    // Tests run the sources, so that no test ever passes on a stale build.
    alias: {
      "@codegrant/protocol": source("protocol/src/index.ts"),
      "@codegrant/client/core": source("client/src/core/index.ts"),
      "@codegrant/client/contract": source("client/src/contract/index.ts"),
      "@codegrant/client/node": source("client/src/node/index.ts"),
      "@codegrant/client/connect": source("client/src/connect/index.ts"),
      "@codegrant/client/jose": source("client/src/jose/index.ts"),
      "@codegrant/client/twurple": source("client/src/twurple/index.ts"),
      "@codegrant/client": source("client/src/index.ts"),
      "@codegrant/server/contract": source("server/src/contract/index.ts"),
      "@codegrant/server": source("server/src/index.ts"),
      "@codegrant/sqlite/server": source("sqlite/src/server/index.ts"),
      "@codegrant/sqlite/client": source("sqlite/src/client/index.ts"),
      "@codegrant/testing": source("testing/src/index.ts"),
      codegrant: source("codegrant/src/index.ts"),
    },
  },
  test: {
    include: isSoak
      ? ["packages/*/test/**/*.soak.ts"]
      : ["packages/*/test/**/*.test.{ts,tsx}", "examples/*/test/**/*.test.ts", "test/**/*.test.ts"],
    // Files share a process: nothing here patches a global, and a third of the time is enough.
    pool: "forks",
    // One more than cores: files that start commands wait most of their time.
    maxWorkers: availableParallelism() + 1,
    isolate: false,
    testTimeout: limit,
    hookTimeout: limit,
  },
});
