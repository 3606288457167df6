// `node scripts/terminal-picture.mjs`: docs/terminal.svg, the picture in README.md, from what `npm start -- --yes` prints.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./ensure.mjs";

const columnWidth = 8.4;
const lineHeight = 20;
const margin = 20;
/** Of this step all lines are shown, of the others the first: the answer with the tokens. */
const shownWhole = "9";

/** The lines of the output that the picture shows. */
export function choosePicture(/** @type {string} */ output) {
  const chosen = [];
  let step = "";
  for (const line of output.split("\n")) {
    const number = /^ {1,3}(\d+) {2}/.exec(line)?.[1];
    if (number !== undefined) step = number;
    if (step === "" && !/^ {2}(?:platform|application|sign in as) /.test(line)) continue;
    if (/^ {2}[A-Z]/.test(line) && step !== "") break;
    if (line.trim() !== "" && (step === "" || number !== undefined || step === shownWhole)) chosen.push(line);
    if (/^ {2}sign in as /.test(line)) chosen.push("");
  }
  return chosen;
}

/** A terminal's window with these lines in it. */
export function formatPicture(/** @type {readonly string[]} */ output) {
  const lines = ["$ npm start -- --yes", "", ...output];
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * columnWidth + 2 * margin);
  const height = lines.length * lineHeight + 2 * margin;
  const texts = lines.map((line, index) => {
    const y = margin + (index + 1) * lineHeight - 5;
    return line === "" ? "" : `  <text x="${margin}" y="${y}"${lookOf(line)}>${escape(line)}</text>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>The terminal draws the code grant step by step</title>
  <rect width="100%" height="100%" rx="8" fill="#16181d"/>
  <g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#d7dae0">
${texts.join("")}  </g>
</svg>
`;
}

function lookOf(/** @type {string} */ line) {
  if (line.startsWith("$")) return ' fill="#7ee0a1"';
  return /^ +\d+ {2}/.test(line) ? "" : ' fill="#8f96a3"';
}

/** Spaces that no browser folds, since the columns are made of them. */
function escape(/** @type {string} */ text) {
  return text.replaceAll(" ", "\u00a0").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  // The steps are for a person, on stderr; stdout is the token response, for a program.
  const start = path.join(root, "scripts", "start.mjs");
  const { stderr: output } = spawnSync(process.execPath, [start, "--yes"], { encoding: "utf8", timeout: 60_000 });
  writeFileSync(path.join(root, "docs", "terminal.svg"), formatPicture(choosePicture(output)));
  console.log("docs/terminal.svg is written.");
}
