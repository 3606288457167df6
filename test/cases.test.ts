import { describe, expect, it } from "vitest";
import { formatCases } from "../scripts/security-cases.mjs";
import { filesWhere, isTest } from "./tree.ts";

const [page] = filesWhere((file) => file === "docs/security/cases.md");
const cases = formatCases(page?.text ?? "", filesWhere(isTest));

describe("the security cases", () => {
  it("each have a test that names them", () => {
    expect(cases.untested).toEqual([]);
  });

  it("include every id that a test names", () => {
    expect(cases.unlisted).toEqual([]);
  });

  it("are listed as `node scripts/security-cases.mjs` writes them", () => {
    expect(page?.text).toBe(cases.page);
    expect(cases.page.match(/^\| [A-Z]{2}-\d\d/gm)?.length).toBeGreaterThan(0);
  });
});
