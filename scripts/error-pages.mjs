// Writes docs/errors/: one page for each error code. `node scripts/error-pages.mjs` after a build.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./ensure.mjs";
import { errorCauses } from "./error-causes.mjs";

/** @typedef {Readonly<Record<string, { status: number, section: string }>>} Codes */
/** @typedef {(code: string) => { actor: string, retryable: boolean } | undefined} FindAdvice */

/**
 * Every page by its file's name.
 * @param {Codes} codes of the protocol
 * @param {FindAdvice} findAdvice of the client
 * @returns {Record<string, string>}
 */
export function formatErrorPages(codes, findAdvice) {
  const pages = Object.keys(errorCauses).map((code) => [`${code}.md`, formatPage(code, codes, findAdvice)]);
  return Object.fromEntries([["README.md", formatIndex()], ...pages]);
}

function formatPage(/** @type {string} */ code, /** @type {Codes} */ codes, /** @type {FindAdvice} */ findAdvice) {
  const { what, causes } = errorCauses[code] ?? noCauses;
  const table = causes.map(([cause, cure]) => `| ${cause} | ${cure} |`).join("\n");
  return `# ${code}

${what}

${factsOf(code, codes, findAdvice).join(" ")}

| cause | cure |
| --- | --- |
${table}

[All codes](README.md)
`;
}

/** @type {{ what: string, causes: [string, string][] }} */
const noCauses = { what: "", causes: [] };

function factsOf(/** @type {string} */ code, /** @type {Codes} */ codes, /** @type {FindAdvice} */ findAdvice) {
  const [wire, row] = [codes[code], findAdvice(code)];
  const defined = wire && `Defined in ${wire.section}; status ${wire.status} where it is no redirect.`;
  const thrown = wire === undefined ? `Thrown by \`@codegrant/${isOfStore(code) ? "sqlite" : "client"}\`.` : undefined;
  const actor = row && who[row.actor];
  const again = row?.retryable === true ? "The same call may be made again as it is." : undefined;
  return [defined, thrown, actor, again].filter((fact) => fact !== undefined);
}

const isOfStore = (/** @type {string} */ code) => code.startsWith("ERR_STORE_") && code !== "ERR_STORE_UNAVAILABLE";

/** @type {Record<string, string>} */
const who = {
  user: "The user can do something about it.",
  developer: "The developer of the application can do something about it.",
  operator: "Whoever runs the application, or the server, can do something about it.",
  nobody: "It passes by itself.",
};

function formatIndex() {
  const lines = Object.entries(errorCauses).map(([code, { what }]) => `| [${code}](${code}.md) | ${what} |`);
  return `# Errors

Every error has a stable \`code\`. Those of \`@codegrant/client\` also say who can act (\`actor\`), what to do (\`hint\`), and which of these pages tells more (\`docs\`).

| code | what it means |
| --- | --- |
${lines.join("\n")}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { errorCodes } = await import("@codegrant/protocol");
  const { findRow } = await import(pathToFileURL(path.join(root, "packages/client/dist/advice-rows.js")).href);
  const folder = path.join(root, "docs", "errors");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pages = formatErrorPages(errorCodes, findRow);
  for (const [name, text] of Object.entries(pages)) writeFileSync(path.join(folder, name), text);
  console.log(`docs/errors: ${Object.keys(pages).length} pages.`);
}
