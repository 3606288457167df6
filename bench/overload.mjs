// `npm run bench -- --overload`: ten times what the server carries, and what becomes of those whom it takes.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeFlow } from "./kinds.mjs";
import { Connection, Jar } from "./load/connection.mjs";
import { findFreePort, startPeer } from "./load/running.mjs";
import { codegrant } from "./peers/codegrant.mjs";
import { formOf } from "./peers/requests.mjs";
import { spreadOf } from "./report/summary.mjs";

const users = 16;
const seconds = 6;
const usualConnections = 16;
/** The server takes a thousand requests at once; ten times that stand before it. */
const manyConnections = 10_000;
const signInConnections = 32;

/** Returns the table as Markdown. */
export async function overload(/** @type {(line: string) => void} */ say) {
  const parent = process.env["BENCH_FOLDER"] ?? path.join(import.meta.dirname, ".data");
  mkdirSync(parent, { recursive: true });
  const [folder, shared] = [mkdtempSync(path.join(parent, "run-")), mkdtempSync(path.join(parent, "run-"))];
  const port = await findFreePort();
  const peer = await codegrant({ folder, shared, port, grants: 0 });
  const { stop } = await startPeer(peer, port);
  try {
    const sessions = await signIn(peer, port);
    const stage = { peer, sessions };
    const flows = async (/** @type {Connection} */ connection) => void (await codeFlow(stage, connection));
    say("as usual");
    const before = await drive(flows, usualConnections, port);
    say("ten times as many as it takes");
    const during = await drive(flows, manyConnections, port);
    say("afterwards");
    const after = await drive(flows, usualConnections, port);
    say("beside sign-ins that wait for argon2");
    const [besideSignIns] = await Promise.all([
      drive(flows, usualConnections, port),
      drive((connection) => typeWrongPassword(peer, connection), signInConnections, port),
    ]);
    return tableOf({
      "as usual": before,
      "ten times too many": during,
      afterwards: after,
      "beside sign-ins": besideSignIns,
    });
  } finally {
    await stop();
    for (const each of [folder, shared]) rmSync(each, { recursive: true, force: true });
  }
}

async function signIn(/** @type {import("./types.ts").Peer} */ peer, /** @type {number} */ port) {
  const connection = new Connection(port);
  const sessions = [];
  for (let user = 0; user < users; user++) sessions.push(await peer.signIn({ connection, jar: new Jar(), user }));
  connection.close();
  return sessions;
}

/** @typedef {{ done: number[], refused: number, withoutRetryAfter: number, failed: number, firstError: string }} Tally */

/**
 * As fast as so many connections can. One that is refused waits a while, as `Retry-After` asks, though less long.
 * @param {(connection: Connection) => Promise<void>} operation
 * @param {number} count
 * @param {number} port
 */
async function drive(operation, count, port) {
  /** @type {Tally} */
  const tally = { done: [], refused: 0, withoutRetryAfter: 0, failed: 0, firstError: "" };
  const endsAt = performance.now() + seconds * 1_000;
  const work = async (/** @type {number} */ number) => {
    const connection = new Connection(port);
    await sleep((number / count) * 1_000);
    while (performance.now() < endsAt) {
      const startedAt = performance.now();
      try {
        await operation(connection);
        tally.done.push(performance.now() - startedAt);
      } catch (error) {
        note(tally, String(error));
        await sleep(200);
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: count }, (_, number) => work(number)));
  return tally;
}

function note(/** @type {Tally} */ tally, /** @type {string} */ error) {
  if (/: 503 /.test(error)) tally.refused += 1;
  else {
    tally.failed += 1;
    tally.firstError ||= error;
  }
}

/** Costs the server an argon2, and is refused. */
async function typeWrongPassword(/** @type {import("./types.ts").Peer} */ peer, /** @type {Connection} */ connection) {
  const jar = new Jar();
  const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  const { path: address } = peer.authorize({ session: {}, state: "signing-in", challenge });
  const page = await connection.request({ path: address });
  jar.take(page);
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? "";
  const headers = { "content-type": "application/x-www-form-urlencoded", cookie: jar.header() };
  const body = formOf({ csrf, login: `stranger-${Math.random()}`, password: "not the right one" });
  await connection.request({ method: "POST", path: address, headers, body });
}

function tableOf(/** @type {Record<string, Tally>} */ tallies) {
  const lines = Object.entries(tallies).map(([name, { done, refused, failed, firstError }]) => {
    const sorted = done.toSorted((one, other) => one - other);
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
    const errors = failed === 0 ? "0" : `${failed} (${firstError.slice(0, 80)})`;
    const cells = [name, Math.round(done.length / seconds), spreadOf(done).median.toFixed(1), p99.toFixed(1), refused];
    return `| ${cells.join(" | ")} | ${errors} |`;
  });
  const head = "| load | flows a second | p50 ms | p99 ms | refused with 503 | other errors |";
  return `${[head, "| --- | --- | --- | --- | --- | --- |", ...lines].join("\n")}\n`;
}
