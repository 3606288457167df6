import type { Random } from "../random.ts";

/** The longest pause of our own, and the longest we let a provider ask for. */
const maximumPauseSeconds = 900;
const maximumRetryAfterSeconds = 3_600;

/** Doubles with each failure, by half at random so that many processes do not come at once; never before it was asked. */
export function pauseAfter(failures: number, retryAfterSeconds: number | undefined, random: Random): number {
  const longest = Math.min(maximumPauseSeconds, 2 ** Math.min(failures, 20));
  const own = longest * (0.5 + fraction(random) / 2);
  return Math.max(own, Math.min(retryAfterSeconds ?? 0, maximumRetryAfterSeconds));
}

/** From 0 to just below 1. */
export function fraction(random: Random): number {
  const [high = 0, low = 0] = random(2);
  return (high * 256 + low) / 65_536;
}

/** A time that lies further ahead than any pause comes from a clock that has jumped since. */
export function isPausing(retryAt: number | undefined, nowSeconds: number): boolean {
  return retryAt !== undefined && retryAt > nowSeconds && retryAt - nowSeconds <= maximumRetryAfterSeconds;
}
