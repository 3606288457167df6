import type { CleanStep, CleanWalk, Ending, Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import type { Statement } from "../statement.ts";
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
  const cleanRest = prepareCleanRest(connection);
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

    cleanRest: (now, olderThan) => cleanRest(now, olderThan, stampedThrough),
  };
}

/** Rows that one transaction removes, so that no request waits for long. */
const maximumRemoved = 5_000;

function prepareCleanRest({
  prepare,
  write,
}: Connection): (now: number, olderThan: number, stampedThrough: number) => Promise<void> {
  const remove = (table: string, key: string, which: string) =>
    prepare(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${which} LIMIT ${maximumRemoved})`,
    );
  const expired = [
    remove("sessions", "secret_hash", "expires_at <= ?"),
    remove("reset_links", "user_id", "expires_at <= ?"),
    remove("device_requests", "id", "expires_at <= ?"),
    // A row value: the table has no other key.
    prepare(`
      DELETE FROM revoked_application_tokens WHERE (application_id, serial) IN (
        SELECT application_id, serial FROM revoked_application_tokens WHERE expires_at <= ? LIMIT ${maximumRemoved}
      )
    `),
  ];
  const events = remove("events", "id", "at < ?");
  // The newest stays, so that ids go on ascending.
  const endings = remove("endings", "id", "id <= ? AND at < ? AND id < (SELECT max(id) FROM endings)");

  return async (now, olderThan, stampedThrough) => {
    const removeAll = async (statement: Statement<unknown>, ...values: readonly number[]): Promise<void> => {
      const removeSome = () => write(() => Number(statement.run(...values).changes));
      while ((await removeSome()) === maximumRemoved);
    };
    for (const statement of expired) await removeAll(statement, now);
    await removeAll(events, olderThan);
    await removeAll(endings, stampedThrough, olderThan);
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
  const takeUntold = connection.prepare<{ readonly id: number }>(
    "DELETE FROM untold_grants WHERE grant_id BETWEEN ? AND ? RETURNING grant_id AS id",
  );
  const stamp = connection.prepare(
    "UPDATE grants SET ended_at = ?, ended_why = ?, revision = revision + 1 WHERE id = ?",
  );

  return (candidates, step) => {
    const ended: CleanStep["ended"][number][] = [];
    let removed = 0;
    const tell = (id: number): void => {
      const facts = findGrant(id);
      if (facts?.grant.ended !== undefined) ended.push({ ...facts, why: facts.grant.ended.why });
    };
    // Taken in the step that tells of them, so that of several servers one does.
    const untold = new Set(takeUntold.all(candidates[0]?.id ?? 0, candidates.at(-1)?.id ?? 0).map(({ id }) => id));
    for (const candidate of candidates) {
      const { id } = candidate;
      const fate = untold.has(id) ? "tell" : fateOf(candidate, step);
      if (fate === "remove") removed += Number(remove.run(id).changes);
      const before = fate === "stamp" ? findGrant(id) : undefined;
      if (before !== undefined) {
        const { at, why } = endingOf(candidate, findEnding(before.grant, before.consent));
        stamp.run(at, why, id);
      }
      if (fate === "stamp" || fate === "tell") tell(id);
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

/** `ending` is what the endings tell of a grant that was left behind. */
export function endingOf(
  { isLeftBehind, expiresAt }: Pick<CandidateRow, "isLeftBehind" | "expiresAt">,
  ending: Ending | undefined,
): Ending {
  if (isLeftBehind === 0) return { at: expiresAt, why: "expiry" };
  // Every ending is kept until its grants are stamped, so none can be missing; if one were, the walk must not stop at it.
  return ending ?? { at: expiresAt, why: "operator" };
}
