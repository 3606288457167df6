import { createMemoryStore, type Store } from "@codegrant/server";

export type StepName = Exclude<keyof Store, "close">;

/** A store that lets a test stand around each of its steps: to count, to fail, to let others come between. */
export function storeAround(
  around: (name: StepName, run: () => Promise<unknown>) => Promise<unknown>,
  store: Store = createMemoryStore(),
): Store {
  const steps = Object.entries(store) as [StepName, (...given: unknown[]) => Promise<unknown>][];
  const wrapped = steps.map(([name, step]) => [name, (...given: unknown[]) => around(name, () => step(...given))]);
  return Object.fromEntries(wrapped) as Store;
}

/** A store and the names of the steps that wrote something. */
export function watchedStore(): { readonly store: Store; readonly written: StepName[] } {
  const written: StepName[] = [];
  const store = storeAround((name, run) => {
    if (!/^(?:find|list)/.test(name)) written.push(name);
    return run();
  });
  return { store, written };
}

/** Steps interleave as on a database: each waits some turns before and after, drawn from a seed. */
export function interleavedStore(seed: number): Store {
  const turns = drawTurns(seed);
  return storeAround(async (_, run) => {
    await pause(turns());
    const result = await run();
    await pause(turns());
    return result;
  });
}

async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}

/** A linear congruential generator: 0 to 15, the same for the same seed. */
function drawTurns(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 28;
  };
}
