// `npm run bench`: see README.md.
import { parseArgs } from "node:util";
import { compareClients } from "./client/run.mjs";
import { guard } from "./guard.mjs";
import { kinds } from "./kinds.mjs";
import { overload } from "./overload.mjs";
import { peers } from "./peers/index.mjs";
import { chartOf } from "./report/chart.mjs";
import { summarize } from "./report/summary.mjs";
import { tableOf } from "./report/table.mjs";
import { settingOf, writeReport } from "./report/write.mjs";
import { runRounds } from "./rounds.mjs";

const { values } = parseArgs({
  options: {
    peers: { type: "string", default: Object.keys(peers).join() },
    kinds: { type: "string", default: Object.keys(kinds).join() },
    rounds: { type: "string", default: "3" },
    connections: { type: "string", default: "16" },
    pace: { type: "string", default: "1" },
    grants: { type: "string", default: "1000000" },
    "node-args": { type: "string", default: "" },
    "print-only": { type: "boolean", default: false },
    guard: { type: "boolean", default: false },
    accept: { type: "boolean", default: false },
    overload: { type: "boolean", default: false },
    client: { type: "boolean", default: false },
  },
});
const say = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);
const plan = {
  peers: Object.entries(peers).filter(([name]) => chosen(values.peers, peers).includes(name)),
  kinds: /** @type {import("./types.ts").KindName[]} */ (chosen(values.kinds, kinds)),
  rounds: Number(values.rounds),
  connections: Number(values.connections),
  pace: Number(values.pace),
  grants: Number(values.grants),
  withRefusals: Number(values.pace) === 1,
  nodeArgs: values["node-args"].split(" ").filter(Boolean),
};

if (values.guard) process.exitCode = (await guard(plan, { accept: values.accept }, say)) ? 0 : 1;
else if (values.client) process.stdout.write(compareClients(say));
else if (values.overload) process.stdout.write(await overload(say));
else await compare();

async function compare() {
  const results = await runRounds(plan, say);
  const summary = summarize(results);
  const table = tableOf(summary);
  process.stdout.write(table);
  const isWhole = plan.peers.length === Object.keys(peers).length && plan.kinds.length === Object.keys(kinds).length;
  if (values["print-only"] || !isWhole) return;
  const labels = Object.fromEntries(Object.entries(results.versions).map(([name, { label }]) => [name, label]));
  writeReport({
    "table.md": `# The last run\n\nWritten by \`npm run bench\`; [what it means](../performance.md).\n\n${settingOf(plan)}\n\n${table}`,
    "chart.svg": chartOf(summary.rows, labels),
    "figures.json": `${JSON.stringify(results)}\n`,
  });
  say("docs/performance/ has the table, the chart and every figure.");
}

function chosen(/** @type {string} */ list, /** @type {object} */ known) {
  const names = list.split(",");
  const unknown = names.find((name) => !(name in known));
  if (unknown !== undefined) throw new Error(`There is no ${unknown}; there are ${Object.keys(known).join(", ")}.`);
  return names;
}
