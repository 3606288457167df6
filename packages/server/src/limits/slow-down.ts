import { OAuthError } from "@codegrant/protocol";
import type { Limiter } from "./limiter.ts";

/**
 * The refusal to give: the one decided, or 429 when there were too many. Asked only after the answer is known to be no,
 * so whoever is right is never slowed down by the guesses of others.
 */
export function slowDownOr(refusal: OAuthError, limiter: Limiter, key: string, now: number): OAuthError {
  return countRefusal(limiter, key, now, refusal.code) ?? refusal;
}

/** Counts one more refusal with this code; the 429 to give in its place when there were too many. */
export function countRefusal(limiter: Limiter, key: string, now: number, code: string): OAuthError | undefined {
  const waitSeconds = limiter.waitSeconds(key, now);
  limiter.refuse(key, now);
  if (waitSeconds === 0) return undefined;
  return new OAuthError("slow_down", {
    status: 429,
    reason: "too_many_requests",
    retryAfterSeconds: waitSeconds,
    detail: `after ${code}`,
  });
}
