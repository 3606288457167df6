import type { Database } from "./driver.ts";
import { prepareStatement } from "./statement.ts";

/** One read transaction for all reads of a turn of the event loop. */
export interface Snapshot {
  readonly begin: () => void;
  readonly end: () => void;
  readonly onChangedElsewhere: (forget: () => void) => void;
}

/**
 * Taking SQLite's read lock costs more than reading a row, so the reads of one turn share it. It also makes asking
 * whether another process has written cheap enough to do it once a turn.
 */
export function createSnapshot(database: Database): Snapshot {
  const begin = prepareStatement<never>(database, "BEGIN");
  const commit = prepareStatement<never>(database, "COMMIT");
  const rollback = prepareStatement<never>(database, "ROLLBACK");
  const dataVersion = prepareStatement<readonly [version: number]>(database, "PRAGMA data_version", { asArrays: true });
  const listeners: (() => void)[] = [];
  let lastVersion = dataVersion.get()?.[0];
  let isOpen = false;

  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    // A read that met a damaged page makes COMMIT fail too. Whoever read was told; here there is nobody to tell, and
    // nothing was written that could be lost.
    for (const ending of [commit, rollback]) {
      if (!database.isTransaction) return;
      try {
        ending.run();
      } catch {}
    }
  };

  return {
    begin() {
      if (isOpen) return;
      begin.run();
      isOpen = true;
      setImmediate(end);
      const version = dataVersion.get()?.[0];
      if (version === lastVersion) return;
      lastVersion = version;
      for (const forget of listeners) forget();
    },
    end,
    onChangedElsewhere(forget) {
      listeners.push(forget);
    },
  };
}
