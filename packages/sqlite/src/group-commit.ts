import type { Database } from "./driver.ts";
import { prepareStatement } from "./statement.ts";
import { StoreError } from "./store-error.ts";

/** Steps that may wait. More than the disk can take are refused at once, so that answers stay quick. */
const maximumWaiting = 10_000;
/** A step that has waited for longer is refused as if it had come too late: whoever sent it has most likely given up. */
const maximumWaitMilliseconds = 10_000;
/** Steps in one transaction: short enough that another process gets its turn. */
const maximumTogether = 500;
/** With so many steps there is nothing to gain from waiting for more. */
const worthCommitting = 64;
/** Turns of the event loop that a step waits for company at most. None of them sleeps. */
const maximumTurns = 4;

export interface GroupCommit {
  /** Resolves with what the step returned, once it is on the disk. */
  readonly add: <T>(step: () => T) => Promise<T>;
  /** Within a step: applies all of these statements, or, when one throws, none. */
  readonly together: <T>(statements: () => T) => T;
  /** Commits everything that waits, now. */
  readonly finish: () => void;
}

interface WaitingStep {
  readonly since: number;
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface GroupCommitOptions {
  readonly beforeCommit: () => void;
  readonly explain: (error: unknown) => unknown;
  /** Milliseconds since whenever, which no clock can set back. */
  readonly elapsed?: () => number;
}

/**
 * Gathers the writes of a turn of the event loop into one transaction: one wait for the disk for all of them. While a
 * turn brings more, the next one is awaited too, a few at most: clients that were answered together come back one after
 * another, and the first would have the disk for itself while the others wait.
 * A step that throws fails alone; a commit that fails fails every step in it.
 */
export function createGroupCommit(
  database: Database,
  { beforeCommit, explain, elapsed = () => performance.now() }: GroupCommitOptions,
): GroupCommit {
  const begin = prepareStatement<never>(database, "BEGIN IMMEDIATE");
  const commit = prepareStatement<never>(database, "COMMIT");
  const rollback = prepareStatement<never>(database, "ROLLBACK");
  const savepoint = prepareStatement<never>(database, "SAVEPOINT step");
  const release = prepareStatement<never>(database, "RELEASE step");
  const rollbackTo = prepareStatement<never>(database, "ROLLBACK TO step");
  let waiting: WaitingStep[] = [];
  let isScheduled = false;

  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(commitOrWait, 0, maximumTurns);
  };

  const commitOrWait = (before: number, turnsLeft: number): void => {
    const count = waiting.length;
    if (count > before && count < worthCommitting && turnsLeft > 0) {
      setImmediate(commitOrWait, count, turnsLeft - 1);
      return;
    }
    isScheduled = false;
    commitSome();
    if (waiting.length > 0) schedule();
  };

  const commitSome = (): void => {
    refuseStale();
    const steps = waiting.slice(0, maximumTogether);
    waiting = waiting.slice(maximumTogether);
    if (steps.length === 0) return;
    try {
      beforeCommit();
      begin.run();
      const answers = steps.map((step) => runStep(step));
      commit.run();
      for (const answer of answers) answer();
    } catch (error) {
      rollBack();
      const reason = explain(error);
      for (const step of steps) step.reject(reason);
    }
  };

  /** They stand in order of age. Nothing of them was begun. */
  const refuseStale = (): void => {
    const oldest = elapsed() - maximumWaitMilliseconds;
    while (waiting[0] !== undefined && waiting[0].since < oldest) waiting.shift()?.reject(tooMuch());
  };

  /** Must not throw, or whoever waits would never be answered; if it fails, the next BEGIN does, and says so. */
  const rollBack = (): void => {
    try {
      if (database.isTransaction) rollback.run();
    } catch {}
  };

  /** Runs one step and returns how to answer it once the commit is through. */
  const runStep = ({ run, resolve, reject }: WaitingStep): (() => void) => {
    try {
      const value = run();
      return () => resolve(value);
    } catch (error) {
      // A full disk can make SQLite roll back everything; then there is nothing left to commit for anyone.
      if (!database.isTransaction) throw error;
      return () => reject(explain(error));
    }
  };

  return {
    add(step) {
      if (waiting.length >= maximumWaiting) return Promise.reject(tooMuch());
      return new Promise((resolve, reject) => {
        waiting.push({ since: elapsed(), run: step, resolve: resolve as (value: unknown) => void, reject });
        schedule();
      });
    },
    together(statements) {
      savepoint.run();
      try {
        const value = statements();
        release.run();
        return value;
      } catch (error) {
        if (database.isTransaction) {
          rollbackTo.run();
          release.run();
        }
        throw error;
      }
    },
    finish() {
      while (waiting.length > 0) commitSome();
    },
  };
}

const tooMuch = (): StoreError =>
  new StoreError("ERR_STORE_BUSY", "More is waiting to be written than the disk can take: try again in a moment.");
