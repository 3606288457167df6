// What Linux says of a process. CPU time is the figure of choice: on a shared machine it moves far less than the clock.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";

const ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Fields of `/proc/PID/stat` from the third on: the name before them may hold anything. */
function statOf(/** @type {number} */ pid) {
  const line = readFileSync(`/proc/${pid}/stat`, "latin1");
  return line.slice(line.lastIndexOf(")") + 2).split(" ");
}

/** CPU seconds of all the threads of a process, and of its children that have ended. */
export function cpuSeconds(/** @type {number} */ pid) {
  const fields = statOf(pid).slice(11, 15).map(Number);
  return fields.reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
}

export function residentMebibytes(/** @type {number} */ pid) {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** What the process sent to the disk, in bytes. The kernel counts whole folios, so it may overstate. */
export function writtenBytes(/** @type {number} */ pid) {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "latin1"))?.[1] ?? 0);
}

/**
 * What the device under a folder has written since the machine started, in bytes: the truth about one process only
 * while no other writes. NaN where the system does not tell.
 */
export function deviceBytes(/** @type {string} */ folder) {
  const { dev } = statSync(folder);
  const [major, minor] = [(dev >> 8) & 0xfff, (dev & 0xff) | ((dev >> 12) & 0xfff00)];
  const line = readFileSync("/proc/diskstats", "latin1")
    .split("\n")
    .map((text) => text.trim().split(/\s+/))
    .find((fields) => Number(fields[0]) === major && Number(fields[1]) === minor);
  return line === undefined ? Number.NaN : Number(line[9]) * 512;
}

/** Whether this machine lets us choose the core of a process. */
export function canPin() {
  try {
    execFileSync("taskset", ["--version"], { stdio: "ignore" });
    return readdirSync("/sys/devices/system/cpu").filter((name) => /^cpu\d+$/.test(name)).length > 1;
  } catch {
    return false;
  }
}

/** Moves all threads of a running process to one core. */
export function pin(/** @type {number} */ pid, /** @type {number} */ core) {
  execFileSync("taskset", ["-a", "-c", "-p", String(core), String(pid)], { stdio: "ignore" });
}
