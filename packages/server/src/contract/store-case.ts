import type { Store } from "../store.ts";

/** One promise that every store keeps. */
export interface StoreCase {
  readonly name: string;
  /** For stores that outlive their process: `open.reopen` must be there. A store that forgets leaves these out. */
  readonly needsReopen: boolean;
  /** Rejects, with an `AssertionError` where the promise is broken. */
  readonly run: (open: OpenStore) => Promise<void>;
}

/** Opens an empty store of its own for each call. The case that opened it closes it. */
export interface OpenStore {
  (): Promise<Store>;
  /** Closes a store that `open` gave and opens what it left behind, as a process does that starts again. */
  readonly reopen?: (store: Store) => Promise<Store>;
}

export function storeCase(name: string, test: (store: Store) => Promise<void>): StoreCase {
  return {
    name,
    needsReopen: false,
    async run(open) {
      const store = await open();
      try {
        await test(store);
      } finally {
        await store.close();
      }
    },
  };
}

/** Whatever `fill` returns is handed to `test`, with the store as it is after it was closed and opened again. */
export function reopenCase<Facts>(
  name: string,
  fill: (store: Store) => Promise<Facts>,
  test: (store: Store, facts: Facts) => Promise<void>,
): StoreCase {
  return {
    name,
    needsReopen: true,
    async run(open) {
      if (open.reopen === undefined) throw new TypeError("This case is for stores that can be opened again.");
      const first = await open();
      const facts = await fill(first);
      const second = await open.reopen(first);
      try {
        await test(second, facts);
      } finally {
        await second.close();
      }
    },
  };
}
