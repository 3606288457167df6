import { describe, expect, it } from "vitest";
import * as pages from "../../src/pages/index.ts";
import { pageHeaders, stylesheet, stylesheetHeaders, stylesheetPath } from "../../src/pages/index.ts";
import { readTags } from "./markup.ts";
import { everySample } from "./views.ts";

describe("the stylesheet", () => {
  const styled = new Set([...stylesheet.matchAll(/\.([a-z][a-z-]*)(?=[^{}]*\{)/g)].map(([, name = ""]) => name));
  const used = new Set(
    everySample(pages).flatMap(({ draw }) =>
      readTags(draw()).flatMap(({ attributes }) => attributes.get("class")?.split(" ") ?? []),
    ),
  );

  it("has a rule for every class a page uses", () => {
    expect([...used].filter((name) => !styled.has(name))).toEqual([]);
  });

  it("has no rule for a class that no page uses", () => {
    expect([...styled].filter((name) => !used.has(name))).toEqual([]);
  });

  it("loads nothing (LC-18)", () => {
    expect(stylesheet).not.toMatch(/url\(|@import|@font-face|\/\//);
  });

  it("uses only colours that are named once for light and once for dark", () => {
    const [light = "", dark = ""] = [...stylesheet.matchAll(/:root \{([^}]*)\}/g)].map(([, body = ""]) => body);
    const named = (body: string): readonly string[] => [...body.matchAll(/(--[a-z-]+):/g)].map(([, name = ""]) => name);
    expect(named(dark)).toEqual(named(light));
    const wanted = new Set([...stylesheet.matchAll(/var\((--[a-z-]+)\)/g)].map(([, name = ""]) => name));
    expect([...wanted].toSorted()).toEqual([...named(light)].toSorted());
  });

  it("may be kept for ever, since its path names its content", () => {
    expect(stylesheetPath).toMatch(/^\/assets\/pages-[0-9a-f]{8}\.css$/);
    expect(Object.fromEntries(stylesheetHeaders)).toMatchObject({
      "Content-Type": "text/css; charset=utf-8",
      "Cache-Control": "public, max-age=31536000, immutable",
    });
  });

  it("makes Approve wait 600 ms for everyone, whatever they prefer about motion (LC-26)", () => {
    expect(stylesheet.match(/\.[a-z]+ \{[^}]*animation[^}]*\}/g)).toEqual([
      ".approve { position: relative; animation: arm 600ms step-end backwards; }",
    ]);
    expect(stylesheet).not.toContain("prefers-reduced-motion");
  });
});

describe("the headers of every page", () => {
  const headers = new Map(pageHeaders);

  it("allow one stylesheet and images within the page, and nothing to frame it (LC-16)", () => {
    expect(headers.get("Content-Security-Policy")).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("X-Frame-Options")).toBe("DENY");
  });

  it("leave redirects after a form alone: there is no form-action (LC-17)", () => {
    expect(headers.get("Content-Security-Policy")).not.toContain("form-action");
  });

  it.each([
    ["Referrer-Policy", "same-origin"],
    ["X-Content-Type-Options", "nosniff"],
    ["Cache-Control", "no-store"],
    ["Content-Type", "text/html; charset=utf-8"],
  ])("say %s: %s (LC-18, LC-38)", (name, value) => {
    expect(headers.get(name)).toBe(value);
  });

  it("name each header once, in characters a header may hold", () => {
    expect(headers.size).toBe(pageHeaders.length);
    for (const [name, value] of pageHeaders) expect(`${name}: ${value}`).toMatch(/^[A-Za-z-]+: [\x20-\x7e]+$/);
  });
});
