import { drawToken } from "../random.ts";
import type { ConnectionRecord, Lease } from "./connection-record.ts";
import type { KeeperParts } from "./keeper-parts.ts";
import { leaseSeconds } from "./lease-watch.ts";

export type LeaseSlot = "refreshLease" | "loginLease";

export function drawLease({ machine, random }: KeeperParts): Lease {
  return { owner: drawToken(random), beat: 0, lengthSeconds: leaseSeconds, holder: machine?.process };
}

/** A lease in our hands: renewed until it is stopped, and known to be lost once somebody else has written. */
export interface HeldLease {
  readonly record: ConnectionRecord;
  readonly version: string;
  /** Raises the beat now. False: the lease is lost, or the store does not say. */
  renew(): Promise<boolean>;
  /** No renewal is under way any more once this resolves. */
  stop(): Promise<void>;
}

/**
 * Renews at a third of the lease. Whoever else writes the record meanwhile (the other kind of lease does) is no loss
 * while the lease in it is still ours.
 */
export function holdLease(
  parts: KeeperParts,
  account: string,
  slot: LeaseSlot,
  taken: { readonly record: ConnectionRecord; readonly version: string },
): HeldLease {
  const { clock, store } = parts;
  const owner = taken.record[slot]?.owner;
  const aborter = new AbortController();
  let { record, version } = taken;
  let isLost = false;

  async function renew(): Promise<boolean> {
    for (let tries = 0; tries < 5; tries++) {
      const lease = record[slot];
      if (lease?.owner !== owner || lease === undefined) break;
      const next = { ...record, [slot]: { ...lease, beat: lease.beat + 1 } };
      const result = await store.save(account, next, version);
      if (result.status === "saved") {
        record = next;
        version = result.version;
        return true;
      }
      const found = await store.find(account);
      if (found?.record === undefined) break;
      record = found.record;
      version = found.version;
    }
    isLost = true;
    return false;
  }

  async function renewUntilStopped(): Promise<void> {
    for (;;) {
      await clock.wait(leaseSeconds / 3, { signal: aborter.signal, isBackground: true });
      if (aborter.signal.aborted || isLost) return;
      // A store that fails for a moment loses nothing: the next beat comes before the lease ends.
      await renew().catch(() => undefined);
    }
  }
  const renewing = renewUntilStopped();

  return {
    get record() {
      return record;
    },
    get version() {
      return version;
    },
    renew,
    async stop() {
      aborter.abort();
      await renewing;
    },
  };
}
