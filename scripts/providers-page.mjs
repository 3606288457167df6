// `node scripts/providers-page.mjs`: writes docs/providers.md from the data of the presets, which must be built.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * What the page needs of a provider.
 * @typedef {object} Described
 * @property {string} name as `codegrant login` takes it
 * @property {string} title
 * @property {readonly string[]} summary
 * @property {readonly (readonly [label: string, value: string | undefined])[]} facts
 */

/** @returns {string} */
export function formatProvidersPage(
  /** @type {readonly Described[]} */ providers,
  /** @type {readonly string[]} */ heading,
) {
  const rows = providers.map(({ summary, title }) => {
    const [, ...rest] = summary.map(cell);
    return row([`[${title}](#${anchorOf(title)})`, ...rest]);
  });
  const sections = providers.map(({ facts, name, title }) => {
    const known = facts.flatMap(([label, value]) => (value === undefined ? [] : [row([label, valueOf(label, value)])]));
    return `## ${title}\n\n\`codegrant login ${name}\`\n\n| | |\n| --- | --- |\n${known.join("\n")}\n`;
  });
  return `${intro}\n${row(heading)}\n${row(heading.map(() => "---"))}\n${rows.join("\n")}\n\n${sections.join("\n")}`;
}

const intro = `# Providers

What \`@codegrant/client\` and the command know of each provider by name. A row that is missing is not known, and nothing is done by it. Any other server works by its issuer's address or its endpoints: \`discoverProvider\`, \`defineProvider\`. \`codegrant providers NAME\` says the same at a terminal.
`;

const row = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
const cell = (/** @type {string} */ text) => text.replaceAll("|", "\\|");

/** As GitHub makes it. */
const anchorOf = (/** @type {string} */ title) => title.toLowerCase().replaceAll(" ", "-");

function valueOf(/** @type {string} */ label, /** @type {string} */ value) {
  if (label === "sources") return value.split(" ").map(cell).join("<br>");
  const isWire = /^https?:|=/.test(value);
  return isWire ? `\`${cell(value)}\`` : cell(value);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const built = path.join(root, "packages/codegrant/dist/providers/all-described.js");
  /** @type {{ allDescribed: readonly Described[], summaryHeading: readonly string[] }} */
  const { allDescribed, summaryHeading } = await import(built);
  writeFileSync(path.join(root, "docs/providers.md"), formatProvidersPage(allDescribed, summaryHeading));
}
