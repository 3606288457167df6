import type { CleanStep, CleanWalk, Ending, Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import type { EndingSteps } from "./endings.ts";
import { prepareFindGrant } from "./grant-row.ts";

type CleanerSteps = Pick<Store, "cleanGrants" | "cleanRest">;

export function cleanerSteps(connection: Connection, endings: EndingSteps): CleanerSteps {
  const { prepare, write, together } = connection;
  const clean = prepareClean(connection, endings);
  const list = prepare<CandidateRow>(`
    SELECT g.id, g.ended_at AS endedAt, g.exchanged_at IS NOT NULL AS isExchanged, g.expires_at AS expiresAt,
      g.consent_epoch <> c.epoch OR g.application_epoch <> a.epoch AS isLeftBehind,
      g.id = (SELECT max(id) FROM grants) AS isNewest
    FROM grants g JOIN consents c ON c.id = g.consent_id JOIN applications a ON a.id = c.application_id
    WHERE g.id > ? ORDER BY g.id LIMIT ?
  `);
  const removeExpired = ["sessions", "reset_links"].map((table) =>
    prepare(
      `DELETE FROM ${table} WHERE secret_hash IN (SELECT secret_hash FROM ${table} WHERE expires_at <= ? LIMIT 10000)`,
    ),
  );
  const removeEvents = prepare("DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < ? LIMIT 10000)");
  // The newest stays, so that ids go on ascending.
  const removeEndings = prepare(`
    DELETE FROM endings WHERE id IN (
      SELECT id FROM endings WHERE id <= ? AND at < ? AND id < (SELECT max(id) FROM endings) LIMIT 10000
    )
  `);
  /** The walk under way: where it goes on, and the newest ending when it began. */
  let walk = { afterId: 0, lastEndingId: 0 };
  /** Whatever was left behind by endings up to this one is stamped, since a whole walk began after it. */
  let stampedThrough = 0;

  return {
    async cleanGrants(step) {
      const { afterId } = step;
      const limit = Math.min(Math.max(step.limit, 1), 1_000);
      const { lastEndingId, ...done } = await write(() =>
        together(() => {
          const candidates = list.all(afterId, limit);
          const nextAfterId = candidates.length < limit ? undefined : candidates.at(-1)?.id;
          return { lastEndingId: endings.lastEndingId(), nextAfterId, ...clean(candidates, step) };
        }),
      );
      if (afterId === 0) walk = { afterId, lastEndingId };
      if (afterId === walk.afterId) {
        if (done.nextAfterId === undefined) stampedThrough = walk.lastEndingId;
        else walk = { ...walk, afterId: done.nextAfterId };
      }
      return done;
    },

    cleanRest: (now, olderThan) =>
      write(() =>
        together(() => {
          for (const remove of removeExpired) remove.run(now);
          removeEvents.run(olderThan);
          removeEndings.run(stampedThrough, olderThan);
        }),
      ),
  };
}

interface CandidateRow {
  readonly id: number;
  readonly endedAt: number | null;
  readonly isExchanged: number;
  readonly expiresAt: number;
  readonly isLeftBehind: number;
  readonly isNewest: number;
}

type CleanEach = (
  candidates: readonly CandidateRow[],
  step: Pick<CleanWalk, "now" | "removeEndedBefore">,
) => Pick<CleanStep, "ended" | "removed">;

function prepareClean(connection: Connection, { findEnding }: EndingSteps): CleanEach {
  const findGrant = prepareFindGrant(connection);
  const remove = connection.prepare("DELETE FROM grants WHERE id = ?");
  const stamp = connection.prepare(
    "UPDATE grants SET ended_at = ?, ended_why = ?, revision = revision + 1 WHERE id = ?",
  );

  return (candidates, step) => {
    const ended: CleanStep["ended"][number][] = [];
    let removed = 0;
    for (const candidate of candidates) {
      const { id } = candidate;
      const fate = fateOf(candidate, step);
      if (fate === "remove") removed += Number(remove.run(id).changes);
      const before = fate === "stamp" ? findGrant(id) : undefined;
      if (before === undefined) continue;
      const { at, why } = endingOf(candidate, findEnding(before.grant, before.consent));
      stamp.run(at, why, id);
      const after = findGrant(id);
      if (after !== undefined) ended.push({ ...after, why });
    }
    return { ended, removed };
  };
}

function fateOf(
  { endedAt, isExchanged, expiresAt, isLeftBehind, isNewest }: CandidateRow,
  { now, removeEndedBefore }: Pick<CleanWalk, "now" | "removeEndedBefore">,
): "remove" | "stamp" | "leave" {
  const isOver = expiresAt <= now;
  const isDone = endedAt === null ? isOver && isExchanged === 0 : endedAt < removeEndedBefore;
  if (isDone) return isNewest === 1 ? "leave" : "remove";
  return endedAt === null && (isLeftBehind === 1 || isOver) ? "stamp" : "leave";
}

function endingOf({ isLeftBehind, expiresAt }: CandidateRow, ending: Ending | undefined): Ending {
  if (isLeftBehind === 0) return { at: expiresAt, why: "expiry" };
  // Every ending is kept until its grants are stamped, so none can be missing; if one were, the walk must not stop at it.
  return ending ?? { at: expiresAt, why: "operator" };
}
