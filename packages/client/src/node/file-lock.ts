import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { ProcessIdentity } from "../keeper/connection-record.ts";
import { readPrivateFile, removeFile, writePrivateFile } from "./private-file.ts";
import { codeOf, identifyProcess, isProcessGone } from "./process-identity.ts";

/** The step takes some milliseconds, so whoever waits this long waits for a machine that hangs. */
const maximumWaitMilliseconds = 15_000;
/** For a holder of whom nobody can tell whether it is gone. */
const staleAfterMilliseconds = 10_000;

interface LockText {
  readonly id: string;
  readonly holder: ProcessIdentity;
}

/**
 * Runs a step that nobody else runs under this lock file meanwhile, in any process. The step must not wait for
 * anything. A lock whose process is gone is broken at once.
 */
export async function withFileLock<T>(lockFile: string, step: () => T): Promise<T> {
  const text: LockText = { id: randomBytes(8).toString("hex"), holder: identifyProcess() };
  for (let waited = 0; !tryLock(lockFile, text); ) {
    if (waited > maximumWaitMilliseconds) throw new Error(`${lockFile} is held for too long. Is its process stopped?`);
    breakStaleLock(lockFile);
    const milliseconds = 2 + Math.random() * 8;
    waited += milliseconds;
    await wait(milliseconds);
  }
  try {
    return step();
  } finally {
    if (readLock(lockFile)?.id === text.id) removeFile(lockFile);
  }
}

function tryLock(lockFile: string, text: LockText): boolean {
  try {
    writePrivateFile(lockFile, JSON.stringify(text));
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Under a second lock, so that of two who find the same stale lock the slower never removes a fresh one. */
function breakStaleLock(lockFile: string): void {
  if (!isStale(lockFile)) return;
  const breaker = `${lockFile}.breaking`;
  try {
    writePrivateFile(breaker, "");
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if (ageOf(breaker) > staleAfterMilliseconds) removeFile(breaker);
    return;
  }
  try {
    if (isStale(lockFile)) removeFile(lockFile);
  } finally {
    removeFile(breaker);
  }
}

function isStale(lockFile: string): boolean {
  const holder = readLock(lockFile)?.holder;
  if (holder !== undefined && isProcessGone(holder)) return true;
  // A process that is known to live is waited for, whatever a clock says that may have jumped.
  const isKnownToLive = holder?.startedAt !== undefined && holder.machine === identifyProcess().machine;
  return !isKnownToLive && ageOf(lockFile) > staleAfterMilliseconds;
}

/** `undefined` also while its maker has not written it yet. */
function readLock(lockFile: string): LockText | undefined {
  try {
    return JSON.parse(readPrivateFile(lockFile) ?? "") as LockText;
  } catch {
    return undefined;
  }
}

/** By the wall clock, since a file has no other; it decides only where no process can be asked. */
function ageOf(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
