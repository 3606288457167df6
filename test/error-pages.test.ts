import { errorCodes } from "@codegrant/protocol";
import { describe, expect, it } from "vitest";
import { errorCauses } from "../scripts/error-causes.mjs";
import { formatErrorPages, loadAdvice } from "../scripts/error-pages.mjs";
import { filesWhere } from "./tree.ts";

const pages = formatErrorPages(errorCodes, await loadAdvice("src", ".ts"));

describe("docs/errors", () => {
  it("is what the tables say: `node scripts/error-pages.mjs` writes it", () => {
    const written = filesWhere((file) => file.startsWith("docs/errors/"));
    expect(Object.fromEntries(written.map(({ path, text }) => [path.slice("docs/errors/".length), text]))).toEqual(
      pages,
    );
  });

  it("has a page for every code of the protocol, the client and the store, and no other", () => {
    const thrown = ["packages/protocol/src/error.ts", "packages/sqlite/src/store-error.ts"].flatMap((file) =>
      filesWhere((path) => path === file).flatMap(({ text }) =>
        [...text.matchAll(/^ {2}\| "(ERR_\w+)"/gm)].map(([, code]) => code),
      ),
    );
    expect(thrown.length).toBeGreaterThan(20);
    expect(Object.keys(errorCauses).toSorted()).toEqual([...Object.keys(errorCodes), ...thrown].toSorted());
  });

  it.each(Object.entries(errorCauses))("%s has a cause and a cure, each a sentence", (_code, { what, causes }) => {
    expect(causes.length).toBeGreaterThan(0);
    for (const text of [what, ...causes.flat()]) expect(text).toMatch(/^[A-Z0-9`].*(?:\.|FILE`\.)$/s);
    for (const text of [what, ...causes.flat()]) expect(text).not.toMatch(/[|\n]/);
  });
});
