// `npm run bench`: see README.md.
import { parseArgs } from "node:util";
import { kinds } from "./kinds.mjs";
import { peers } from "./peers/index.mjs";
import { summarize } from "./report/summary.mjs";
import { tableOf } from "./report/table.mjs";
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
    write: { type: "boolean", default: false },
  },
});

const chosen = (/** @type {string} */ list, /** @type {object} */ known) => {
  for (const name of list.split(","))
    if (!(name in known)) throw new Error(`There is no ${name}; there are ${Object.keys(known).join(", ")}.`);
  return list.split(",");
};
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
const results = await runRounds(plan, (line) => process.stderr.write(`${line}\n`));
const page = tableOf(summarize(results));
process.stdout.write(page);
