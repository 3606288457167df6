import { describe, expect, it } from "vitest";
import { en, formatRelative } from "../../src/pages/index.ts";
import { formatRelativeDay, formatUtc } from "../../src/pages/time.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const noon = Date.UTC(2026, 2, 14, 12, 0, 0) / 1000;

describe("how long ago", () => {
  it.each([
    [0, "just now"],
    [59, "just now"],
    [minute, "1 minute ago"],
    [59 * minute + 59, "59 minutes ago"],
    [hour, "1 hour ago"],
    [23 * hour, "23 hours ago"],
    [day, "yesterday"],
    [3 * day, "3 days ago"],
    [29 * day, "29 days ago"],
    [30 * day, "last month"],
    [95 * day, "3 months ago"],
    [365 * day, "last year"],
    [800 * day, "2 years ago"],
    // A clock that was set back since: the future counts as now.
    [-5 * hour, "just now"],
  ])("%i seconds are %s", (ago, words) => {
    expect(formatRelative(noon - ago, noon, en)).toBe(words);
  });

  it.each([
    [0, "today"],
    [12 * hour, "today"],
    [12 * hour + 1, "yesterday"],
    [3 * day, "3 days ago"],
    [29 * day, "29 days ago"],
    [95 * day, "3 months ago"],
    [-day, "today"],
  ])("for what is known to the day, %i seconds are %s", (ago, words) => {
    expect(formatRelativeDay(noon - ago, noon, en)).toBe(words);
  });

  it("follows the language of the words", () => {
    const words = { lang: "de", time: { ...en.time, justNow: "gerade eben" } };
    expect(formatRelative(noon - 3 * day, noon, words)).toBe("vor 3 Tagen");
  });
});

describe("a moment in UTC", () => {
  it.each([
    [noon, "2026-03-14T12:00:00Z"],
    [noon + 0.9, "2026-03-14T12:00:00Z"],
    [-1, "1970-01-01T00:00:00Z"],
    [Number.MAX_SAFE_INTEGER, "9999-12-31T23:59:59Z"],
  ])("%d is %s", (at, utc) => {
    expect(formatUtc(at)).toBe(utc);
  });
});
