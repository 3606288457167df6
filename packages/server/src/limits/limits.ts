import { createLimiter, type Limiter } from "./limiter.ts";

/**
 * How often the server says no before it stops listening. Kept in memory: a restart forgives everyone, and a stranger
 * grows no table. Who is right is never refused by these counters where checking is cheap (an application's secret);
 * a password costs a hash, so there the counter is asked first.
 */
export interface Limits {
  /** Wrong passwords, by account. */
  readonly account: Limiter;
  /** The same for a browser that signed in to this account before: a stranger's tries do not lock its owner out. */
  readonly knownBrowser: Limiter;
  /** Refused requests, by address: a ceiling against floods, high, since many people may share one. */
  readonly address: Limiter;
  /** Wrong secrets, by application and address, so that an attacker slows only himself. */
  readonly application: Limiter;
  /** Device requests, by application and address: each is a row for some minutes. */
  readonly deviceRequests: Limiter;
  /** Codes, refresh tokens and texts that are none, by application and address: high, since honest ones come in bursts. */
  readonly grants: Limiter;
  /** Accounts that strangers make, by address and all together: each is a row. */
  readonly signUps: Limiter;
  readonly allSignUps: Limiter;
  /** Device codes that a person typed wrong. */
  readonly guesses: Limiter;
}

/** `free`: how many refusals (accounts made, for the last two) cost nothing; the usual number where it is not given. */
export function createLimits(free: Readonly<Partial<Record<keyof Limits, number | undefined>>> = {}): Limits {
  const maximumKeys = 10_000;
  return {
    account: createLimiter({ free: free.account ?? 10, forgiveSeconds: 60, maximumWaitSeconds: 900, maximumKeys }),
    knownBrowser: createLimiter({
      free: free.knownBrowser ?? 10,
      forgiveSeconds: 60,
      maximumWaitSeconds: 900,
      maximumKeys,
    }),
    address: createLimiter({ free: free.address ?? 1_000, forgiveSeconds: 1, maximumWaitSeconds: 300, maximumKeys }),
    application: createLimiter({
      free: free.application ?? 20,
      forgiveSeconds: 10,
      maximumWaitSeconds: 300,
      maximumKeys,
    }),
    grants: createLimiter({ free: free.grants ?? 1_000, forgiveSeconds: 1, maximumWaitSeconds: 60, maximumKeys }),
    deviceRequests: createLimiter({
      free: free.deviceRequests ?? 30,
      forgiveSeconds: 20,
      maximumWaitSeconds: 300,
      maximumKeys,
    }),
    signUps: createLimiter({ free: free.signUps ?? 5, forgiveSeconds: 3_600, maximumWaitSeconds: 3_600, maximumKeys }),
    allSignUps: createLimiter({
      free: free.allSignUps ?? 300,
      forgiveSeconds: 60,
      maximumWaitSeconds: 300,
      maximumKeys: 1,
    }),
    guesses: createLimiter({ free: free.guesses ?? 20, forgiveSeconds: 10, maximumWaitSeconds: 300, maximumKeys }),
  };
}
