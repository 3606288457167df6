import { statSync } from "node:fs";
import type { ChangeableKeyRing, LogEntry, Store } from "@codegrant/server";
import { CommandError } from "./command-error.ts";
import { type KeySource, reloadKeys } from "./keys.ts";

export interface KeyWatch {
  /** Looks at once, and is done when what it found is in use. */
  readonly look: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface KeyWatchOptions {
  readonly source: KeySource;
  readonly store: Store;
  readonly ring: ChangeableKeyRing;
  /** Epoch seconds. */
  readonly now: () => number;
  readonly log: (entry: LogEntry) => void;
}

/** Asked for rather than told by the system: that works on every file system, also on one mounted into a container. */
const intervalMilliseconds = 2_000;

/**
 * Takes up a changed key file while the server runs. One that cannot be used is told in one log line, the keys that are
 * in use stay in use, and it is tried again until it can.
 */
export function watchKeys({ source, store, ring, now, log }: KeyWatchOptions): KeyWatch {
  let taken = fingerprintOf(source.keyFile);
  let complaint = "";
  const look = async (): Promise<void> => {
    const found = fingerprintOf(source.keyFile);
    if (found === taken) return;
    try {
      ring.replace(await reloadKeys(source, store, ring, now()));
      [taken, complaint] = [found, ""];
      log({ level: "info", event: "keys.taken", detail: describeRing(ring) });
    } catch (cause) {
      const sentence = sentenceOf(cause);
      if (sentence === complaint) return;
      complaint = sentence;
      const own = cause instanceof CommandError ? {} : { cause };
      log({ level: "error", event: "keys.notTaken", detail: `${sentence} ${goesOn}`, ...own });
    }
  };
  let underWay = Promise.resolve();
  const inTurn = (): Promise<void> => {
    underWay = underWay.then(look);
    return underWay;
  };
  const timer = setInterval(() => void inTurn(), intervalMilliseconds).unref();
  return {
    look: inTurn,
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}

const goesOn = "The server goes on with the keys it has; put the file right before it starts again.";

function sentenceOf(error: unknown): string {
  return error instanceof CommandError ? error.message : "The changed key file could not be checked.";
}

function describeRing(ring: ChangeableKeyRing): string {
  const others = ring.all().filter(({ id }) => id !== ring.current.id);
  return `key ${ring.current.id} is current${others.map(({ id }) => `, ${id} verifies`).join("")}`;
}

/** A replaced, rewritten or removed file has another one. */
function fingerprintOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? "none" : [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" ");
}
