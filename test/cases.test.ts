import { describe, expect, it } from "vitest";
import { filesWhere, isTest } from "./tree.ts";

// docs/security/cases.md: one row a case, `| id | rule | file › name of the test |`, several tests set apart by <br>.
const [page] = filesWhere((file) => file === "docs/security/cases.md");
const tests = new Map(filesWhere(isTest).map((file) => [file.path, file.text]));

const cases = [...(page?.text ?? "").matchAll(/^\| (?<id>[A-Z]{2}-\d\d) \| (?<rule>.+?) \| (?<where>.+?) \|$/gm)].map(
  ({ groups }) => ({ id: groups?.["id"] ?? "", rule: groups?.["rule"] ?? "", where: groups?.["where"] ?? "" }),
);

describe("the security cases", () => {
  it("are listed, each once, in order of area", () => {
    expect(cases.length).toBeGreaterThan(0);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it.each(cases)("$id has the test that the list names", ({ id, where }) => {
    for (const place of where.split("<br>")) {
      const [file = "", name] = place.trim().replace(/^`|`$/g, "").split(" › ");
      const text = tests.get(file);
      expect(text, `${file} is not a test file`).toBeDefined();
      expect(text?.includes(id) || (name !== undefined && text?.includes(name)), `${place} is not there`).toBe(true);
    }
  });

  it("include every id that a test names", () => {
    const listed = new Set(cases.map(({ id }) => id));
    const named = [...tests].flatMap(([file, text]) =>
      [...text.matchAll(/\b(?:AR|RU|LC|CD|PK|CA|TP|RF|RI|MD|HT|ST|CC|CT|LG|DO)-\d\d\b/g)].map(([id]) => ({ id, file })),
    );
    const missing = named.filter(({ id }) => !listed.has(id)).map(({ id, file }) => `${id} of ${file}`);
    expect([...new Set(missing)]).toEqual([]);
  });
});
