// What a whole run leaves in docs/performance: the tables, the chart, and every figure.
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const folder = path.join(import.meta.dirname, "..", "..", "docs", "performance");

/** Day, machine and versions, in one line. */
export function settingOf(/** @type {import("../rounds.mjs").Plan} */ { rounds, connections, grants }) {
  const { length: cores } = os.cpus();
  const model = os.cpus()[0]?.model.replaceAll(/\s+/g, " ") ?? "unknown processor";
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${cores} cores (${model}), ${process.platform} ${process.arch}, Node ${process.versions.node}`;
  const load = `${connections} connections, ${rounds} rounds, far: ${grants.toLocaleString("en")} grants`;
  return `${day} · ${machine} · ${load}`;
}

/** @param {Readonly<Record<string, string>>} texts by file name */
export function writeReport(texts) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(texts)) writeFileSync(path.join(folder, name), text);
}
