// One kind of operation at one running server.
import { setTimeout as sleep } from "node:timers/promises";
import { kinds } from "./kinds.mjs";
import { slowdownBetween } from "./load/canary.mjs";
import { Connection } from "./load/connection.mjs";
import { cpuSeconds, deviceBytes, writtenBytes } from "./load/process.mjs";

const maximumErrors = 1_000;

/**
 * @param {object} what
 * @param {import("./kinds.mjs").Stage} what.stage
 * @param {import("./types.ts").KindName} what.kindName
 * @param {number} what.pid
 * @param {number} what.port
 * @param {string} what.folder of the server's files
 * @param {number} what.connections each with one request in flight
 * @param {number} what.pace 1 for the usual seconds, less for a quick look
 * @param {{ read(): Promise<import("./load/canary.mjs").Reading> }} what.canary
 * @returns {Promise<Omit<import("./types.ts").Figures, "peer" | "round">>}
 */
export async function measure({ stage, kindName, pid, port, folder, connections: count, pace, canary }) {
  const kind = kinds[kindName];
  const connections = Array.from({ length: count }, () => new Connection(port));
  const operations = await Promise.all(connections.map((connection) => kind.prepare(stage, connection)));
  const tally = {
    warm: 0,
    isMeasured: false,
    isOver: false,
    errors: 0,
    firstError: "",
    milliseconds: /** @type {number[]} */ ([]),
  };
  const workers = operations.map((operation) => repeat(operation, tally));
  await warmUp(tally, kind.warmSeconds * pace, pace);
  const read = async () => ({
    beat: await canary.read(),
    device: deviceBytes(folder),
    process: writtenBytes(pid),
    cpu: cpuSeconds(pid),
    at: performance.now(),
  });
  const before = await read();
  tally.isMeasured = true;
  await sleep(kind.measuredSeconds * pace * 1_000);
  tally.isMeasured = false;
  const after = await read();
  tally.isOver = true;
  await Promise.all(workers);
  for (const connection of connections) connection.close();
  const done = tally.milliseconds.length;
  const sorted = Float64Array.from(tally.milliseconds).toSorted();
  const at = (/** @type {number} */ share) => sorted[Math.min(done - 1, Math.floor(done * share))] ?? Number.NaN;
  return {
    kind: kindName,
    operations: done,
    seconds: (after.at - before.at) / 1_000,
    cpuMicroseconds: ((after.cpu - before.cpu) / done) * 1e6,
    p50Milliseconds: at(0.5),
    p99Milliseconds: at(0.99),
    errors: tally.errors,
    ...(tally.firstError && { firstError: tally.firstError }),
    processBytes: (after.process - before.process) / done,
    deviceBytes: (after.device - before.device) / done,
    slowdown: slowdownBetween(before.beat, after.beat),
  };
}

/** On a slow machine by count: a server that was compiled half costs twice as much, and the leanest is compiled first. */
async function warmUp(
  /** @type {{ warm: number }} */ tally,
  /** @type {number} */ seconds,
  /** @type {number} */ pace,
) {
  await sleep(seconds * 1_000);
  const endsAt = performance.now() + maximumWarmSeconds * pace * 1_000;
  while (tally.warm < warmOperations * pace && performance.now() < endsAt) await sleep(50);
}

const warmOperations = 15_000;
const maximumWarmSeconds = 12;

/**
 * @param {() => Promise<void>} operation
 * @param {{ warm: number, isMeasured: boolean, isOver: boolean, errors: number, firstError: string, milliseconds: number[] }} tally
 */
async function repeat(operation, tally) {
  while (!tally.isOver) {
    const startedAt = performance.now();
    try {
      await operation();
      if (tally.isMeasured) tally.milliseconds.push(performance.now() - startedAt);
      else tally.warm += 1;
    } catch (error) {
      tally.errors += 1;
      tally.firstError ||= error instanceof Error ? error.message : String(error);
      // Never hammers a server that is broken.
      if (tally.errors >= maximumErrors) return;
    }
  }
}
