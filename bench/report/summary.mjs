// Medians over the rounds, and ratios taken within each round.

/** @typedef {{ median: number, least: number, most: number }} Spread */

export function spreadOf(/** @type {readonly number[]} */ numbers) {
  const sorted = numbers.filter(Number.isFinite).toSorted((one, other) => one - other);
  const at = (/** @type {number} */ index) => sorted[index] ?? Number.NaN;
  return { median: at(Math.floor(sorted.length / 2)), least: at(0), most: at(sorted.length - 1) };
}

/** The peer that a kind is compared with. */
export const yardstickOf = (/** @type {import("../types.ts").KindName} */ kind) =>
  kind === "garbage" ? "bare" : "floor";

/** @typedef {ReturnType<typeof summarize>["rows"][number]} Row */

export function summarize(/** @type {import("../rounds.mjs").Results} */ { figures, starts, versions }) {
  const pairs = new Map(figures.map((figure) => [`${figure.kind} ${figure.peer}`, figure]));
  const rows = [...pairs.values()].map(({ kind, peer }) => {
    const own = figures.filter((figure) => figure.kind === kind && figure.peer === peer);
    const ratios = own.map(({ round, cpuMicroseconds }) => {
      const yardstick = figures.find(
        (figure) => figure.kind === kind && figure.peer === yardstickOf(kind) && figure.round === round,
      );
      return cpuMicroseconds / (yardstick?.cpuMicroseconds ?? Number.NaN);
    });
    const of = (/** @type {(figure: import("../types.ts").Figures) => number} */ read) => spreadOf(own.map(read));
    return {
      kind,
      peer,
      cpu: of((figure) => figure.cpuMicroseconds),
      ratio: spreadOf(ratios),
      perSecond: of((figure) => figure.operations / figure.seconds),
      p50: of((figure) => figure.p50Milliseconds),
      p99: of((figure) => figure.p99Milliseconds),
      deviceBytes: of((figure) => figure.deviceBytes),
      processBytes: of((figure) => figure.processBytes),
      slowdown: of((figure) => figure.slowdown),
      errors: own.reduce((sum, figure) => sum + figure.errors, 0),
      firstError: own.find((figure) => figure.firstError)?.firstError,
    };
  });
  const names = [...new Set(starts.map((start) => start.peer))];
  const servers = names.map((peer) => {
    const own = starts.filter((start) => start.peer === peer);
    return {
      peer,
      start: spreadOf(own.map((start) => start.startMilliseconds)),
      idle: spreadOf(own.map((start) => start.idleMebibytes)),
      end: spreadOf(own.map((start) => start.endMebibytes)),
      refused: own.find((start) => start.refused)?.refused,
    };
  });
  return { rows, servers, versions };
}
