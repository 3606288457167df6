import { describe, expect, it } from "vitest";
import * as pages from "../../src/pages/index.ts";
import { readTags, type Tag } from "./markup.ts";
import { everySample } from "./views.ts";

describe.each(everySample(pages))("the page $name", ({ draw }) => {
  const html = draw();
  const tags = readTags(html);
  const named = (name: string): readonly Tag[] => tags.filter((tag) => tag.name === name);
  const valuesOf = (attribute: string): readonly string[] => tags.flatMap((tag) => tag.attributes.get(attribute) ?? []);

  it("is a whole document in a stated language and direction, made for small screens too", () => {
    expect(html.startsWith('<!doctype html><html lang="en" dir="ltr"><head>')).toBe(true);
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1"/>');
  });

  it("has one title, one heading of first rank and one main part", () => {
    expect(named("title").map(({ text }) => text)).toEqual([expect.stringMatching(/^.+ · Codegrant$/)]);
    expect(named("h1")).toHaveLength(1);
    expect(named("main")).toHaveLength(1);
  });

  it("skips no rank of heading", () => {
    const ranks = tags.flatMap(({ name }) => /^h([1-6])$/.exec(name)?.[1] ?? []).map(Number);
    for (const [index, rank] of ranks.entries()) expect(rank).toBeLessThanOrEqual((ranks[index - 1] ?? 0) + 1);
  });

  it("has no script, no style of its own, no event handler, no frame, no base (LC-16)", () => {
    const forbidden = new Set(["script", "style", "iframe", "object", "embed", "base", "img"]);
    expect(tags.filter(({ name }) => forbidden.has(name))).toEqual([]);
    const attributes = tags.flatMap((tag) => [...tag.attributes.keys()]);
    expect(attributes.filter((name) => /^on|^style$|^srcdoc$|^formaction$/i.test(name))).toEqual([]);
  });

  it("loads only our stylesheet and an icon that lies in the page itself (LC-18)", () => {
    const loaded = named("link").map(({ attributes }) => attributes.get("href"));
    expect(loaded).toEqual([expect.stringMatching(/^data:image\/svg\+xml,/), pages.stylesheetPath]);
    expect(valuesOf("src")).toEqual([]);
  });

  it("links only within this server, except back to the application that asked", () => {
    const links = named("a").map(({ attributes }) => attributes.get("href") ?? "");
    const outside = links.filter((href) => !/^(\/(?![/\\])|#)/.test(href));
    expect(outside.filter((href) => href !== "https://sample.example/callback")).toEqual([]);
  });

  it("sends every form by POST to its own address, with its anti-forgery token", () => {
    for (const form of named("form")) {
      expect(form.attributes.get("method")).toBe("post");
      expect([undefined, "/sign-out"]).toContain(form.attributes.get("action"));
      const token = form.inside.filter(({ attributes }) => attributes.get("name") === "csrf");
      expect(token.map(({ attributes }) => attributes.get("type"))).toEqual(["hidden"]);
    }
  });

  it("uses each id once, and every reference to an id finds it", () => {
    const ids = valuesOf("id");
    expect(new Set(ids).size).toBe(ids.length);
    const fragments = valuesOf("href").flatMap((href) => (href.startsWith("#") ? [href.slice(1)] : []));
    const referred = [
      ...valuesOf("for"),
      ...valuesOf("aria-describedby").flatMap((list) => list.split(" ")),
      ...fragments,
    ];
    expect(referred.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("labels every field that a person fills in", () => {
    const labelled = new Set(named("label").map(({ attributes }) => attributes.get("for")));
    const wrapped = new Set(named("label").flatMap(({ inside }) => inside));
    const fields = named("input").filter(({ attributes }) => attributes.get("type") !== "hidden");
    expect(fields.filter((field) => !labelled.has(field.attributes.get("id")) && !wrapped.has(field))).toEqual([]);
  });

  it("names its request, for whoever is asked for help", () => {
    expect(named("footer").map(({ text }) => text)).toEqual([expect.stringContaining("Request 7f3a19c2")]);
  });
});

describe("a server mounted under a path", () => {
  it("keeps all of its own addresses below that path", () => {
    for (const { name, draw } of everySample(pages)) {
      const tags = readTags(draw((view) => ({ ...view, basePath: "/auth" })));
      const own = tags
        .flatMap((tag) => tag.attributes.get("href") ?? [])
        .filter((href) => /^\/(assets|docs\/scopes|settings\/connections)?$/.test(href));
      expect(own, name).toEqual([]);
    }
  });
});
