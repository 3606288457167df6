import type { LogEntry } from "@codegrant/server";
import { destination, pino } from "pino";
import type { LogLevel } from "./log-level.ts";

export interface Log {
  write(this: void, entry: LogEntry): void;
  /** What is still on its way, before the process ends. */
  flush(): void;
}

/** One event a line, as JSON on stderr: level, time, event and identifiers, never a secret. */
export function openLog(level: LogLevel): Log {
  // Not synchronous, so that a slow reader of the log does not slow the server down.
  const output = destination({ dest: 2, sync: false });
  const logger = pino(
    { level, base: null, timestamp: isoTime, formatters: { level: (label) => ({ level: label }) } },
    output,
  );
  return {
    write({ level: entryLevel, cause, ...entry }) {
      logger[entryLevel](cause === undefined ? entry : { ...entry, cause: describeCause(cause) });
    },
    flush() {
      if (level !== "silent") output.flushSync();
    },
  };
}

const isoTime = (): string => `,"time":"${new Date().toISOString()}"`;

const maximumCauses = 5;

/** The chain of causes as text. Only what is named here: an error may carry a request, and with it a secret. */
function describeCause(error: unknown): object[] {
  const causes: object[] = [];
  for (let at: unknown = error; at instanceof Error && causes.length < maximumCauses; at = at.cause) {
    causes.push({ name: at.name, message: at.message, stack: at.stack });
  }
  return causes.length > 0 ? causes : [{ message: `a thrown ${typeof error}` }];
}
