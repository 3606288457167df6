// `npm run bench -- --client`: libraries for applications side by side. Each is measured in a process of its own.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { spreadOf } from "../report/summary.mjs";
import { libraries } from "./libraries.mjs";

const file = fileURLToPath(import.meta.url);
const rounds = 3;
/** Counted and not timed, since a slow machine would measure the compiler. */
const warmFlows = 15_000;
const measuredFlows = 15_000;

if (process.argv[1] === file) console.log(await measure(process.argv[2] ?? ""));

/** CPU microseconds of one flow. */
async function measure(/** @type {string} */ name) {
  const flow = await libraries[name]?.();
  if (flow === undefined) throw new Error(`There is no library ${name}.`);
  for (let i = 0; i < warmFlows; i++) await flow();
  const before = process.cpuUsage();
  for (let i = 0; i < measuredFlows; i++) await flow();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / measuredFlows;
}

/** Returns the table as Markdown. */
export function compareClients(/** @type {(line: string) => void} */ say) {
  /** @type {Record<string, { cpu: number[], load: number[] }>} */
  const figures = Object.fromEntries(Object.keys(libraries).map((name) => [name, { cpu: [], load: [] }]));
  for (let round = 0; round < rounds; round++) {
    say(`clients, round ${round + 1} of ${rounds}`);
    for (const [name, { cpu, load }] of Object.entries(figures)) {
      cpu.push(Number(execFileSync(process.execPath, [file, name], { encoding: "utf8" })));
      const empty = cpuOfStart("");
      load.push(cpuOfStart(`await import(${JSON.stringify(entryOf(name))})`) - empty);
    }
  }
  const lines = Object.entries(figures).map(([name, { cpu, load }]) => {
    const { bytes, files } = sizeOf(name);
    const [perFlow, perLoad] = [spreadOf(cpu), spreadOf(load)].map(
      ({ median, least, most }) => `${median.toFixed(1)} (${least.toFixed(1)}–${most.toFixed(1)})`,
    );
    return `| ${name} | ${perFlow} | ${perLoad} | ${Math.round(bytes / 1024)} | ${files} |`;
  });
  const head = "| library | CPU µs a flow | load, CPU ms over an empty Node | KiB installed | files |";
  return `${[head, "| --- | --- | --- | --- | --- |", ...lines].join("\n")}\n`;
}

/** CPU milliseconds of a Node that runs this and ends. */
function cpuOfStart(/** @type {string} */ code) {
  const told = `${code}; const { user, system } = process.cpuUsage(); process.stdout.write(String((user + system) / 1000))`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", told], { encoding: "utf8" }));
}

const packages = path.join(import.meta.dirname, "..", "..", "packages");
const installed = path.join(import.meta.dirname, "..", "node_modules");

function entryOf(/** @type {string} */ name) {
  if (name === "@codegrant/client") return path.join(packages, "client", "dist", "index.js");
  const folder = path.join(installed, name);
  const { exports = {}, main } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const root = exports["."] ?? exports;
  return path.join(
    folder,
    typeof root === "string" ? root : (root.import?.default ?? root.import ?? root.default ?? main),
  );
}

/** With all that it depends on; of ours, what `npm pack` would take. */
function sizeOf(/** @type {string} */ name) {
  const folders =
    name === "@codegrant/client"
      ? ["client", "protocol"].map((own) => path.join(packages, own, "dist"))
      : dependenciesOf(name).map((own) => path.join(installed, own));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== ".tsbuildinfo")
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  return { bytes: files.reduce((sum, each) => sum + statSync(each).size, 0), files: files.length };
}

/** @returns {string[]} */
function dependenciesOf(/** @type {string} */ name, /** @type {Set<string>} */ seen = new Set()) {
  if (seen.has(name)) return [];
  seen.add(name);
  const { dependencies = {} } = JSON.parse(readFileSync(path.join(installed, name, "package.json"), "utf8"));
  return [name, ...Object.keys(dependencies).flatMap((each) => dependenciesOf(each, seen))];
}
