import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { filesWhere, isMarkdown, isSource, isTest, lineAt, root, type TreeFile } from "./tree.ts";

const all = filesWhere((file) => !/\.(?:png|ico|woff2?)$/.test(file));

describe("the tree", () => {
  it("names no path of the machine it was written on", () => {
    expect(found(/(?<![A-Za-z0-9_.])\/(?:home|Users|root|work|farm)\/[A-Za-z]/g, all)).toEqual([]);
  });

  it("asks no particular registry for its packages", () => {
    const locks = filesWhere((file) => path.basename(file) === "package-lock.json");
    expect(locks.length).toBeGreaterThan(0);
    expect(found(/"resolved": "https?:/g, locks)).toEqual([]);
  });

  it("skips no test and focuses none", () => {
    expect(
      found(/\b(?:it|test|describe)\.(?:skip|only|todo|fixme|fails?)\b|\bx(?:it|describe)\(/g, testFiles()),
    ).toEqual([]);
  });

  it("is finished: no word says that something is left", () => {
    const unfinished = /\b(?:TO(?:DO)|FIX(?:ME)|HA(?:CK)|XX(?:X))\b|not implemen(?:ted)|for n(?:ow)\b/g;
    expect(
      found(
        unfinished,
        filesWhere((file) => isSource(file) || isMarkdown(file)),
      ),
    ).toEqual([]);
  });

  it("switches no check off", () => {
    const off = /@ts-(?:ignore|nocheck)|\bas a(?:ny)\b|(?:eslint|oxlint)-dis(?:able)/g;
    expect(
      found(
        off,
        filesWhere((file) => /\.tsx?$/.test(file)),
      ),
    ).toEqual([]);
  });

  it("has a title in every page of the documents, and only one", () => {
    const wrong = filesWhere(isMarkdown)
      .filter(({ text }) => (withoutFences(text).match(/^# /gm) ?? []).length !== 1)
      .map((file) => file.path);
    expect(wrong).toEqual([]);
  });

  it("has every folder of a package on the map", () => {
    const folders = filesWhere((file) => /^packages\/[^/]+\/src\/[^/]+\//.test(file)).map((file) =>
      file.path.split("/").slice(1, 4).join("/").replace("/src", ""),
    );
    const [page] = filesWhere((file) => file === "ARCHITECTURE.md");
    expect(foldersOnMap(page?.text ?? "").toSorted()).toEqual([...new Set(folders)].toSorted());
  });

  it("links only to files and headings that are there", () => {
    expect(filesWhere(isMarkdown).flatMap(brokenLinks)).toEqual([]);
  });
});

function testFiles(): TreeFile[] {
  return filesWhere(isTest);
}

function found(pattern: RegExp, files: readonly TreeFile[]): string[] {
  return files.flatMap(({ path: file, text }) =>
    [...text.matchAll(pattern)].map((match) => `${file}:${lineAt(text, match.index)} ${match[0]}`),
  );
}

/** Packages stand two columns in; their folders further, until the next package. */
function foldersOnMap(page: string): string[] {
  let name = "";
  return page.split("\n").flatMap((line) => {
    const { outer, inner } = /^(?: {2}(?<outer>[a-z]+)| {10,}(?<inner>[a-z-]+))\/ /.exec(line)?.groups ?? {};
    if (outer !== undefined) name = outer;
    return inner === undefined ? [] : [`${name}/${inner}`];
  });
}

function brokenLinks({ path: file, text }: TreeFile): string[] {
  const links = [...withoutFences(text).matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(
    (match) => match.groups?.["target"] ?? "",
  );
  return links
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
    .filter((target) => !leadsSomewhere(file, target))
    .map((target) => `${file} links to ${target}`);
}

function leadsSomewhere(from: string, target: string): boolean {
  const [name = "", heading] = target.split("#");
  const file = name === "" ? from : path.posix.join(path.posix.dirname(from), name);
  if (!existsSync(path.join(root, file))) return false;
  if (heading === undefined || statSync(path.join(root, file)).isDirectory()) return heading === undefined;
  const [page] = filesWhere((candidate) => candidate === file);
  return headingsOf(page?.text ?? "").includes(heading);
}

/** As the common hosts make them: lower case, punctuation gone, spaces to hyphens. */
function headingsOf(text: string): string[] {
  return [...withoutFences(text).matchAll(/^#+ (?<words>.+)$/gm)].map((match) =>
    (match.groups?.["words"] ?? "")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}

function withoutFences(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "");
}
