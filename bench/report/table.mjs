// The results as Markdown.
import { kinds } from "../kinds.mjs";

/** @param {ReturnType<typeof import("./summary.mjs").summarize>} summary */
export function tableOf({ rows, servers, versions }) {
  const sections = Object.entries(kinds).flatMap(([name, { label }]) => {
    const own = rows.filter((row) => row.kind === name);
    return own.length === 0 ? [] : [`### ${capitalized(label)}`, "", ...headOfKind, ...own.map(lineOf), ""];
  });
  const described = Object.entries(versions).map(([peer, { label, storage, version }]) => [
    peer,
    label,
    storage,
    version,
  ]);
  const legend = ["| server | what it is | where its grants are | version |", "| --- | --- | --- | --- |"].concat(
    described.map((cells) => `| ${cells.join(" | ")} |`),
  );
  return `${[...legend, "", ...sections, ...serversTable(servers)].join("\n")}\n`;
}

const headOfKind = [
  "| server | CPU µs | × yardstick | per second | p50 ms | p99 ms | KiB to the device (by the process) | errors | slowdown |",
  "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
];

function lineOf(/** @type {import("./summary.mjs").Row} */ row) {
  const { peer, cpu, ratio, perSecond, p50, p99, deviceBytes, processBytes, errors, firstError, slowdown } = row;
  const disk = `${number(deviceBytes.median / 1024)} (${number(processBytes.median / 1024)})`;
  const failed = errors === 0 ? "0" : `${errors} (${firstError})`;
  const cells = [peer, withRange(cpu), withRange(ratio, 2), number(perSecond.median, 0), withRange(p50, 2)];
  return `| ${[...cells, withRange(p99), disk, failed, number(slowdown.median, 2)].join(" | ")} |`;
}

/** @param {ReturnType<typeof import("./summary.mjs").summarize>["servers"]} servers */
function serversTable(servers) {
  return [
    "### Start, memory, refusals",
    "",
    "| server | start ms | MiB at rest | MiB after the run | does not refuse |",
    "| --- | --- | --- | --- | --- |",
    ...servers.map(({ peer, start, idle, end, refused }) => {
      const wrong = Object.entries(refused ?? {}).filter(([, isRefused]) => !isRefused);
      const missing = refused === undefined ? "–" : wrong.map(([what]) => what).join(", ") || "refuses all";
      return `| ${peer} | ${withRange(start, 0)} | ${withRange(idle, 0)} | ${withRange(end, 0)} | ${missing} |`;
    }),
  ];
}

function withRange(/** @type {import("./summary.mjs").Spread} */ { median, least, most }, digits = 1) {
  return Number.isFinite(median) ? `${number(median, digits)} (${number(least, digits)}–${number(most, digits)})` : "–";
}

function number(/** @type {number} */ value, digits = 1) {
  return Number.isFinite(value) ? value.toLocaleString("en", fixed(digits)) : "–";
}

const fixed = (/** @type {number} */ digits) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits });

const capitalized = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);
