/**
 * Counts refusals, never successes, in memory of fixed size. A key that was refused too often waits; each further
 * refusal makes the wait longer, up to a limit, and time forgives one refusal after the other.
 */
export interface Limiter {
  /** Seconds to wait, or 0. */
  waitSeconds(key: string, now: number): number;
  refuse(key: string, now: number): void;
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
      const refusals = (count === undefined ? 0 : refusalsLeft(count, now)) + 1;
      counts.delete(key);
      counts.set(key, { refusals, at: now });
      const oldest = counts.size > options.maximumKeys ? counts.keys().next().value : undefined;
      if (oldest !== undefined) counts.delete(oldest);
    },
    forgive: (key) => {
      counts.delete(key);
    },
  };
}
