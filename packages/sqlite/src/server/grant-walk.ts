import { setImmediate as nextTurn } from "node:timers/promises";
import type { Connection } from "../connection.ts";

/** Ids of grants, both ends included. */
export type Span = readonly [firstId: number, lastId: number];

/** So that a question about millions of grants holds up no request: a few milliseconds a turn of the event loop. */
const spanLength = 1_000;

/**
 * Grants have no index but their ids, which is what makes them cheap; whoever asks about all of them walks the ids, a
 * span at a time, skipping gaps. Each span sees the database as it then is.
 */
export function prepareWalk({ prepare, read }: Connection): (afterId?: number) => AsyncGenerator<Span, void> {
  const findNext = prepare<{ readonly id: number | null }>("SELECT min(id) AS id FROM grants WHERE id > ?");

  return async function* walk(afterId = 0) {
    for (let after = afterId; ; await nextTurn()) {
      const first = (await read(() => findNext.get(after)))?.id ?? undefined;
      if (first === undefined) return;
      after = first + spanLength - 1;
      yield [first, after];
    }
  };
}

/**
 * What a statement over a span begins with. CROSS keeps SQLite from starting at the consents, which would walk the span
 * once for each of them.
 */
export const grantsInSpan = `grants g
  CROSS JOIN consents c ON c.id = g.consent_id CROSS JOIN applications a ON a.id = c.application_id
  WHERE g.id BETWEEN ?1 AND ?2`;

export const isLeftBehind = "(c.epoch <> g.consent_epoch OR a.epoch <> g.application_epoch)";

/** At the time that the parameter gives. */
export const isLiving = (now: `?${number}`): string =>
  `g.ended_at IS NULL AND g.expires_at > ${now} AND NOT ${isLeftBehind}`;
