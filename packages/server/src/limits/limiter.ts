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
  const countOf = (key: string, now: number): number => {
    const count = counts.get(key);
    if (count === undefined) return 0;
    // A clock set back forgives nothing and punishes nobody.
    const forgiven = Math.max(0, Math.floor((now - count.at) / options.forgiveSeconds));
    return Math.max(0, count.refusals - forgiven);
  };
  return {
    waitSeconds(key, now) {
      const count = counts.get(key);
      const over = countOf(key, now) - options.free;
      if (count === undefined || over < 0) return 0;
      const wait = Math.min(2 ** Math.min(over, 30), options.maximumWaitSeconds);
      return Math.max(0, Math.min(wait, count.at + wait - now));
    },
    refuse(key, now) {
      const refusals = countOf(key, now) + 1;
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
