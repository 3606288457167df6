/** Time, handed in whole, so that a test turns it by hand. */
export interface Clock {
  /** Epoch seconds, of the wall: may jump. */
  now(): number;
  /** Seconds since some moment: never goes back, may stand still while the machine sleeps. */
  elapsed(): number;
  /** Resolves after so long, or at once when the signal aborts; never rejects. Keeps no process alive by itself. */
  wait(seconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1_000),
  elapsed: () => performance.now() / 1_000,
  wait: (seconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const timer = setTimeout(finish, seconds * 1_000);
      signal?.addEventListener("abort", finish);
    }),
};
