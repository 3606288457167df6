/** What every runtime has to say, as docs/runtimes.md: what did not run is not claimed. */
export function formatRuntimes(
  /** @type {import("./matrix.mjs").Row[]} */ rows,
  /** @type {string} */ platform,
  /** @type {string} */ day,
) {
  return `# Runtimes

Where the core has been tested, and what came of it. Written by \`npm run matrix\` on ${day} (${platform}); run it to see for yourself.

| runtime | version | what ran | passed | failed |
| --- | --- | --- | --- | --- |
${rows.map(formatRow).join("\n")}

The command is for Node alone. Tests that start processes or take seconds run on Node 20, in \`npm test\`.
${rows.flatMap(formatFailures).join("\n")}`;
}

function formatRow(/** @type {import("./matrix.mjs").Row} */ row) {
  if ("missing" in row) return `| ${row.runtime} | | did not run: ${cell(row.missing)} | | |`;
  const { runtime, version, what, passed, failed } = row;
  return `| ${runtime} | ${version} | ${what} | ${passed} | ${failed.length} |`;
}

function formatFailures(/** @type {import("./matrix.mjs").Row} */ row) {
  if ("missing" in row || row.failed.length === 0) return [];
  const lines = row.failed.map(({ name, failure = "" }) => `| ${cell(name)} | ${cell(failure)} |`);
  return ["", `## What differs on ${row.runtime}`, "", "| test | what happens there |", "| --- | --- |", ...lines];
}

/** Nothing that a failing test says may break the table. */
function cell(/** @type {string} */ text) {
  return text.replace(/[|<>`\s]+/g, " ").trim();
}
