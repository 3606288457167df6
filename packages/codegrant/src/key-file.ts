import { randomBytes } from "node:crypto";
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs";
import path from "node:path";
import type { MasterKey } from "@codegrant/server";
import { z } from "zod";
import { CommandError, systemCode } from "./command-error.ts";

/** Keys as they lie in a key file or in `CODEGRANT_KEYS`. The last one is current. */
export interface KeyFileKey extends MasterKey {
  /** Epoch seconds. */
  readonly createdAt: number;
}

/**
 * Reads a key file; undefined when there is none. Throws a `CommandError` with a sentence when it cannot be read,
 * holds no keys, or others on this machine may read it.
 */
export function readKeyFile(file: string): readonly KeyFileKey[] | undefined {
  const text = readPrivateFile(file);
  return text === undefined ? undefined : parseKeys(text, `The key file ${file}`);
}

/**
 * Makes a key file with one new key, for its owner alone. The file appears whole or not at all, and of several
 * processes one makes it: undefined when it was there already.
 */
export function createKeyFile(file: string, now: number): readonly KeyFileKey[] | undefined {
  const keys = [newKey(1, now)];
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    return writeExclusively(file, formatKeys(keys)) ? keys : undefined;
  } catch (error) {
    throw new CommandError(
      `The key file ${file} cannot be made (${systemCode(error) ?? "unknown reason"}). ` +
        "Choose a folder that this user may write to with --key-file FILE.",
      { cause: error },
    );
  }
}

export function newKey(id: number, now: number): KeyFileKey {
  return { id, secret: randomBytes(32), createdAt: now };
}

export function formatKeys(keys: readonly KeyFileKey[]): string {
  const written = keys.map(({ id, secret, createdAt }) => ({
    id,
    secret: Buffer.from(secret).toString("base64url"),
    createdAt: new Date(createdAt * 1000).toISOString(),
  }));
  return `${JSON.stringify({ keys: written }, null, 2)}\n`;
}

/** `origin` begins the sentence that says what is wrong; the text itself never stands in it. */
export function parseKeys(text: string, origin: string): readonly KeyFileKey[] {
  const parsed = keyFile.safeParse(parseJson(text));
  if (parsed.success) return parsed.data.keys;
  const at = parsed.error.issues[0]?.path.join(".");
  throw new CommandError(
    `${origin} does not hold keys as Codegrant writes them${at ? ` (at ${at})` : ""}. ` +
      "Put the right one in its place, from your copy of it, or name it with --key-file FILE.",
  );
}

// --- the form

const secretPattern = /^[A-Za-z0-9_-]{43}$/;

/** An id is one byte of each token, so there are at most 255. */
const keyFile = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        id: z.int().min(1).max(255),
        secret: z
          .string()
          .regex(secretPattern)
          .transform((text) => Buffer.from(text, "base64url")),
        createdAt: z.iso.datetime().transform((text) => Math.floor(Date.parse(text) / 1000)),
      }),
    )
    .min(1)
    .max(255)
    .refine((keys) => new Set(keys.map((key) => key.id)).size === keys.length),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the parser's own message would quote the text
  }
}

// --- the file

const maximumBytes = 64 * 1024;

function readPrivateFile(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw unreadable(file, error);
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new CommandError(`${file} is not a file. Name the key file with --key-file FILE.`);
    // Asked of the opened file and not of its name, so that nobody can change it in between.
    if (othersMayRead(stats)) throw tooOpen(file, stats);
    return readText(descriptor, file);
  } finally {
    closeSync(descriptor);
  }
}

function readText(descriptor: number, file: string): string {
  const buffer = Buffer.alloc(maximumBytes + 1);
  let length = 0;
  try {
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  if (length > maximumBytes)
    throw new CommandError(`The key file ${file} is larger than any key file. Is it the right one?`);
  return buffer.toString("utf8", 0, length);
}

/** A group may read what root owns: that is how containers hand secrets to a user. */
function othersMayRead({ mode, uid }: Stats): boolean {
  if (process.platform === "win32") return false; // no such modes there
  const allowed = uid === 0 && process.getuid?.() !== 0 ? 0o740 : 0o700;
  return (mode & 0o777 & ~allowed) !== 0;
}

function tooOpen(file: string, { mode }: Stats): CommandError {
  return new CommandError(
    `The key file ${file} is open to other users of this machine (mode ${(mode & 0o777).toString(8)}). ` +
      `Close it with: chmod 600 ${file}`,
  );
}

function unreadable(file: string, cause: unknown): CommandError {
  return new CommandError(
    `The key file ${file} cannot be read (${systemCode(cause) ?? "unknown reason"}). ` +
      "Give the user that runs codegrant the right to read it, or name another with --key-file FILE.",
    { cause },
  );
}

/** A half-written key file would look like a lost one, so it is written beside its place and then linked into it. */
function writeExclusively(file: string, text: string): boolean {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  writeNew(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    return writeInPlace(file, text); // a file system without hard links
  } finally {
    rmSync(draft, { force: true });
  }
}

function writeInPlace(file: string, text: string): boolean {
  try {
    writeNew(file, text);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

export function writeNew(file: string, text: string): void {
  const descriptor = openSync(file, "wx", 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
