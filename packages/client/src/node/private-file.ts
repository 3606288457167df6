import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { codeOf } from "./process-identity.ts";

/** Makes the folder for its owner alone, whatever the umask says, or makes an existing one so. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  if (!stats.isDirectory()) throw new Error(`${folder} is no folder of its own but leads elsewhere. Choose another.`);
  if ((stats.mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
}

/** The text, or `undefined` if there is no file. A link is not followed. */
export function readPrivateFile(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | noFollow);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw codeOf(error) === "ELOOP" ? new Error(`${file} is a link, which is not followed. Remove it.`) : error;
  }
  try {
    return readFileSync(descriptor, "utf8");
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Replaces the file whole: after a crash at any moment it holds the old text or the new one, on the disk. What stands
 * under the name is replaced and never written through, be it a link or a file others may read.
 */
export function replacePrivateFile(folder: string, name: string, text: string): void {
  const temporary = join(folder, `${name}.${randomBytes(8).toString("hex")}${temporaryEnding}`);
  try {
    writePrivateFile(temporary, text);
    renameSync(temporary, join(folder, name));
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
  syncFolder(folder);
}

/** Throws `EEXIST` if anything has the name already. */
export function writePrivateFile(file: string, text: string): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow, 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function removeFile(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** So that the name itself survives a power cut. Windows cannot, and needs not. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Files that a killed process may leave behind. */
export const temporaryEnding = ".tmp";

/** Windows has no such flag. */
const noFollow = (constants as { readonly O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;
