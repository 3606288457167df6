import type { Clock } from "../connect/clock.ts";
import type { PlainTokens } from "../tokens.ts";

/** How long access tokens live, by two clocks at once: the shorter time counts. */
export interface Lifetimes {
  /** `undefined`: nobody knows; use the token until it is refused. */
  remaining(tokens: PlainTokens): number | undefined;
  /** Good now, and for that long: half of its life at most, or a caller could ask for more than there ever is. */
  isUsable(tokens: PlainTokens | undefined, minimumSeconds?: number): tokens is PlainTokens;
  /** Time to refresh: in the last tenth of its life, at most five minutes before its end. */
  isDue(tokens: PlainTokens, minimumSeconds?: number): boolean;
  /** Since it was issued, or since this process has known it if that is longer. */
  age(tokens: PlainTokens): number;
}

const maximumEarlySeconds = 300;
/** Tokens that are remembered. */
const maximumSeen = 1_000;

/** The wall clock alone is wrong after it was set back, the other one after the machine slept. */
export function createLifetimes(clock: Clock): Lifetimes {
  const seen = new Map<string, Sight>();

  function firstSight(tokens: PlainTokens): Sight {
    const known = seen.get(tokens.accessToken);
    if (known !== undefined) return known;
    const byWall = (tokens.expiresAt ?? 0) - clock.now();
    const sight = { at: clock.elapsed(), remaining: Math.min(byWall, lifetimeOf(tokens)) };
    seen.set(tokens.accessToken, sight);
    const [oldest] = seen.keys();
    if (seen.size > maximumSeen && oldest !== undefined) seen.delete(oldest);
    return sight;
  }

  function remaining(tokens: PlainTokens): number | undefined {
    if (tokens.expiresAt === undefined) return undefined;
    const first = firstSight(tokens);
    return Math.min(tokens.expiresAt - clock.now(), first.remaining - (clock.elapsed() - first.at));
  }

  function isUsable(tokens: PlainTokens | undefined, minimumSeconds = 0): tokens is PlainTokens {
    if (tokens === undefined) return false;
    return (remaining(tokens) ?? Number.POSITIVE_INFINITY) > Math.min(minimumSeconds, lifetimeOf(tokens) / 2);
  }

  function isDue(tokens: PlainTokens, minimumSeconds = 0): boolean {
    const left = remaining(tokens);
    const lifetime = lifetimeOf(tokens);
    const early = Math.max(Math.min(minimumSeconds, lifetime / 2), Math.min(maximumEarlySeconds, lifetime / 10));
    return left !== undefined && left <= early;
  }

  function age(tokens: PlainTokens): number {
    return Math.max(clock.now() - tokens.receivedAt, clock.elapsed() - firstSight(tokens).at);
  }

  return { remaining, isUsable, isDue, age };
}

interface Sight {
  readonly at: number;
  readonly remaining: number;
}

function lifetimeOf({ expiresAt = 0, receivedAt }: PlainTokens): number {
  return Math.max(0, expiresAt - receivedAt);
}
