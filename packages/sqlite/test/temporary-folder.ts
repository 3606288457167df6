import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/**
 * Names of files that do not exist yet, in a folder that is gone after the tests. Where there is one, it is a folder
 * that lies in memory: a hundred new databases are made there in a second.
 */
export function temporaryFiles({ onDisk = false } = {}): () => string {
  const base = !onDisk && existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = mkdtempSync(join(base, "codegrant-sqlite-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  return () => join(folder, `store${(count += 1)}.db`);
}
