import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder, without a slash at its end. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

export interface TreeFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Every text file that belongs to the repository and whose path passes. */
export function filesWhere(passes: (path: string) => boolean): TreeFile[] {
  return allPaths.filter(passes).map((name) => ({ path: name, text: readFileSync(path.join(root, name), "utf8") }));
}

export const isSource = (file: string): boolean => /\.(?:tsx?|mts|mjs|js)$/.test(file);
export const isMarkdown = (file: string): boolean => file.endsWith(".md");
export const isTest = (file: string): boolean => /\.(?:test|spec)\.tsx?$/.test(file);

/** The line of a position, for a message that an editor can follow. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

const notOurs = new Set([".git", "node_modules", "dist", ".cache", "test-results", "playwright-report", "demo"]);

function pathsWithin(folder: string): string[] {
  return readdirSync(path.join(root, folder)).flatMap((name) => {
    if (notOurs.has(name)) return [];
    const file = folder === "" ? name : `${folder}/${name}`;
    return statSync(path.join(root, file)).isDirectory() ? pathsWithin(file) : [file];
  });
}

const allPaths: readonly string[] = pathsWithin("").toSorted();
