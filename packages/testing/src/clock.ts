import type { Clock } from "@codegrant/client";

/** A clock that stands still until a test turns it, or until something that waits for it has waited in earnest. */
export interface TestClock extends Clock {
  /** Time goes on by so long; whoever waits for less is woken. */
  advance(seconds: number): void;
  /** The wall clock alone is set, as by a machine that slept or a person who put it right. */
  jump(seconds: number): void;
}

interface Waiting {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock for the provider, and for the client that is tested if it takes one. Waiting works without turning it, so
 * that no test hangs: then it moves by just what was waited for.
 *
 * @example
 * const clock = createTestClock();
 * clock.advance(4 * 3_600);
 */
export function createTestClock(startSeconds: number = Math.floor(Date.now() / 1_000)): TestClock {
  let elapsed = 0;
  let offset = startSeconds;
  const waiting = new Set<Waiting>();

  function moveTo(moment: number): void {
    elapsed = Math.max(elapsed, moment);
    for (const one of [...waiting].toSorted((a, b) => a.at - b.at)) if (one.at <= elapsed) one.wake();
  }

  return {
    now: () => Math.floor(offset + elapsed),
    elapsed: () => elapsed,
    wait: (seconds, { signal, isBackground = false } = {}) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const wake = (): void => {
          waiting.delete(one);
          clearTimeout(timer);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const one = { at: elapsed + seconds, wake };
        const timer = setTimeout(() => moveTo(one.at), Math.min(seconds, maximumWaitSeconds) * 1_000);
        if (isBackground) timer.unref();
        waiting.add(one);
        signal?.addEventListener("abort", wake);
      }),
    advance: (seconds) => moveTo(elapsed + seconds),
    jump(seconds) {
      offset += seconds;
    },
  };
}

/** What a timer of Node can hold. */
const maximumWaitSeconds = 2_000_000;
