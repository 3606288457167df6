/**
 * Gathers the writes of one turn of the event loop into one transaction, so that they share one wait for the disk.
 * A write that throws must do so before its first statement: there is no savepoint around it.
 */
export function createGroupCommit(/** @type {import("./database.mjs").Bench} */ { prepare }) {
  const begin = prepare("BEGIN IMMEDIATE");
  const commit = prepare("COMMIT");
  /** @type {{ run: () => unknown, resolve: (value: any) => void, reject: (error: unknown) => void }[]} */
  let waiting = [];

  const commitAll = () => {
    const batch = waiting;
    waiting = [];
    begin.run();
    const answers = batch.map(({ run, resolve, reject }) => {
      try {
        const value = run();
        return () => resolve(value);
      } catch (error) {
        return () => reject(error);
      }
    });
    commit.run();
    for (const answer of answers) answer();
  };

  /** Resolves with what `run` returned once it is on the disk. */
  return (/** @type {() => unknown} */ run) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(commitAll);
      waiting.push({ run, resolve, reject });
    });
}
