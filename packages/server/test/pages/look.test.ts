import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contrastOf, parseColour } from "../../src/pages/contrast.ts";
import * as pages from "../../src/pages/index.ts";
import { createLook, stylesheet, stylesheetPath } from "../../src/pages/index.ts";
import { readTags } from "./markup.ts";
import { everySample } from "./views.ts";

const png = `data:image/png;base64,${Buffer.from("not really").toString("base64")}`;

describe("contrast", () => {
  it.each([
    ["#000000", "#ffffff", 21],
    ["#777777", "#ffffff", 4.48],
    ["#0b6a56", "#ffffff", 6.5],
  ])("of %s on %s is %f to 1", (one, other, ratio) => {
    expect(contrastOf(parseColour(one) ?? [0, 0, 0], parseColour(other) ?? [0, 0, 0])).toBeCloseTo(ratio, 1);
  });
});

describe("a platform's look", () => {
  it("is the usual one where nothing is given", () => {
    expect(createLook({})).toMatchObject({ stylesheet, stylesheetPath, hasLogo: false });
  });

  it("has an address of its own, so that no browser keeps another's", () => {
    const look = createLook({ accent: "#7a2e8e" });
    expect(look.stylesheetPath).toMatch(/^\/assets\/pages-[0-9a-f]{8}\.css$/);
    expect(look.stylesheetPath).not.toBe(stylesheetPath);
    expect(look.stylesheet).toContain("--accent: #7a2e8e;");
  });

  it("is readable in both schemes, or is refused: whatever the colour", () => {
    const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);
    fc.assert(
      fc.property(colour, (accent) => {
        let text: string;
        try {
          text = createLook({ accent }).stylesheet.slice(stylesheet.length);
        } catch (error) {
          expect((error as Error).message).toMatch(/^accent: text in #[0-9a-f]{6} has a contrast of [\d.]+ to 1/);
          return;
        }
        const schemes = [...text.matchAll(/:root \{ ([^}]*) \}/g)].map(([, rules = ""]) => variablesOf(rules));
        expect(schemes).toHaveLength(2);
        for (const [index, scheme] of schemes.entries()) {
          const ground = index === 0 ? "#f5f4f0" : "#202521";
          for (const [one, other] of [
            [scheme["accent"], ground],
            [scheme["accent"], scheme["accent-wash"]],
            [scheme["on-accent"], scheme["accent"]],
            [scheme["on-accent"], scheme["accent-hover"]],
          ])
            expect(contrastOf(rgb(one), rgb(other))).toBeGreaterThanOrEqual(4.45);
        }
      }),
    );
  });

  it.each([
    [{ accent: "#ffcc00" }, "take a darker colour"],
    [{ accentDark: "#222222" }, "take a lighter colour"],
    [{ accent: "red" }, "expected a colour such as #0b6a56"],
    [{ accent: "#fff" }, "expected a colour"],
    [{ logo: "https://evil.example/logo.png" }, "expected an SVG or PNG"],
    [{ logo: `data:image/png;base64,AA"); } body { display: none` }, "expected an SVG or PNG"],
    [{ logo: `data:image/png;base64,${"A".repeat(90_000)}` }, "at most 64 KiB"],
  ])("refuses %.60j and says what to do", (input, sentence) => {
    expect(() => createLook(input)).toThrow(sentence);
  });

  it("shows a logo on every page that has the mark, and in the browser's tab", () => {
    const look = createLook({ logo: png });
    expect(look.stylesheet).toContain(`.logo { background: url("${png}")`);
    for (const { name, draw } of everySample(pages)) {
      const tags = readTags(draw((view) => ({ ...view, platform: { ...view.platform, look } })));
      expect(
        tags.some(({ attributes }) => attributes.get("class") === "mark logo"),
        name,
      ).toBe(true);
      expect(tags.find(({ attributes }) => attributes.get("rel") === "icon")?.attributes.get("href")).toBe(png);
    }
  });
});

function variablesOf(rules: string): Record<string, string> {
  return Object.fromEntries(
    [...rules.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

const rgb = (text: string | undefined) => parseColour(text ?? "") ?? [0, 0, 0];
