import { closeSync, mkdirSync, openSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { StoreError } from "./store-error.ts";

/**
 * Makes the file, for its owner's eyes alone, unless it is there; the folders it needs too. SQLite gives the files it
 * puts beside it (`-wal`, `-shm`) the same mode.
 */
export function createDatabaseFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // An existing file is left unopened: closing it again would drop the locks this process holds on it.
    closeSync(openSync(file, "wx", 0o600));
  } catch (cause) {
    if (codeOf(cause) === "EEXIST" && isFile(file)) return;
    const reason = isFolder(file) ? "that is a folder" : `the system says ${codeOf(cause)}`;
    throw new StoreError(
      "ERR_STORE_NOT_WRITABLE",
      `The database ${file} cannot be made: ${reason}. Choose another file, or make its folder writable.`,
      { cause },
    );
  }
}

/** A sentence for each file or folder that lets others in. Windows has other means than modes. */
export function findLooseModes(file: string): readonly string[] {
  if (process.platform === "win32") return [];
  const loose = [file, `${file}-wal`, `${file}-shm`]
    .filter((path) => (modeOf(path) & 0o077) !== 0)
    .map((path) => `Others on this machine can read or write ${path}: run chmod 600 on it.`);
  const folder = dirname(file);
  // In a folder such as /tmp the sticky bit keeps others from replacing what is not theirs.
  const isOpen = (modeOf(folder) & 0o022) !== 0 && (modeOf(folder) & 0o1000) === 0;
  return isOpen ? [...loose, `Others on this machine can replace files in ${folder}: run chmod go-w on it.`] : loose;
}

/** Undefined where there is no file. */
export function sizeOf(path: string): number | undefined {
  const stats = statsOf(path);
  return stats?.isFile() ? stats.size : undefined;
}

const modeOf = (path: string): number => statsOf(path)?.mode ?? 0;
const isFile = (path: string): boolean => statsOf(path)?.isFile() ?? false;
export const isFolder = (path: string): boolean => statsOf(path)?.isDirectory() ?? false;

/** Undefined where there is nothing, also where a folder on the way is none. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "no";
