import { readFileSync } from "node:fs";
import { findProvider, providers } from "@codegrant/client";
import { describe, expect, it } from "vitest";
import { formatProvidersPage } from "../../../scripts/providers-page.mjs";
import { allDescribed, summaryHeading } from "../src/providers/all-described.ts";
import { describeProvider } from "../src/providers/describe-provider.ts";

const page = readFileSync(new URL("../../../docs/providers.md", import.meta.url), "utf8");

describe("the page of providers", () => {
  it("says what the data say: `node scripts/providers-page.mjs` writes it", () => {
    expect(page).toBe(formatProvidersPage(allDescribed, summaryHeading));
  });

  it("has a section for each of the twenty-six, named as login takes it", () => {
    expect(allDescribed).toHaveLength(26);
    for (const { name, title } of allDescribed) {
      expect(page).toContain(`\n## ${title}\n\n\`codegrant login ${name}\``);
      expect(findProvider(name)?.title).toBe(title);
    }
  });

  it.each(providers)("says of $name where its facts are from, and leaves out what nobody knows", (provider) => {
    const facts = new Map(describeProvider(provider));
    expect(facts.get("sources")).toBe(provider.sources.join(" "));
    expect(facts.get("read in")).toBe(provider.verifiedOn);
    expect([...facts.values()].filter((value) => value === "")).toEqual([]);
  });
});
