import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { ProcessIdentity } from "../keeper/connection-record.ts";

/** Which process this is, so that another one on this machine can tell whether it is gone. */
export function identifyProcess(): ProcessIdentity {
  const startedAt = startOf(process.pid);
  return { machine: machineFingerprint(), pid: process.pid, ...(startedAt === undefined ? {} : { startedAt }) };
}

/** True only where it is certain: the same machine, and no such process, or another one under its number. */
export function isProcessGone(holder: ProcessIdentity): boolean {
  if (holder.machine !== machineFingerprint() || !Number.isSafeInteger(holder.pid) || holder.pid <= 0) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
  const startedAt = startOf(holder.pid);
  return startedAt !== undefined && holder.startedAt !== undefined && startedAt !== holder.startedAt;
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** Two containers may share a name and a boot, and number their processes each for itself. */
function machineFingerprint(): string {
  const facts = [hostname(), firstOf(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"))];
  facts.push(firstOf(() => readlinkSync("/proc/self/ns/pid")));
  return createHash("sha256").update(facts.join("\n")).digest("hex").slice(0, 16);
}

/** Field 22 of proc(5)'s `stat`, in ticks since the boot. A zombie is gone: it will never write again. */
function startOf(pid: number): string | undefined {
  const text = firstOf(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The second field is the program's name in parentheses and may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? "gone" : fields[19];
}

function firstOf(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
