// A server in a process of its own.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "./connection.mjs";
import { canPin, pin } from "./process.mjs";

/** The server has the first core and this program the second, where the machine allows it. */
export const isPinned = canPin();
export const serverCore = isPinned ? 0 : undefined;
if (isPinned) pin(process.pid, 1);

const startLimitMilliseconds = 60_000;
const endLimitMilliseconds = 5_000;

/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));

/**
 * Starts it and waits for its first answer.
 * @param {import("../types.ts").Peer} peer
 * @param {number} port
 * @param {readonly string[]} nodeArgs such as `--cpu-prof`
 */
export async function startPeer({ name, start, probe }, port, nodeArgs = []) {
  const command = [process.execPath, ...nodeArgs, start.script, ...(start.args ?? [])];
  const [file = "", ...args] = isPinned ? ["taskset", "-c", String(serverCore), ...command] : command;
  const startedAt = performance.now();
  const env = { ...process.env, NODE_ENV: "production", ...start.env };
  const child = spawn(file, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  children.add(child);
  let said = "";
  // Read, as whoever collects a log would; the end is kept to say why it failed.
  child.stderr.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-2_000)));
  while (!(await answers(port, probe))) {
    const isLate = performance.now() - startedAt > startLimitMilliseconds;
    if (child.exitCode !== null || isLate) throw new Error(`${name} did not start.\n${said}`);
    await sleep(2);
  }
  return {
    pid: child.pid ?? 0,
    startMilliseconds: performance.now() - startedAt,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await Promise.race([ended, sleep(endLimitMilliseconds, undefined, { ref: false })]);
      child.kill("SIGKILL");
      children.delete(child);
    },
  };
}

async function answers(/** @type {number} */ port, /** @type {string} */ path) {
  const connection = new Connection(port);
  try {
    return (await connection.request({ path })).status === 200;
  } catch {
    return false;
  } finally {
    connection.close();
  }
}

/** @returns {Promise<number>} */
export function findFreePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
