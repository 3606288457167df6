import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const demos = fileURLToPath(new URL("../../../.cache/demo", import.meta.url));

/**
 * A folder of this run's own, so that two demos never meet. It goes when the process does, and with it what a demo
 * left behind that was killed.
 */
export function createDemoFolder(): string {
  const folder = create();
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function create(): string {
  const folder = path.join(demos, String(process.pid));
  try {
    mkdirSync(demos, { recursive: true });
    for (const name of readdirSync(demos)) if (!isRunning(Number(name))) remove(path.join(demos, name));
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch {
    return mkdtempSync(path.join(tmpdir(), "codegrant-demo-")); // a clone that cannot be written to
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function isRunning(processId: number): boolean {
  // A folder with our own id is that of an earlier process.
  if (!Number.isInteger(processId) || processId === process.pid) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
