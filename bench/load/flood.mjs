// More than a server can carry: many connections, each of which asks again at its time unless it still waits.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server's queue of new connections is short. */
const openingSeconds = 3;

/**
 * @param {object} options
 * @param {number} options.port
 * @param {() => string} options.next the text of the next request, whole
 * @param {number} options.perSecond
 * @param {number} options.connections
 * @param {number} options.seconds
 */
export async function flood({ port, next, perSecond, connections, seconds }) {
  const tally = {
    offered: 0,
    accepted: /** @type {number[]} */ ([]),
    /** The same for the first answer of a connection: it holds the wait for the connection too. */
    first: /** @type {number[]} */ ([]),
    refused: 0,
    retryAfter: 0,
    other: 0,
    cut: 0,
  };
  const endsAt = performance.now() + (seconds + openingSeconds) * 1_000;
  const pause = (connections * 1_000) / perSecond;
  const work = async (/** @type {number} */ number) => {
    await sleep((number / connections) * openingSeconds * 1_000);
    let line = openLine(port, tally);
    for (let due = performance.now(); performance.now() < endsAt; due = Math.max(due + pause, performance.now())) {
      if (line.isGone()) line = openLine(port, tally);
      tally.offered += 1;
      if (!line.isWaiting()) line.send(next());
      await sleep(Math.max(1, due + pause - performance.now()));
    }
    line.close();
  };
  await Promise.all(Array.from({ length: connections }, (_, number) => work(number)));
  return tally;
}

/**
 * @param {number} port
 * @param {{ accepted: number[], first: number[], refused: number, retryAfter: number, other: number, cut: number }} tally
 */
function openLine(port, tally) {
  /** @type {number[]} when each that waits was sent */
  const sent = [];
  let isGone = false;
  let isFirst = true;
  const socket = connect({ port, host: "127.0.0.1", noDelay: true }).setEncoding("latin1");
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    tally.cut += sent.length;
    isGone = true;
  });
  socket.on("data", (/** @type {string} */ text) => {
    for (const [, status] of text.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
      const at = sent.shift() ?? Number.NaN;
      if (status === "200") (isFirst ? tally.first : tally.accepted).push(performance.now() - at);
      else if (status === "503") tally.refused += 1;
      else tally.other += 1;
      isFirst = false;
    }
    tally.retryAfter += text.match(/\r\nRetry-After: /gi)?.length ?? 0;
  });
  return {
    send(/** @type {string} */ text) {
      socket.write(text);
      sent.push(performance.now());
    },
    isWaiting: () => sent.length > 0,
    isGone: () => isGone,
    close: () => socket.destroy(),
  };
}
