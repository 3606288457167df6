import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { choosePicture, formatPicture } from "../scripts/terminal-picture.mjs";
import { root } from "./tree.ts";

it("the picture in the README is what `npm start -- --yes` draws", () => {
  const start = path.join(root, "scripts", "start.mjs");
  const { stderr } = spawnSync(process.execPath, [start, "--yes"], { encoding: "utf8", timeout: 30_000 });
  const drawn = formatPicture(choosePicture(stderr));
  expect(sentencesOf(drawn)).toHaveLength(11 + 6 + 4);
  expect(sentencesOf(readFileSync(path.join(root, "docs", "terminal.svg"), "utf8"))).toEqual(sentencesOf(drawn));
});

it("markup in the output is text in the picture", () => {
  expect(formatPicture(['1  a & b → "<c>"'])).toContain('>1  a &amp; b → "&lt;c&gt;"</text>'.replaceAll(" ", "\u00a0"));
});

/** Without what differs each time: ports, fingerprints, the password. */
function sentencesOf(picture: string): string[] {
  const texts = [...picture.matchAll(/<text [^>]*>(?<text>[^<]*)</g)].map(({ groups }) => groups?.["text"] ?? "");
  return texts.map((text) => text.replace(/:\d{4,5}\b|~[0-9a-f]{8}|password\s+\S+/g, "…").trim());
}
