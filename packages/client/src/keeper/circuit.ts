import type { ConnectionError } from "../advice.ts";
import type { Clock } from "../connect/clock.ts";

/**
 * A wrong secret is the application's trouble and not ten thousand users': after one refusal nobody asks again until a
 * while has passed, and then one does. One per client, in this process.
 */
export interface Circuit {
  /** The refusal, until an answer comes that is none. */
  readonly error: ConnectionError | undefined;
  /** Whether a request may be sent now. */
  allows(): boolean;
  /** One is sent: the others go on waiting. */
  ask(): void;
  /** True if it was whole before. */
  break(error: ConnectionError): boolean;
  /** True if it was broken before. */
  mend(): boolean;
}

const retryAfterSeconds = 60;

export function createCircuit(clock: Clock): Circuit {
  let error: ConnectionError | undefined;
  let askAgainAt = 0;
  return {
    get error() {
      return error;
    },
    allows: () => error === undefined || clock.elapsed() >= askAgainAt,
    ask() {
      askAgainAt = clock.elapsed() + retryAfterSeconds;
    },
    break(refusal) {
      const wasWhole = error === undefined;
      error = refusal;
      askAgainAt = clock.elapsed() + retryAfterSeconds;
      return wasWhole;
    },
    mend() {
      const wasBroken = error !== undefined;
      error = undefined;
      return wasBroken;
    },
  };
}
