// Servers in turns: each round starts every one afresh, in another order, and ratios are taken within the round, so that
// a machine that slows down slows all of them.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { kinds } from "./kinds.mjs";
import { startCanary } from "./load/canary.mjs";
import { Connection, Jar } from "./load/connection.mjs";
import { residentMebibytes } from "./load/process.mjs";
import { findFreePort, serverCore, startPeer } from "./load/running.mjs";
import { measure } from "./measure.mjs";
import { whatItRefuses } from "./refusals.mjs";

const users = 64;

/**
 * @typedef {object} Plan
 * @property {readonly (readonly [name: string, open: import("./types.ts").OpenPeer])[]} peers
 * @property {readonly import("./types.ts").KindName[]} kinds
 * @property {number} rounds
 * @property {number} connections
 * @property {number} pace
 * @property {number} grants in the store where old ones are refreshed
 * @property {boolean} withRefusals
 * @property {readonly string[]} nodeArgs
 */

/**
 * @typedef {object} Results
 * @property {import("./types.ts").Figures[]} figures
 * @property {import("./types.ts").StartFigures[]} starts
 * @property {Record<string, { label: string, storage: string, version: string }>} versions by the peer's name
 */

/**
 * @param {Plan} plan
 * @param {(line: string) => void} say
 * @returns {Promise<Results>}
 */
export async function runRounds(plan, say) {
  const shared = makeFolder();
  const canary = await startCanary(serverCore);
  /** @type {Results} */
  const results = { figures: [], starts: [], versions: {} };
  try {
    for (let round = 0; round < plan.rounds; round++) {
      for (const [name, open] of inTurn(plan.peers, round)) {
        say(`round ${round + 1} of ${plan.rounds}: ${name}`);
        for (const needsGrants of [false, true]) {
          await runPeer({ plan, round, open, shared, canary, results, needsGrants });
        }
      }
    }
  } finally {
    canary.stop();
    rmSync(shared, { recursive: true, force: true });
  }
  return results;
}

/**
 * @param {object} turn
 * @param {Plan} turn.plan
 * @param {number} turn.round
 * @param {import("./types.ts").OpenPeer} turn.open
 * @param {string} turn.shared
 * @param {Awaited<ReturnType<typeof startCanary>>} turn.canary
 * @param {Results} turn.results
 * @param {boolean} turn.needsGrants
 */
async function runPeer({ plan, round, open, shared, canary, results, needsGrants }) {
  const wanted = plan.kinds.filter((kind) => (kinds[kind].needsGrants ?? false) === needsGrants);
  if (wanted.length === 0) return;
  const folder = makeFolder();
  const port = await findFreePort();
  const peer = await open({ folder, shared, port, grants: needsGrants ? plan.grants : 0 });
  const measured = wanted.filter((kind) => peer.kinds.includes(kind));
  if (measured.length === 0) return;
  results.versions[peer.name] ??= { label: peer.label, storage: peer.storage, version: peer.version };
  const { pid, startMilliseconds, stop } = await startPeer(peer, port, plan.nodeArgs);
  try {
    const idleMebibytes = residentMebibytes(pid);
    const sessions = needsGrants ? [] : await signInAll(peer, port);
    const isFirst = plan.withRefusals && round === 0 && !needsGrants && peer.kinds.includes("code");
    const refused = isFirst ? await whatItRefuses(peer, port, users) : undefined;
    const stage = { peer, sessions, farRefreshTokens: needsGrants ? peer.farRefreshTokens?.() : undefined };
    for (const kindName of measured) {
      const { connections, pace } = plan;
      const figures = await measure({ stage, kindName, pid, port, folder, connections, pace, canary });
      results.figures.push({ peer: peer.name, round, ...figures });
    }
    if (needsGrants) return;
    const endMebibytes = residentMebibytes(pid);
    const start = { peer: peer.name, round, startMilliseconds, idleMebibytes, endMebibytes };
    results.starts.push({ ...start, ...(refused && { refused }) });
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function signInAll(/** @type {import("./types.ts").Peer} */ peer, /** @type {number} */ port) {
  const connection = new Connection(port);
  const sessions = [];
  for (let user = 0; user < users; user++) sessions.push(await peer.signIn({ connection, jar: new Jar(), user }));
  connection.close();
  return sessions;
}

/** Whoever came first comes last in the next round. */
const inTurn = (/** @type {Plan["peers"]} */ peers, /** @type {number} */ round) =>
  round % 2 === 0 ? peers : peers.toReversed();

/** On a real disk: where writing costs nothing, durable would look like forgetful. */
function makeFolder() {
  const parent = process.env["BENCH_FOLDER"] ?? path.join(import.meta.dirname, ".data");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(path.join(parent, "run-"));
}
