import { cleanOnce, type Platform } from "@codegrant/server";

const hourMilliseconds = 3_600_000;
/** Not at the start itself: then there is enough to do. */
const firstAfterMilliseconds = 60_000;

export interface Cleaning {
  /** No further walk begins; one under way takes no further step, so that no stop waits for millions of grants. */
  stop(): Promise<void>;
}

/** Removes what has expired, about hourly, while the server runs. A walk that fails is logged, and the next one tries again. */
export function startCleaning(platform: Platform): Cleaning {
  let underWay = Promise.resolve();
  const stopping = new AbortController();
  const clean = async (): Promise<void> => {
    try {
      const { ended, removed } = await cleanOnce(platform, { signal: stopping.signal });
      platform.log({ level: "info", event: "cleaned", detail: `${ended} grants ended, ${removed} removed` });
    } catch (cause) {
      platform.log({ level: "error", event: "cleaning.failed", cause });
    }
    timer = setTimeout(start, hourMilliseconds).unref();
  };
  const start = (): void => {
    underWay = clean();
  };
  let timer = setTimeout(start, firstAfterMilliseconds).unref();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await underWay;
      clearTimeout(timer); // the walk that was under way has set another
    },
  };
}
