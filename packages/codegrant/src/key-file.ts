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
  const keys = findKeys(parseJson(text));
  if (typeof keys !== "string") return keys;
  throw new CommandError(
    `${origin} does not hold keys as Codegrant writes them${keys === "" ? "" : ` (at ${keys})`}. ` +
      "Put the right one in its place, from your copy of it, or name it with --key-file FILE.",
  );
}

// --- the form, checked by hand: a library for it would be half of what a server loads at its start

/** An id is one byte of each token, so there are at most 255. */
const maximumKeys = 255;

/** The keys, or where the first thing stands that is not as it should be. */
function findKeys(parsed: unknown): readonly KeyFileKey[] | string {
  if (!isRecordOf(parsed, ["keys"])) return "";
  const { keys: listed } = parsed;
  if (!Array.isArray(listed) || listed.length < 1 || listed.length > maximumKeys) return "keys";
  const keys: KeyFileKey[] = [];
  for (const [index, one] of listed.entries()) {
    if (!isRecordOf(one, ["id", "secret", "createdAt"])) return `keys.${index}`;
    const { id, secret, createdAt } = one;
    if (!isKeyId(id)) return `keys.${index}.id`;
    if (typeof secret !== "string" || !secretPattern.test(secret)) return `keys.${index}.secret`;
    if (!isTime(createdAt)) return `keys.${index}.createdAt`;
    keys.push({ id, secret: Buffer.from(secret, "base64url"), createdAt: Math.floor(Date.parse(createdAt) / 1000) });
  }
  return new Set(keys.map((key) => key.id)).size === keys.length ? keys : "keys";
}

function isRecordOf<Name extends string>(value: unknown, names: readonly Name[]): value is Record<Name, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const found = Object.keys(value);
  return found.length === names.length && names.every((name) => found.includes(name));
}

const isKeyId = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= maximumKeys;

const secretPattern = /^[A-Za-z0-9_-]{43}$/;

/** As `Date.toISOString` writes it, the fraction optional. */
const isTime = (value: unknown): value is string =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value) &&
  !Number.isNaN(Date.parse(value));

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
