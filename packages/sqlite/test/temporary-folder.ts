import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Where there is one, a folder that is not on a disk: a hundred new databases are made in a second. */
const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A folder for this test file, gone afterwards, and names in it that were not given before. */
export function temporaryFiles(): () => string {
  const folder = mkdtempSync(join(base, "codegrant-sqlite-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;
  return () => join(folder, `store${(count += 1)}.db`);
}
