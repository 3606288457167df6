import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as pages from "../../src/pages/index.ts";
import { consentPage, errorPage, finishedPage, homePage, signInPage } from "../../src/pages/index.ts";
import { readTags } from "./markup.ts";
import { consent, error, everySample, frame, home, signIn, withText } from "./views.ts";

const attacks = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onfocus='alert(1)' autofocus='",
  "</title></head><body onload=alert(1)>",
  "<!--",
  "]]>",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " \t\njavascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "&lt;b&gt;&#x3c;",
  "\u202Egnp.exe",
  "\0",
  "x".repeat(10_000),
];

describe.each(everySample(pages))(
  "LC-21: the page $name, with hostile text wherever text may come from",
  ({ draw }) => {
    const usual = readTags(draw());
    const names = new Set(usual.map(({ name }) => name));
    const attributes = new Set(usual.flatMap((tag) => [...tag.attributes.keys()]));

    it("has the tags and attributes it always has", () => {
      for (const attack of attacks) {
        const tags = readTags(draw((view) => withText(view, attack)));
        expect(tags.filter(({ name }) => !names.has(name))).toEqual([]);
        expect(tags.flatMap((tag) => [...tag.attributes.keys()]).filter((name) => !attributes.has(name))).toEqual([]);
      }
    });

    it("leads nowhere but to this server", () => {
      for (const attack of attacks) {
        const tags = readTags(draw((view) => ({ ...withText(view, attack), basePath: "" })));
        const followed = tags.filter(({ name }) => name !== "link").flatMap((tag) => addressesIn(tag.attributes));
        for (const address of followed) expect(new URL(address, own).origin, attack).toBe(own);
      }
    });
  },
);

const own = "https://platform.example";

function addressesIn(attributes: ReadonlyMap<string, string>): readonly string[] {
  return ["href", "action", "src"].flatMap((name) => attributes.get(name) ?? []);
}

it("draws well-formed markup from any text at all", () => {
  const samples = everySample(pages);
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.string({ unit: "binary", maxLength: 50 }), ({ draw }, text) => {
      readTags(draw((view) => withText(view, text)));
    }),
    { numRuns: 500 },
  );
});

describe("LC-22: names", () => {
  const named = (name: string): string =>
    readTags(consentPage(consent({ application: { name, owner: name, type: "public" } }))).find(
      (tag) => tag.name === "h1",
    )?.inside[0]?.text ?? "";

  it.each([
    ["a right-to-left override", "Bank\u202Eknab", "Bankknab"],
    ["isolates and marks of direction", "\u2066A\u2069\u200F\u200EB", "AB"],
    ["zero widths", "Twi\u200Btch\u2060\uFEFF", "Twitch"],
    ["line breaks and tabs", "Sample\r\n\tApplication\u2028\u0085", "Sample Application"],
    ["control characters", "A\0\u001B[31mB", "A[31mB"],
    ["letters of every script", "Café 猫 ‎גן", "Café 猫 גן"],
  ])("are shown without %s, isolated from the sentence", (_, name, shown) => {
    expect(named(name)).toBe(shown);
  });

  it("are cut at a length that leaves the page in order", () => {
    expect(named("x".repeat(10_000))).toBe(`${"x".repeat(100)}…`);
    expect(named("🦊".repeat(200))).toBe(`${"🦊".repeat(100)}…`);
  });

  it("stand in an element that keeps their direction to themselves, on every page that shows one", () => {
    for (const html of [consentPage(consent()), signInPage(signIn())]) {
      expect(readTags(html).filter(({ name, text }) => name === "bdi" && text === "Sample Application")).not.toEqual(
        [],
      );
    }
  });
});

describe("the developer's details on an error page", () => {
  const shown = (value: string): readonly string[] =>
    readTags(errorPage(error({ status: 400, details: [{ name: "redirect_uri", value }] })))
      .filter(({ name }) => name === "dd")
      .map(({ text }) => text);

  it("spell out what would be invisible", () => {
    expect(shown("http://a/\u202E\u200B\0")).toEqual(["http://a/[U+202E][U+200B][U+0000]"]);
  });

  it("are cut before they fill the page", () => {
    expect(shown("a".repeat(100_000))).toEqual([`${"a".repeat(600)}…`]);
  });
});

describe("links made from data", () => {
  it.each([
    ["https://sample.example/callback?x=1", "https://sample.example/callback?x=1"],
    ["http://127.0.0.1:5050/", "http://127.0.0.1:5050/"],
    ["com.example.app:/callback", "/"],
    ["javascript:alert(1)//http://sample.example", "/"],
    ["data:text/html,x", "/"],
    ["file:///etc/passwd", "/"],
    ["//evil.example/", "/"],
    ["https://[", "/"],
  ])("back to an application: %s leads to %s", (backTo, href) => {
    const links = readTags(errorPage(error({ status: 400, backTo }))).filter(({ name }) => name === "a");
    expect(links.map(({ attributes }) => attributes.get("href"))).toEqual([href]);
  });

  it("tell an outside site nothing about where the person came from", () => {
    const html = errorPage(error({ status: 400, backTo: "https://sample.example/" }));
    const [link] = readTags(html).filter(({ name }) => name === "a");
    expect(link?.attributes.get("rel")).toBe("noopener noreferrer");
    expect(link?.text).toBe("Go back to sample.example");
  });

  it.each([
    ["/oauth2/authorize?client_id=abc&redirect_uri=https%3A%2F%2Fevil.example", true],
    ["//evil.example", false],
    ["/\\evil.example", false],
    ["/\t/evil.example", false],
    ["https://evil.example/", false],
    ["javascript:alert(1)", false],
    ["", false],
  ])("LC-35: to start again: %j is followed: %s", (startAgainPath, followed) => {
    const [link] = readTags(finishedPage({ ...frame, startAgainPath })).filter(({ name }) => name === "a");
    expect(link?.attributes.get("href")).toBe(followed ? startAgainPath : "/");
  });

  it("to documentation lead nowhere else", () => {
    const html = homePage(home({ docs: [{ title: "Docs", path: "//evil.example" }], endpoints: [] }));
    expect(html).not.toContain("evil.example");
  });
});
