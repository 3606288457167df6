import path from "node:path";
import type { TreeFile } from "./tree.ts";

export interface Import {
  readonly from: string;
  /** As written: `./x.ts`, `node:http`, `@codegrant/protocol`. */
  readonly specifier: string;
  /** Relative specifiers as a path from the root; others as written. */
  readonly target: string;
  /** Gone after compilation: `import type`, `export type`, or every name marked `type`. */
  readonly isTypeOnly: boolean;
}

/** Every import of a source: static, re-exported, dynamic and for side effects. */
export function importsOf(file: TreeFile): Import[] {
  const code = withoutComments(file.text);
  return [...code.matchAll(statement)].map((match) => {
    const { clause = "", from, dynamic, bare } = match.groups ?? {};
    const specifier = from ?? dynamic ?? bare ?? "";
    return { from: file.path, specifier, target: targetOf(file.path, specifier), isTypeOnly: isTypeOnly(clause) };
  });
}

/** The package of a bare specifier: `@codegrant/sqlite/server` is of `@codegrant/sqlite`. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

export const isRelative = (specifier: string): boolean => specifier.startsWith(".");

const statement =
  /\b(?:import|export)\s(?<clause>[^"'`;()=]*?)\bfrom\s*["'](?<from>[^"'\n]+)["']|\bimport\s*\(\s*["'](?<dynamic>[^"'\n]+)["']|\bimport\s*["'](?<bare>[^"'\n]+)["']/g;

function isTypeOnly(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true;
  const names = /^\s*\{(?<names>[^}]*)\}\s*$/.exec(clause)?.groups?.["names"];
  if (names === undefined) return false;
  const list = names.split(",").filter((name) => name.trim() !== "");
  return list.length > 0 && list.every((name) => /^\s*type\s/.test(name));
}

function targetOf(from: string, specifier: string): string {
  return isRelative(specifier) ? path.posix.join(path.posix.dirname(from), specifier) : specifier;
}

/** Comments hold examples, and examples hold imports. Strings stay, so that an address is not taken for a comment. */
function withoutComments(text: string): string {
  const parts = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(parts, (part) => (part.startsWith("/") ? " " : part));
}
