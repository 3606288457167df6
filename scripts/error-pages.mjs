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

/**
 * What the client advises, from every table of it: what one step alone can meet stands beside that step.
 * @returns {Promise<FindAdvice>}
 */
export async function loadAdvice(/** @type {"src" | "dist"} */ folder, /** @type {".ts" | ".js"} */ extension) {
  const files = adviceFiles.map((file) => path.join(root, "packages", "client", folder, file + extension));
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(file).href)));
  const tables = modules.flatMap((all) =>
    Object.keys(all).flatMap((name) => (name.endsWith("Rows") ? [all[name]] : [])),
  );
  return (code) => modules[0].findRow(code) ?? tables.find((table) => Object.hasOwn(table, code))?.[code];
}

const adviceFiles = [
  "advice-rows",
  "calls/fetch-userinfo",
  "calls/finish-device-authorization",
  "calls/grant-tokens",
  "calls/identify",
  "calls/validate-token",
  "connect/browser-login",
  "discover-provider",
];

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { errorCodes } = await import("@codegrant/protocol");
  const folder = path.join(root, "docs", "errors");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pages = formatErrorPages(errorCodes, await loadAdvice("dist", ".js"));
  for (const [name, text] of Object.entries(pages)) writeFileSync(path.join(folder, name), text);
  console.log(`docs/errors: ${Object.keys(pages).length} pages.`);
}
