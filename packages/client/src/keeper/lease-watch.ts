import type { Clock } from "../connect/clock.ts";
import type { Machine } from "../connect/machine.ts";
import type { Lease } from "./connection-record.ts";

/** Tells when somebody else's lease is over. One per connection and kind of lease. */
export interface LeaseWatch {
  isOver(lease: Lease): boolean;
}

/** A request that its dead holder sent may still be under way for so long. */
export const maximumTimeoutSeconds = 20;

/**
 * A holder on this machine whose process is gone holds nothing. Any other holds until its beat has stood still, before
 * our eyes and by our own clock, for the lease and one request more: two clocks are never compared.
 */
export function watchLeases(clock: Clock, machine: Machine | undefined): LeaseWatch {
  let seen: { readonly lease: Lease; readonly at: number } | undefined;
  return {
    isOver(lease) {
      if (lease.holder !== undefined && machine?.isGone(lease.holder) === true) return true;
      if (seen?.lease.owner !== lease.owner || seen.lease.beat !== lease.beat) seen = { lease, at: clock.elapsed() };
      return clock.elapsed() - seen.at > Math.min(lease.lengthSeconds, maximumLeaseSeconds) + maximumTimeoutSeconds;
    },
  };
}

/** Longer than a request and the save after it; renewed at a third. */
export const leaseSeconds = 30;

const maximumLeaseSeconds = 120;
