import type { Store } from "./store.ts";

/**
 * The day on which each consent was last used, gathered in memory and written in batches: nothing decides by it, and a
 * crash may lose a day. So a refresh writes one row, not two.
 */
export interface Usage {
  note(consentId: number, now: number): void;
  /** The day noted here, which may not be written yet; undefined if none was. */
  dayOf(consentId: number): number | undefined;
  /** Writes what was gathered, ascending by id, so that neighbouring rows share a page. */
  flush(): Promise<void>;
}

/** Beyond these a use goes unnoted until the next flush. */
const maximumWaiting = 100_000;
const batchSize = 500;
const daySeconds = 86_400;

export function createUsage(store: Pick<Store, "noteConsentsUsed">): Usage {
  /** Days already written or waiting, so that a consent costs one write a day. */
  let noted = new Map<number, number>();
  let waiting = new Map<number, number>();
  return {
    note(consentId, now) {
      const day = Math.floor(now / daySeconds);
      if ((noted.get(consentId) ?? 0) >= day || waiting.size >= maximumWaiting) return;
      if (noted.size >= maximumWaiting) noted = new Map(waiting);
      noted.set(consentId, day);
      waiting.set(consentId, day);
    },
    dayOf: (consentId) => noted.get(consentId),
    async flush() {
      const days = [...waiting]
        .map(([consentId, day]) => ({ consentId, day }))
        .toSorted((a, b) => a.consentId - b.consentId);
      waiting = new Map();
      for (let i = 0; i < days.length; i += batchSize) await store.noteConsentsUsed(days.slice(i, i + batchSize));
    },
  };
}
