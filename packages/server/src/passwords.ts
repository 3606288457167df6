import { OAuthError } from "@codegrant/protocol";

/** Hashes and checks passwords off the main thread, few at a time, so that a flood of sign-ins stalls nothing else. */
export interface Passwords {
  /** For storing. A password that `findPasswordProblem` would refuse is a `TypeError`. */
  hash(password: string): Promise<string>;
  /** Costs one hash whether or not there is anything to compare with, so that time does not tell who has an account. */
  verify(password: string, passwordHash: string | undefined): Promise<boolean>;
}

export interface PasswordsOptions {
  /** Each takes 19 MiB and one thread of Node's pool, which has four. */
  readonly atOnce?: number;
  /** Beyond these a call is refused with 503 and `retryAfterSeconds`: the wait would be longer than a person's. */
  readonly waiting?: number;
  readonly argon2?: Argon2;
}

export interface Argon2 {
  hash(password: Uint8Array): Promise<string>;
  verify(passwordHash: string, password: Uint8Array): Promise<boolean>;
}

export const minimumPasswordCharacters = 8;
export const maximumPasswordBytes = 1024;

/** Passwords as argon2id with the parameters of OWASP's advice: 19 MiB, two passes, one lane. */
export function createPasswords({ atOnce = 2, waiting = 64, argon2 = argon2id }: PasswordsOptions = {}): Passwords {
  const inTurn = createQueue(atOnce, waiting);
  return {
    async hash(password) {
      if (findPasswordProblem(password) !== undefined) throw new TypeError("Check a password before hashing it.");
      const bytes = encodePassword(password);
      return inTurn(() => argon2.hash(bytes));
    },
    async verify(password, passwordHash) {
      // Nobody's password: refused before it costs anything, for every login alike.
      if (isOutOfBounds(password)) return false;
      const bytes = encodePassword(password);
      const matches = await inTurn(() => argon2.verify(passwordHash ?? nobodysHash, bytes));
      return matches && passwordHash !== undefined;
    },
  };
}

/** Why a new password cannot be taken; for `verify` only the upper bounds count. */
export function findPasswordProblem(password: string): "tooShort" | "tooLong" | "malformed" | undefined {
  if (isTooLong(password)) return "tooLong";
  if (unpairedSurrogate.test(password)) return "malformed";
  if (Array.from(password.normalize("NFC")).length < minimumPasswordCharacters) return "tooShort";
  return undefined;
}

const unpairedSurrogate = /\p{Surrogate}/u;

function isOutOfBounds(password: string): boolean {
  return isTooLong(password) || unpairedSurrogate.test(password);
}

/** Every UTF-16 unit is at least one byte, so the first check spares normalising something huge. */
function isTooLong(password: string): boolean {
  return password.length > maximumPasswordBytes || encodePassword(password).byteLength > maximumPasswordBytes;
}

/** NFC, so that the same word from another keyboard is the same password. As bytes, a NUL is a character like any other. */
function encodePassword(password: string): Uint8Array {
  return Buffer.from(password.normalize("NFC"), "utf8");
}

/** Draws its salt itself: no test depends on it. Loaded with the first password, since many programs never see one. */
const argon2id: Argon2 = {
  async hash(password) {
    const { hash } = await import("@node-rs/argon2");
    return hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  },
  async verify(passwordHash, password) {
    const { verify } = await import("@node-rs/argon2");
    return verify(passwordHash, password);
  },
};

/** The hash of 32 random bytes that nobody kept, at the cost of a real one. */
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$j0xREJyYLIc0LN3r2o4+Gw$XUqTREVNwoQASm9/pE9U/+s47EpQJZvwgM2KCcVsYNY";

const retryAfterSeconds = 2;

/** Runs at most `atOnce` tasks, keeps at most `waiting` for later, in order. */
function createQueue(atOnce: number, waiting: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (task) => {
    if (running < atOnce) running += 1;
    else if (queue.length < waiting) await new Promise<void>((resolve) => queue.push(resolve));
    else throw tooManyWaiting();
    try {
      return await task();
    } finally {
      // A waiting task takes over the place, so nobody who comes in between overtakes it.
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

function tooManyWaiting(): OAuthError {
  return new OAuthError("temporarily_unavailable", {
    status: 503,
    retryAfterSeconds,
    detail: "Too many passwords wait to be checked.",
  });
}
