#!/usr/bin/env node
import { existsSync } from "node:fs";

const build = new URL("../dist/main.js", import.meta.url);
if (existsSync(build)) await import(build.href);
else {
  console.error("codegrant is not built yet. Run `npm start` in this folder first.");
  process.exitCode = 1;
}
