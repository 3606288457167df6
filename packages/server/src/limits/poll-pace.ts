/** Whether a device keeps the interval it was given. In memory: a poll writes nothing. */
export interface PollPace {
  /** Notes a poll. Each one too fast makes the interval five seconds longer (RFC 8628, 3.5). */
  isTooFast(deviceRequestId: number, now: number): boolean;
}

export const pollIntervalSeconds = 5;
const slowDownSeconds = 5;
/** Devices measure from the answer they got, we from the question: a second of grace. */
const graceSeconds = 1;
const maximumDevices = 10_000;

export function createPollPace(): PollPace {
  const paces = new Map<number, { readonly at: number; readonly intervalSeconds: number }>();
  return {
    isTooFast(id, now) {
      const before = paces.get(id);
      const isTooFast =
        before !== undefined && now - before.at < before.intervalSeconds - graceSeconds && now >= before.at;
      const intervalSeconds = (before?.intervalSeconds ?? pollIntervalSeconds) + (isTooFast ? slowDownSeconds : 0);
      paces.delete(id);
      paces.set(id, { at: now, intervalSeconds });
      const oldest = paces.size > maximumDevices ? paces.keys().next().value : undefined;
      if (oldest !== undefined) paces.delete(oldest);
      return isTooFast;
    },
  };
}
