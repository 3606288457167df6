import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { CommandError, systemCode } from "./command-error.ts";
import { formatKeys, type KeyFileKey, readKeyFile, writeNew } from "./key-file.ts";

/**
 * Changes a key file as one step: nobody ever reads half of it, and of two commands at once one is refused, so that no
 * key is lost. `change` sees what the file holds (undefined: there is none) and says what it shall hold.
 */
export async function changeKeyFile(
  file: string,
  change: (keys: readonly KeyFileKey[] | undefined) => Promise<readonly KeyFileKey[]>,
): Promise<void> {
  const lock = `${file}.lock`;
  takeLock(lock, file);
  try {
    replace(file, formatKeys(await change(readKeyFile(file))));
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock: string, file: string): void {
  try {
    writeNew(lock, "");
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw unwritable(file, error);
    throw new CommandError(
      `Another command is changing ${file} at this moment. If there is none, remove ${lock} and try again.`,
      { cause: error },
    );
  }
}

function replace(file: string, text: string): void {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    writeNew(draft, text);
    keepOwner(file, draft);
    renameSync(draft, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    rmSync(draft, { force: true });
    throw unwritable(file, error);
  }
}

/** The server may run as another user than the person who turns its keys. */
function keepOwner(file: string, draft: string): void {
  const before = statSync(file, { throwIfNoEntry: false });
  if (before === undefined || process.platform === "win32") return;
  chownSync(draft, before.uid, before.gid);
  chmodSync(draft, before.mode & 0o777);
}

/** So that the new name outlives a power cut: tokens may be made with the new key a moment from now. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return; // a folder cannot be opened there
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function unwritable(file: string, cause: unknown): CommandError {
  return new CommandError(
    `The key file ${file} cannot be changed (${systemCode(cause) ?? "unknown reason"}). ` +
      "Run this as a user who may write to it and its folder. Nothing was changed.",
    { cause },
  );
}
