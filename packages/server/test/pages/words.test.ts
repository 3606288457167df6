import { describe, expect, it } from "vitest";
import * as pages from "../../src/pages/index.ts";
import { readText } from "./markup.ts";
import { everySample, withText } from "./views.ts";

describe("the table of sentences", () => {
  it("holds no sentence that no page says", () => {
    const said = new Set<string>();
    const words = record(pages.en, "", said);
    for (const { draw } of everySample(pages)) draw((view) => ({ ...view, words }));
    expect(leaves(pages.en, "").filter((path) => !said.has(path))).toEqual([]);
  });

  it("holds every sentence: with an empty table and views without a letter, pages say nothing", () => {
    for (const { name, draw } of everySample(pages)) {
      const html = draw((view) => ({ ...withText(view, "0"), words: silence(pages.en) as pages.Words }));
      expect(readText(withoutTimes(html)).match(/\p{L}+/gu) ?? [], name).toEqual([]);
      const spoken = [...html.matchAll(/(?:aria-label|title|placeholder|alt)="([^"]*\p{L}[^"]*)"/gu)];
      expect(
        spoken.filter(([, said = ""]) => !isMoment(said)),
        name,
      ).toEqual([]);
    }
  });
});

/** Without `<time>`: its words are those of the language itself. */
function withoutTimes(html: string): string {
  return html.replace("<!doctype html>", "").replace(/<time .*?<\/time>/g, "");
}

/** The table, noting the path of each sentence that is read. */
function record<Table extends object>(table: Table, path: string, said: Set<string>): Table {
  return new Proxy(table, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value === "object" && value !== null) return record(value, `${path}.${String(key)}`, said);
      said.add(`${path}.${String(key)}`);
      return value;
    },
  });
}

function leaves(table: object, path: string): readonly string[] {
  return Object.entries(table).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? leaves(value, `${path}.${key}`) : [`${path}.${key}`],
  );
}

/** The table with nothing in it: a sentence with values is its marked-up values alone. */
function silence(table: unknown): unknown {
  if (typeof table === "string") return "";
  if (typeof table === "function") return (...values: unknown[]) => values.filter((value) => typeof value === "object");
  const entries = Object.entries(table as object);
  return Object.fromEntries(entries.map(([key, value]) => [key, key === "lang" ? value : silence(value)]));
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$/.test(text);
}
