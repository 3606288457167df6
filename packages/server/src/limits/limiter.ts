/**
 * Counts refusals, never successes, in memory of fixed size. A key that was refused too often waits; each further
 * refusal makes the wait longer, up to a limit, and time forgives one refusal after the other.
 */
export interface Limiter {
  /** Seconds to wait, or 0. */
  waitSeconds(key: string, now: number): number;
  /** Counts one, and says how many more than the free ones there are now; none are left of them below 1. */
  refuse(key: string, now: number): number;
  /** Notes that a key came while it waits, which makes its wait no longer; how often so far, for the log. */
  turnAway(key: string): number;
  /** Forgets a key: its owner has shown who they are. */
  forgive(key: string): void;
}

export interface LimiterOptions {
  /** Refusals that cost nothing. */
  readonly free: number;
  /** Time after which one refusal is forgiven. */
  readonly forgiveSeconds: number;
  readonly maximumWaitSeconds: number;
  /** Beyond these the key longest unchanged is forgotten: an attacker who makes up keys gains nothing but that. */
  readonly maximumKeys: number;
}

interface Count {
  readonly refusals: number;
  readonly at: number;
  /** Times that it came while it had to wait, since it last had all its free refusals. */
  turnedAway: number;
}

export function createLimiter(options: LimiterOptions): Limiter {
  const counts = new Map<string, Count>();
  /** A clock set back forgives nothing and punishes nobody: a count from the future is taken as made just now. */
  const find = (key: string, now: number): Count | undefined => {
    const count = counts.get(key);
    if (count === undefined || count.at <= now) return count;
    const rebased = { ...count, at: now };
    counts.set(key, rebased);
    return rebased;
  };
  const refusalsLeft = ({ refusals, at }: Count, now: number): number =>
    Math.max(0, refusals - Math.floor((now - at) / options.forgiveSeconds));
  return {
    waitSeconds(key, now) {
      const count = find(key, now);
      const over = count === undefined ? -1 : refusalsLeft(count, now) - options.free;
      if (count === undefined || over < 0) return 0;
      const wait = Math.min(2 ** Math.min(over, 30), options.maximumWaitSeconds);
      return Math.max(0, count.at + wait - now);
    },
    refuse(key, now) {
      const count = find(key, now);
      const left = count === undefined ? 0 : refusalsLeft(count, now);
      const refusals = left + 1;
      counts.delete(key);
      counts.set(key, { refusals, at: now, turnedAway: left === 0 ? 0 : (count?.turnedAway ?? 0) });
      const oldest = counts.size > options.maximumKeys ? counts.keys().next().value : undefined;
      if (oldest !== undefined) counts.delete(oldest);
      return refusals - options.free;
    },
    turnAway(key) {
      const count = counts.get(key);
      if (count === undefined) return 0;
      count.turnedAway += 1;
      return count.turnedAway;
    },
    forgive: (key) => {
      counts.delete(key);
    },
  };
}
