import type { Words } from "./words/en.ts";

const day = 86_400;
const steps = [
  [60, "minute"],
  [3600, "hour"],
  [day, "day"],
  [30 * day, "month"],
  [365 * day, "year"],
] as const satisfies readonly (readonly [number, Intl.RelativeTimeFormatUnit])[];

/** How long ago something was, in words: "3 days ago". Times are epoch seconds; the future counts as now. */
export function formatRelative(at: number, now: number, words: Pick<Words, "lang" | "time">): string {
  const seconds = Math.max(0, now - at);
  const [length, unit] = steps.findLast(([enough]) => seconds >= enough) ?? [];
  if (length === undefined || unit === undefined) return words.time.justNow;
  return relative(words.lang).format(-Math.floor(seconds / length), unit);
}

/** The same for a time known only to the day (UTC): "today", "yesterday", "3 days ago". */
export function formatRelativeDay(at: number, now: number, words: Pick<Words, "lang" | "time">): string {
  const days = Math.max(0, Math.floor(now / day) - Math.floor(at / day));
  return days < 30 ? relative(words.lang).format(-days, "day") : formatRelative(at, now, words);
}

/** The moment in UTC, to the second, as in `<time datetime>`. */
export function formatUtc(at: number): string {
  const latest = 253_402_300_799; // the last second of the year 9999
  return new Date(Math.min(Math.max(0, Math.floor(at)), latest) * 1000).toISOString().replace(".000", "");
}

function relative(lang: string): Intl.RelativeTimeFormat {
  return new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
}
