import { defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** What takes minutes: `npm run soak`. */
export default defineConfig({ ...config, test: { ...config.test, include: ["packages/*/test/**/*.soak.ts"] } });
