import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { codeOf, isFolder, sizeOf } from "./database-file.ts";
import type { Database } from "./driver.ts";
import { type ExistingDatabaseOptions, openExisting } from "./existing-database.ts";
import { prepareStatement } from "./statement.ts";
import { explain, explaining, isDamage, StoreError } from "./store-error.ts";

export interface BackupDatabaseOptions extends ExistingDatabaseOptions {
  /** Never overwritten. */
  readonly to: string;
}

/**
 * Copies the database as it is at one moment, whoever writes meanwhile. The copy is one file, its owner's alone, checked
 * and on the disk before it gets its name: under that name there is a whole backup or nothing.
 */
export async function backupDatabase(options: BackupDatabaseOptions): Promise<{ readonly bytes: number }> {
  const file = resolve(options.file);
  const to = resolve(options.to);
  const partial = `${to}.partial`;
  const database = await openExisting(options);
  try {
    if (sizeOf(to) !== undefined || isFolder(to)) throw alreadyThere(to);
    createExclusively(partial, brokenOff(partial));
    try {
      copy(database, file, partial);
      await check(options, partial);
      sync(partial);
      createExclusively(to, alreadyThere(to));
      renameSync(partial, to);
      syncFolder(dirname(to));
    } catch (error) {
      rmSync(partial, { force: true });
      throw error;
    }
  } finally {
    database.close();
  }
  return { bytes: sizeOf(to) ?? 0 };
}

/**
 * VACUUM INTO reads one snapshot, which no writer has to wait for. SQLite's backup interface would begin again after
 * each write of another process, and never end beside a busy server.
 */
function copy(database: Database, file: string, partial: string): void {
  try {
    prepareStatement(database, "VACUUM INTO ?").run(partial);
  } catch (error) {
    throw explain(error, isDamage(error) ? file : partial);
  }
}

/** A backup that cannot be restored is none: better to hear of it now. */
async function check(options: BackupDatabaseOptions, partial: string): Promise<void> {
  const copied = await openExisting({ ...options, file: partial });
  try {
    const query = prepareStatement<{ readonly integrity_check: string }>(copied, "PRAGMA integrity_check(1)");
    const found = explaining(partial, () => query.get()?.integrity_check);
    if (found !== "ok")
      throw new StoreError(
        "ERR_STORE_DAMAGED",
        `The backup of ${resolve(options.file)} does not pass its check (${found}), so it was not kept. Check the database itself; if it is damaged, restore an older backup.`,
      );
  } finally {
    copied.close();
  }
}

/** SQLite writes into an empty file as into a new one, and keeps its mode. */
function createExclusively(path: string, exists: StoreError): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") throw exists;
    const reason = isFolder(dirname(path)) ? `the system says ${codeOf(cause)}` : `there is no folder ${dirname(path)}`;
    throw new StoreError(
      "ERR_STORE_NOT_WRITABLE",
      `The backup ${path} cannot be made: ${reason}. Choose another place, or make that folder writable.`,
      { cause },
    );
  }
}

const alreadyThere = (to: string): StoreError =>
  new StoreError("ERR_STORE_EXISTS", `${to} is there already, and a backup overwrites nothing: choose another name.`);

const brokenOff = (partial: string): StoreError =>
  new StoreError(
    "ERR_STORE_EXISTS",
    `${partial} is there: another backup to this name is running, or was broken off. If none is running, remove that file and try again.`,
  );

/** SQLite itself does not sync what VACUUM INTO writes. */
function sync(path: string): void {
  const opened = openSync(path, "r+");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** So that the name is on the disk too. Windows has no such call. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const opened = openSync(folder, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
