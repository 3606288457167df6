// The CPU time of an operation as bars, one panel a kind. The scale is logarithmic: the servers are that far apart.
import { kinds } from "../kinds.mjs";

const [left, right, barHeight, gap, panelGap] = [190, 70, 16, 5, 42];
const width = 760;
const [least, most] = [10, 20_000];

/**
 * @param {readonly import("./summary.mjs").Row[]} rows
 * @param {Readonly<Record<string, string>>} labels of the peers
 */
export function chartOf(rows, labels) {
  let y = 34;
  const panels = Object.entries(kinds).flatMap(([name, { label }]) => {
    const own = rows.filter((row) => row.kind === name && Number.isFinite(row.cpu.median));
    if (own.length === 0) return [];
    const panel = panelOf(label, own, labels, y);
    y += own.length * (barHeight + gap) + panelGap;
    return [panel];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-labelledby="title">
<title id="title">CPU microseconds for one operation, on a logarithmic scale; less is better</title>
<style>
  text { font: 12px system-ui, sans-serif; fill: #24292f } .kind { font-weight: 600 } .value { font-variant-numeric: tabular-nums }
  .bar { fill: #8c959f } .ours { fill: #6441a5 }
  @media (prefers-color-scheme: dark) { text { fill: #d1d9e0 } .bar { fill: #656c76 } .ours { fill: #a98ee0 } }
</style>
<text x="8" y="18">CPU µs for one operation, logarithmic scale; less is better</text>
${panels.join("\n")}
</svg>
`;
}

/**
 * @param {string} title
 * @param {readonly import("./summary.mjs").Row[]} rows
 * @param {Readonly<Record<string, string>>} labels
 * @param {number} top
 */
function panelOf(title, rows, labels, top) {
  const bars = rows.map(({ peer, cpu }, i) => {
    const y = top + 26 + i * (barHeight + gap);
    const length = Math.max(2, lengthOf(cpu.median));
    const text = y + barHeight - 4;
    const kind = peer === "codegrant" ? "bar ours" : "bar";
    return `<text x="${left - 8}" y="${text}" text-anchor="end">${escaped(labels[peer] ?? peer)}</text>
<rect class="${kind}" x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>
<text class="value" x="${(left + length + 6).toFixed(1)}" y="${text}">${Math.round(cpu.median).toLocaleString("en")}</text>`;
  });
  return [`<text class="kind" x="8" y="${top + 16}">${escaped(title)}</text>`, ...bars].join("\n");
}

function lengthOf(/** @type {number} */ microseconds) {
  return (Math.log(microseconds / least) / Math.log(most / least)) * (width - left - right);
}

const escaped = (/** @type {string} */ text) =>
  text.replaceAll("`", "").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
