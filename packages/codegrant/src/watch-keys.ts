import { unwatchFile, watchFile } from "node:fs";
import type { ChangeableKeyRing, KeyRing, LogEntry } from "@codegrant/server";
import { type KeyStore, reopenKeys } from "./keys.ts";

export interface KeyWatch {
  stop(): Promise<void>;
}

export interface WatchOptions {
  readonly keyFile: string;
  readonly ring: ChangeableKeyRing;
  readonly store: KeyStore;
  now(): number;
  log(entry: LogEntry): void;
}

/** Looked at, not notified: this also sees a file that was replaced, on every file system. */
const lookMilliseconds = 1_000;

/**
 * Takes up a key file that changed, without a restart. One that cannot be used (half written, emptied, another
 * database's) changes nothing: the log says so and the keys read before go on.
 */
export function watchKeys({ keyFile, ring, store, now, log }: WatchOptions): KeyWatch {
  let isSpoilt = false;
  const reload = async (): Promise<void> => {
    try {
      const lost: string[] = [];
      const next = await reopenKeys(keyFile, store, now(), (sentence) => lost.push(sentence));
      if (!isSpoilt && holdSame(ring, next)) return;
      isSpoilt = false;
      ring.replace(next);
      for (const detail of lost) log({ level: "warn", event: "keys.lost", detail });
      const ids = next.all().map(({ id }) => id);
      log({
        level: "info",
        event: "keys.changed",
        detail: `keys ${ids.join(", ")}; key ${next.current.id} is current`,
      });
    } catch (error) {
      isSpoilt = true;
      const reason = error instanceof Error ? error.message : "unknown reason";
      log({ level: "error", event: "keys.notChanged", detail: `The keys read before stay in use. ${reason}` });
    }
  };
  let underWay = reload(); // it may have changed since it was opened
  const look = (): void => {
    underWay = underWay.then(reload); // one after the other, so that the last change wins
  };
  watchFile(keyFile, { interval: lookMilliseconds, persistent: false }, look);
  return {
    async stop() {
      unwatchFile(keyFile, look);
      await underWay;
    },
  };
}

function holdSame(one: KeyRing, other: KeyRing): boolean {
  const describe = (ring: KeyRing): string =>
    ring
      .all()
      .map(({ id, checkValue }) => `${id} ${checkValue.toString("hex")}`)
      .join(", ");
  return describe(one) === describe(other);
}
