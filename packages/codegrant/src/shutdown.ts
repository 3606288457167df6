/** npm passes Ctrl-C on to a child that the terminal has told already; both copies arrive together. */
const sameKeyPressMilliseconds = 300;

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
type StopSignal = keyof typeof exitCodes;

/** Resolves at the first SIGTERM or Ctrl-C. A second one, for whoever does not want to wait, ends the process at once. */
export function untilStopped(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let stoppedAt: number | undefined;
    const stop = (signal: StopSignal): void => {
      if (stoppedAt === undefined) {
        stoppedAt = performance.now();
        resolve(signal);
      } else if (performance.now() - stoppedAt > sameKeyPressMilliseconds) {
        process.exit(exitCodes[signal]);
      }
    };
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  });
}
