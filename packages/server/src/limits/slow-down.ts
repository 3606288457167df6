import { OAuthError } from "@codegrant/protocol";
import type { Limiter } from "./limiter.ts";

/** 429 in place of a refusal, since there were too many. */
export class SlowDown extends OAuthError {
  /** For the log: of a flood only the 1st, 2nd, 4th, 8th … has a line, or its lines would cost more than its answers. */
  readonly hasLogLine: boolean;

  constructor({ waitSeconds, times }: TooMany, code: string) {
    super("slow_down", {
      status: 429,
      reason: "too_many_requests",
      retryAfterSeconds: waitSeconds,
      detail: `after ${code}, ${times} too many`,
    });
    this.hasLogLine = isPowerOfTwo(times);
  }
}

/** How long whoever was refused too often waits. */
export interface TooMany {
  readonly waitSeconds: number;
  /** How many there were too many so far. */
  readonly times: number;
}

/**
 * The refusal to give: the one decided, or 429 when there were too many. Asked only after the answer is known to be no,
 * so whoever is right is never slowed down by the guesses of others.
 */
export function slowDownOr(refusal: OAuthError, limiter: Limiter, key: string, now: number): OAuthError {
  const tooMany = countRefusal(limiter, key, now);
  return tooMany === undefined ? refusal : new SlowDown(tooMany, refusal.code);
}

/** Counts one more refusal, and says so when there were too many before it. */
export function countRefusal(limiter: Limiter, key: string, now: number): TooMany | undefined {
  const waitSeconds = limiter.waitSeconds(key, now);
  const times = limiter.refuse(key, now);
  return waitSeconds === 0 ? undefined : { waitSeconds, times };
}

export function isPowerOfTwo(count: number): boolean {
  return count > 0 && (count & (count - 1)) === 0;
}
