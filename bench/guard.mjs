// `npm run bench -- --guard`, before a release: whether ours has become dearer beside the yardsticks than it was when
// guard.json was accepted, by more than the noise that both runs measured.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { peers } from "./peers/index.mjs";
import { summarize } from "./report/summary.mjs";
import { runRounds } from "./rounds.mjs";

const file = fileURLToPath(new URL("guard.json", import.meta.url));
/** A tenth is within what a shared machine does to anyone. */
const leastNoise = 0.1;

/** @typedef {{ ratio: number, noise: number }} Accepted */

/**
 * Whether it passed. With `accept` the ratios measured become the ones to hold.
 * @param {import("./rounds.mjs").Plan} plan
 * @param {{ accept: boolean }} options
 * @param {(line: string) => void} say
 */
export async function guard(plan, { accept }, say) {
  const chosen = Object.entries(peers).filter(([name]) => ["floor", "codegrant", "bare"].includes(name));
  const { rows } = summarize(await runRounds({ ...plan, peers: chosen, withRefusals: true }, say));
  const ours = rows.filter((row) => row.peer === "codegrant");
  const measured = Object.fromEntries(ours.map((row) => [row.kind, acceptedOf(row)]));
  if (accept) {
    writeFileSync(file, `${JSON.stringify(measured, undefined, 2)}\n`);
    say("bench/guard.json holds these ratios from now on.");
    return true;
  }
  /** @type {Record<string, Accepted>} */
  const known = JSON.parse(readFileSync(file, "utf8"));
  const verdicts = ours.map((row) => ({ row, ...judge(measured[row.kind], known[row.kind]), errors: row.errors }));
  for (const { row, text } of verdicts) say(`${row.kind}: ${text}${row.errors > 0 ? `, ${row.errors} errors` : ""}`);
  return verdicts.every(({ isFine, errors }) => isFine && errors === 0);
}

/** @returns {Accepted} */
function acceptedOf(/** @type {import("./report/summary.mjs").Row} */ { ratio: { median, least, most } }) {
  return { ratio: Number(median.toFixed(3)), noise: Number(((most - least) / 2 / median).toFixed(3)) };
}

function judge(/** @type {Accepted | undefined} */ now, /** @type {Accepted | undefined} */ before) {
  if (now === undefined || before === undefined) return { isFine: true, text: "nothing to compare with" };
  const limit = before.ratio * (1 + Math.max(leastNoise, before.noise, now.noise));
  const isFine = now.ratio <= limit;
  const verdict = isFine ? "fine" : "WORSE";
  return {
    isFine,
    text: `${verdict}: ${now.ratio} × the yardstick, ${before.ratio} before, limit ${limit.toFixed(3)}`,
  };
}
