// `npm run bench -- --overload`: ten times what the server carries, and what becomes of those whom it takes.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeFlow } from "./kinds.mjs";
import { Connection, Jar } from "./load/connection.mjs";
import { flood } from "./load/flood.mjs";
import { findFreePort, startPeer } from "./load/running.mjs";
import { codegrant } from "./peers/codegrant.mjs";
import { formOf } from "./peers/requests.mjs";

const users = 16;
const seconds = 5;
const usualConnections = 16;
const floodConnections = 4_000;
const signInConnections = 32;
/** Old grants whose refreshes are the flood: each is a durable write. */
const grants = 100_000;

/** Returns the table as Markdown. */
export async function overload(/** @type {(line: string) => void} */ say) {
  const parent = process.env["BENCH_FOLDER"] ?? path.join(import.meta.dirname, ".data");
  mkdirSync(parent, { recursive: true });
  const [folder, shared] = [mkdtempSync(path.join(parent, "run-")), mkdtempSync(path.join(parent, "run-"))];
  const port = await findFreePort();
  const peer = await codegrant({ folder, shared, port, grants });
  const { stop } = await startPeer(peer, port);
  try {
    const stage = { peer, sessions: await signIn(peer, port) };
    const requests = [...tokensOf(peer)].map((token) => peer.refresh(token));
    let count = 0;
    const nextRequest = () => requests[count++ % requests.length] ?? { path: "/" };
    const flows = async (/** @type {Connection} */ connection) => void (await codeFlow(stage, connection));
    const refresh = async (/** @type {Connection} */ connection) =>
      void peer.tokens(await connection.request(nextRequest()));
    say("warming up");
    await drive(flows, usualConnections, port);
    say("code flows as usual");
    const before = await drive(flows, usualConnections, port);
    say("refreshes, as many as it carries");
    const most = await drive(refresh, 4 * usualConnections, port);
    const perSecond = 10 * (most.done.length / seconds);
    say("ten times as many");
    const next = () => textOf(nextRequest(), port);
    const during = await flood({ port, next, perSecond, connections: floodConnections, seconds });
    say("code flows afterwards");
    const after = await drive(flows, usualConnections, port);
    say("code flows beside sign-ins that wait for argon2");
    const [beside] = await Promise.all([
      drive(flows, usualConnections, port),
      drive((connection) => typeWrongPassword(peer, connection), signInConnections, port),
    ]);
    return [
      "| load | offered a second | answered a second | p50 ms | p99 ms | refused with 503 | with Retry-After | other |",
      "| --- | --- | --- | --- | --- | --- | --- | --- |",
      lineOf("code flows, 16 connections", before),
      lineOf("refreshes, 64 connections", most),
      floodLine("refreshes, ten times as many", during),
      lineOf("… the first answer of each of 4,000 new connections", { ...quietTally, done: during.first }),
      lineOf("code flows afterwards", after),
      lineOf("code flows beside 32 who type wrong passwords", beside),
      "",
    ].join("\n");
  } finally {
    await stop();
    for (const each of [folder, shared]) rmSync(each, { recursive: true, force: true });
  }
}

function* tokensOf(/** @type {import("./types.ts").Peer} */ peer) {
  const tokens = peer.farRefreshTokens?.();
  for (let next = tokens?.next(); next && !next.done; next = tokens?.next()) yield next.value;
}

/** @param {import("./load/connection.mjs").Request} request */
function textOf({ method = "GET", path: where, headers = {}, body = "" }, /** @type {number} */ port) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${where} HTTP/1.1\r\nHost: localhost:${port}\r\n${lines.join("")}Content-Length: ${body.length}\r\n\r\n${body}`;
}

async function signIn(/** @type {import("./types.ts").Peer} */ peer, /** @type {number} */ port) {
  const connection = new Connection(port);
  const sessions = [];
  for (let user = 0; user < users; user++) sessions.push(await peer.signIn({ connection, jar: new Jar(), user }));
  connection.close();
  return sessions;
}

const quietTally = { refused: 0, failed: 0, firstError: "" };

/** @typedef {{ done: number[], refused: number, failed: number, firstError: string }} Tally */

/**
 * As fast as so many connections can, one request in flight on each.
 * @param {(connection: Connection) => Promise<void>} operation
 * @param {number} count
 * @param {number} port
 */
async function drive(operation, count, port) {
  /** @type {Tally} */
  const tally = { done: [], refused: 0, failed: 0, firstError: "" };
  const endsAt = performance.now() + seconds * 1_000;
  const work = async () => {
    const connection = new Connection(port);
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
  await Promise.all(Array.from({ length: count }, work));
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

function lineOf(/** @type {string} */ name, /** @type {Tally} */ { done, refused, failed, firstError }) {
  const other = failed === 0 ? "0" : `${failed} (${firstError.slice(0, 80)})`;
  return `| ${[name, "", perSecondOf(done.length), at(done, 0.5), at(done, 0.99), refused, "", other].join(" | ")} |`;
}

function floodLine(/** @type {string} */ name, /** @type {Awaited<ReturnType<typeof flood>>} */ tally) {
  const { offered, accepted, refused, retryAfter, other, cut } = tally;
  const cells = [
    name,
    perSecondOf(offered),
    perSecondOf(accepted.length + tally.first.length),
    at(accepted, 0.5),
    at(accepted, 0.99),
  ];
  return `| ${[...cells, refused, retryAfter, `${other}, ${cut} cut at the end`].join(" | ")} |`;
}

const perSecondOf = (/** @type {number} */ count) => Math.round(count / seconds).toLocaleString("en");

function at(/** @type {readonly number[]} */ milliseconds, /** @type {number} */ share) {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1);
}
