/** Who can act: the operator, by what the message says; for `ERR_STORE_BUSY` and `ERR_STORE_LOCKED` nobody: try again. */
export type StoreErrorCode =
  | "ERR_STORE_NO_DRIVER"
  | "ERR_STORE_NOT_FOUND"
  | "ERR_STORE_EXISTS"
  | "ERR_STORE_NOT_WRITABLE"
  | "ERR_STORE_NOT_A_DATABASE"
  | "ERR_STORE_FOREIGN"
  | "ERR_STORE_NEWER"
  | "ERR_STORE_DAMAGED"
  | "ERR_STORE_LOCKED"
  | "ERR_STORE_FULL"
  | "ERR_STORE_BUSY"
  | "ERR_STORE_CLOSED";

/** The database cannot do what was asked. The message is one sentence for the operator: what is wrong, what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly code: StoreErrorCode;
  /** The page that tells more, in the documentation of this package. */
  readonly docs: string;
  /** Only where trying again may help: nothing was written. */
  readonly retryAfterSeconds?: number;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.docs = `docs/errors/${code}.md`;
    const retryAfterSeconds = retryAfter.get(code);
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
  }
}

const retryAfter: ReadonlyMap<StoreErrorCode, number> = new Map([
  ["ERR_STORE_BUSY", 1],
  ["ERR_STORE_LOCKED", 2],
]);

/** A sentence in place of SQLite's own words, where there is something to do about it. */
export function explain(cause: unknown, file: string): unknown {
  const kind = kindOf(cause);
  const known = explanations.find(({ kinds }) => kind !== undefined && kinds.includes(kind));
  return known === undefined ? cause : new StoreError(known.code, known.sentence(file), { cause });
}

/** Runs the step; what it throws is told in a sentence. */
export function explaining<T>(file: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw explain(error, file);
  }
}

/** Whether it is what was read that is wrong, and not the place that was written to. */
export function isDamage(cause: unknown): cause is Error {
  const kind = kindOf(cause);
  const isFailedRead = hasErrorCode(cause) && failedReads.includes(cause.errcode);
  return kind === 11 || kind === 26 || isFailedRead;
}

const failedReads: readonly number[] = [266, 522]; // SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ

/** The low byte of SQLite's code is the kind of error, the rest says more about it (https://www.sqlite.org/rescode.html). */
function kindOf(cause: unknown): number | undefined {
  if (hasErrorCode(cause)) return cause.errcode & 0xff;
  // The twin of `node:sqlite` gives no number with an error of `all`, only SQLite's own words.
  const isOfSqlite = cause instanceof Error && "code" in cause && cause.code === "ERR_SQLITE_ERROR";
  return isOfSqlite ? wordsOfKinds.get(cause.message) : undefined;
}

const wordsOfKinds: ReadonlyMap<string, number> = new Map([
  ["access permission denied", 3],
  ["database is locked", 5],
  ["database table is locked", 6],
  ["attempt to write a readonly database", 8],
  ["disk I/O error", 10],
  ["database disk image is malformed", 11],
  ["database or disk is full", 13],
  ["unable to open database file", 14],
  ["file is not a database", 26],
]);

const hasErrorCode = (error: unknown): error is { readonly errcode: number } =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number";

const explanations: readonly {
  readonly kinds: readonly number[];
  readonly code: StoreErrorCode;
  readonly sentence: (file: string) => string;
}[] = [
  {
    kinds: [5, 6], // SQLITE_BUSY, SQLITE_LOCKED
    code: "ERR_STORE_LOCKED",
    sentence: (file) => `Another process holds the database ${file} for too long: close it or wait, then try again.`,
  },
  {
    kinds: [3, 8, 14], // SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN
    code: "ERR_STORE_NOT_WRITABLE",
    sentence: (file) =>
      `The database ${file} cannot be written: make the file, and the folder it is in, writable for the user who runs this.`,
  },
  {
    kinds: [13], // SQLITE_FULL
    code: "ERR_STORE_FULL",
    sentence: (file) => `The disk that holds the database ${file} is full: make room, then try again.`,
  },
  {
    kinds: [26], // SQLITE_NOTADB
    code: "ERR_STORE_NOT_A_DATABASE",
    sentence: (file) => `${file} is not a database: check the name, or move that file away.`,
  },
  {
    kinds: [11], // SQLITE_CORRUPT
    code: "ERR_STORE_DAMAGED",
    sentence: (file) => `The database ${file} is damaged: stop whatever uses it and restore a backup.`,
  },
  {
    kinds: [10], // SQLITE_IOERR
    code: "ERR_STORE_DAMAGED",
    sentence: (file) =>
      `The disk that holds the database ${file} does not answer as it should: look into the system's log.`,
  },
];
