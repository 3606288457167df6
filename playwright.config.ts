import { defineConfig } from "@playwright/test";
import { findBrowser } from "./e2e/browser.ts";

// Specs start what they need on port 0, so several runs never meet. Screenshots: test-results/screens.
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  outputDir: "test-results/playwright",
  workers: 2,
  timeout: 30_000,
  forbidOnly: true,
  retries: 0,
  reporter: "list",
  use: {
    launchOptions: await findBrowser(),
    // Recording each test for the one that fails would double the time of all.
    screenshot: "only-on-failure",
  },
});
