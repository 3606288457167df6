// How much the machine itself inflates CPU time. A virtual core can be taken away without the guest being told, and
// the lost time is charged to whoever ran. The canary does the same piece of arithmetic every 16 ms on the server's
// core and reads what it was charged: charged over best is the slowdown, 1 on a quiet machine.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pin } from "./process.mjs";

const file = fileURLToPath(import.meta.url);
const additions = 80_000; // about 0.4 ms

if (process.argv[1] === file) sing();

function sing() {
  let best = Infinity;
  let charged = 0;
  let beats = 0;
  let kept = 0;
  const beat = () => {
    const before = process.cpuUsage();
    for (let i = 0; i < additions; i++) kept = (kept * 1_103_515_245 + i) | 0;
    const { user, system } = process.cpuUsage(before);
    charged += user + system;
    best = Math.min(best, user + system);
    beats += 1;
  };
  for (let i = 0; i < 200; i++) beat();
  setInterval(beat, 16);
  process.on("message", () => process.send?.({ best, charged, beats, kept }));
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}

/** @typedef {{ best: number, charged: number, beats: number }} Reading */

export async function startCanary(/** @type {number | undefined} */ core) {
  const child = fork(file, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  await new Promise((resolve) => child.once("message", resolve));
  if (core !== undefined && child.pid !== undefined) pin(child.pid, core);
  return {
    /** @returns {Promise<Reading>} */
    read: () =>
      new Promise((resolve) => {
        child.once("message", (reading) => resolve(/** @type {Reading} */ (reading)));
        child.send("read");
      }),
    stop: () => child.disconnect(),
  };
}

export function slowdownBetween(/** @type {Reading} */ from, /** @type {Reading} */ to) {
  return (to.charged - from.charged) / (to.beats - from.beats) / to.best;
}
