import { describe, expect, it } from "vitest";
import { createProgram } from "../packages/codegrant/src/program.ts";
import { filesWhere, isMarkdown, lineAt } from "./tree.ts";

/** What the documents tell people to type: `codegrant …` in blocks and in the middle of sentences. */
const documented = filesWhere(
  (file) => isMarkdown(file) && file !== "docs/commands.md" && file !== "CHANGELOG.md",
).flatMap(({ path, text }) => {
  const joined = text.replaceAll("\\\n", "  ");
  return [...joined.matchAll(/(?:^|[\s`($;|])codegrant (?<line>[a-z][^\n`|;&)]*)/gm)].map((match) => ({
    at: `${path}:${lineAt(joined, match.index)}`,
    words: (match.groups?.["line"] ?? "").replace(/ #.*$/, "").trim().split(/\s+/),
  }));
});
const program = await createProgram();

describe("every command in the documents", () => {
  it("is one that there is, with options that it has", () => {
    expect(documented.length).toBeGreaterThan(40);
    expect(documented.flatMap(({ at, words }) => problemsOf(words).map((problem) => `${at} ${problem}`))).toEqual([]);
  });

  it.each([
    ["serves --port 1", ["there is no command serves"]],
    ["serve --prot 1", ["serve has no option --prot"]],
    ["app create --db x --name y", []],
  ])("so that `codegrant %s` is told apart", (line, problems) => {
    expect(problemsOf(line.split(" "))).toEqual(problems);
  });
});

function problemsOf(words: readonly string[]): string[] {
  let command = program;
  let depth = 0;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
    depth += 1;
  }
  if (depth === 0) return [`there is no command ${words[0]}`];
  const known = new Set(["--help", ...command.options.flatMap(({ long }) => (long ? [long] : []))]);
  const own = words.slice(0, words.includes("--") ? words.indexOf("--") : undefined);
  const options = own.flatMap((word) => /^--[a-z][a-z-]*/.exec(word) ?? []);
  return options.filter((option) => !known.has(option)).map((option) => `${command.name()} has no option ${option}`);
}
