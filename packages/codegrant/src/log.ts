import type { LogEntry } from "@codegrant/server";
import { destination, pino } from "pino";
import type { LogLevel } from "./log-level.ts";

export interface Log {
  write(this: void, entry: LogEntry): void;
  /** Writes what is still on its way, as far as somebody takes it within a second. Nothing can be written afterwards. */
  end(): Promise<void>;
}

/** One event a line, as JSON on stderr: level, time, event and identifiers, never a secret. */
export function openLog(level: LogLevel): Log {
  // Not synchronous, so that a slow reader of the log does not slow the server down.
  let isEnding = false;
  const retryEAGAIN = (): boolean => !isEnding;
  const output = destination({ dest: 2, sync: false, maxLength: maximumWaitingBytes, retryEAGAIN, ...gathering });
  // At `process.exit` it would try for ever where nobody takes the lines. What is older than 50 ms is written by then.
  output.flushSync = () => undefined;
  // Where a log cannot be written, its lines are lost; the server goes on, and so does the log once it can.
  output.on("error", () => undefined);
  const logger = pino(
    { level, base: null, timestamp: isoTime, formatters: { level: (label) => ({ level: label }) } },
    output,
  );
  return {
    write({ level: entryLevel, cause, ...entry }) {
      logger[entryLevel](cause === undefined ? entry : { ...entry, cause: describeCause(cause) });
    },
    end() {
      // Not `flushSync`: where nothing can be written, that tries for ever.
      return new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(limit);
          // Both, or the process would go on trying.
          isEnding = true;
          output.destroy();
          resolve();
        };
        const limit = setTimeout(done, maximumEndMilliseconds);
        output.once("close", done).once("error", done).end();
      });
    },
  };
}

/** Lines of the same moment are written together: a write for each would cost as much as answering the request. */
const gathering = { minLength: 8_192, periodicFlush: 50 };

/** Beyond that, lines are dropped while nobody takes them. */
const maximumWaitingBytes = 4 * 1024 * 1024;

const maximumEndMilliseconds = 1_000;

/** Made once a millisecond: a busy server writes ten lines in one. */
const isoTime = (): string => {
  const now = Date.now();
  if (now !== timeOf.at) timeOf = { at: now, text: `,"time":"${new Date(now).toISOString()}"` };
  return timeOf.text;
};

let timeOf = { at: 0, text: "" };

const maximumCauses = 5;

/** The chain of causes as text. Only what is named here: an error may carry a request, and with it a secret. */
function describeCause(error: unknown): object[] {
  const causes: object[] = [];
  for (let at: unknown = error; at instanceof Error && causes.length < maximumCauses; at = at.cause) {
    causes.push({ name: at.name, message: at.message, stack: at.stack });
  }
  return causes.length > 0 ? causes : [{ message: `a thrown ${typeof error}` }];
}
