/** Time, handed in whole, so that a test turns it by hand. */
export interface Clock {
  /** Epoch seconds, of the wall: may jump. */
  now(): number;
  /** Seconds since some moment: never goes back, may stand still while the machine sleeps. */
  elapsed(): number;
  /** Resolves after so long, or at once when the signal aborts; never rejects. */
  wait(seconds: number, options?: WaitOptions): Promise<void>;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  /** The process may end meanwhile. */
  readonly isBackground?: boolean | undefined;
}

export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1_000),
  elapsed: () => performance.now() / 1_000,
  wait: (seconds, { signal, isBackground = false } = {}) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", finish);
        resolve();
      };
      const timer = setTimeout(finish, seconds * 1_000);
      if (isBackground) detach(timer);
      signal?.addEventListener("abort", finish);
    }),
};

/** Node's timers are objects, those of browsers and workers are numbers. */
function detach(timer: unknown): void {
  if (typeof timer === "object") (timer as { readonly unref?: () => void }).unref?.();
}
