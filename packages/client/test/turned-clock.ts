import type { Clock } from "../src/connect/clock.ts";

export interface TurnedClock extends Clock {
  /** Both clocks go on, as on a machine that is awake. Timers that fall due fire. */
  pass(seconds: number): Promise<void>;
  /** The wall clock alone jumps: somebody set it, or the machine slept. */
  jump(seconds: number): void;
  /** Lets time pass, from timer to timer, until the work is done. */
  run<T>(work: Promise<T>): Promise<T>;
}

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that stands still until a test turns it. */
export function turnedClock(start = 1_800_000_000): TurnedClock {
  let wall = start;
  let elapsed = 0;
  const timers = new Set<Timer>();

  /** To the next timer, or to `limit` if there is none before it. */
  function step(limit: number): void {
    const next = [...timers].toSorted((a, b) => a.at - b.at)[0];
    const to = next === undefined || next.at > limit ? limit : next.at;
    if (to === Number.POSITIVE_INFINITY) return;
    wall += Math.max(0, to - elapsed);
    elapsed = Math.max(elapsed, to);
    if (next === undefined || next.at > elapsed) return;
    timers.delete(next);
    next.fire();
  }

  return {
    now: () => Math.floor(wall),
    elapsed: () => elapsed,
    wait: (seconds, { signal } = {}) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const finish = (): void => {
          timers.delete(timer);
          signal?.removeEventListener("abort", finish);
          resolve();
        };
        const timer = { at: elapsed + seconds, fire: finish };
        timers.add(timer);
        signal?.addEventListener("abort", finish);
      }),
    async pass(seconds) {
      const end = elapsed + seconds;
      while (elapsed < end) {
        await settle();
        step(end);
      }
      await settle();
    },
    jump(seconds) {
      wall += seconds;
    },
    async run(work) {
      let isDone = false;
      const finish = (): void => {
        isDone = true;
      };
      work.then(finish, finish);
      for (let turns = 0; turns < 10_000; turns++) {
        await settle();
        if (isDone) return await work;
        step(Number.POSITIVE_INFINITY);
      }
      throw new Error("the work does not come to an end, however much time passes");
    },
  };
}

/** Everything that can go on without time goes on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
