// `node scripts/security-cases.mjs`: writes into docs/security/cases.md, beside each rule, the tests that name its id.
// A new case starts as a row of two columns in its area (`| AR-03 | The rule. |`); a test keeps page and tests in step.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const area = "AR|RU|LC|CD|PK|CA|TP|RF|RI|MD|HT|ST|CC|CT|LG|DO";
const row = new RegExp(`^\\| ((?:${area})-\\d\\d) \\| (.+?) \\|`);

/** The page with its rows in order and the place of each; `unlisted` are ids that tests name and no row does. */
export function formatCases(/** @type {string} */ page, /** @type {{ path: string, text: string }[]} */ tests) {
  const places = placesOf(tests);
  const rules = new Map(page.split("\n").flatMap((line) => listed(line)));
  const sections = page.split(/^(?=## )/m).map((section) => {
    const id = /^## ([A-Z]{2}):/.exec(section)?.[1];
    if (id === undefined) return section;
    const rows = [...rules]
      .filter(([name]) => name.startsWith(`${id}-`))
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, rule]) => `| ${name} | ${rule} | ${(places.get(name) ?? []).join("<br>")} |\n`);
    return `${section.split("\n", 1)[0]}\n\n| id | rule | test |\n| --- | --- | --- |\n${rows.join("")}\n`;
  });
  const untested = [...rules.keys()].filter((id) => !places.has(id));
  const unlisted = [...places].filter(([id]) => !rules.has(id)).map(([id, [place]]) => `${id} of ${place}`);
  return { page: `${sections.join("").trimEnd()}\n`, untested, unlisted };
}

function placesOf(/** @type {{ path: string, text: string }[]} */ tests) {
  /** @type {Map<string, string[]>} */
  const places = new Map();
  for (const test of tests.toSorted((a, b) => a.path.localeCompare(b.path)))
    for (const id of new Set(test.text.match(new RegExp(`\\b(?:${area})-\\d\\d\\b`, "g"))))
      places.set(id, [...(places.get(id) ?? []), `\`${test.path}\``]);
  return places;
}

/** @returns {[string, string][]} */
function listed(/** @type {string} */ line) {
  const [, id, rule] = row.exec(line) ?? [];
  return id === undefined || rule === undefined ? [] : [[id, rule]];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const named = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "*.test.ts", "*.test.tsx", "*.spec.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  const tests = named
    .trim()
    .split("\n")
    .map((file) => ({ path: file, text: readFileSync(path.join(root, file), "utf8") }));
  const file = path.join(root, "docs/security/cases.md");
  const { page, untested, unlisted } = formatCases(readFileSync(file, "utf8"), tests);
  writeFileSync(file, page);
  for (const id of untested) console.log(`${id} has no test`);
  for (const id of unlisted) console.log(`${id} has no rule`);
}
