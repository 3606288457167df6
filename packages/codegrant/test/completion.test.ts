import { beforeAll, describe, expect, it } from "vitest";
import { type CommandNode, treeOf } from "../src/completion/command-tree.ts";
import { formatCompletion, type Shell } from "../src/completion/shell-scripts.ts";
import { createProgram } from "../src/program.ts";

let tree: readonly CommandNode[];
beforeAll(async () => {
  tree = treeOf(await createProgram(), ["twitch", "x"]);
});

const shells: readonly Shell[] = ["bash", "zsh", "fish"];

describe("completion", () => {
  it("knows every command, each option of it, and the providers where a provider is named", () => {
    const paths = tree.map(({ path }) => path.join(" "));
    expect(paths).toEqual(expect.arrayContaining(["", "app", "app create", "login", "exec", "explain", "completion"]));
    const words = (path: string): string[] =>
      tree.filter((node) => node.path.join(" ") === path).flatMap((node) => node.words.map(({ text }) => text));
    expect(words("login")).toEqual(["twitch", "x"]);
    expect(words("serve")).toEqual([]);
    expect(words("completion")).toEqual(["bash", "zsh", "fish"]);
    for (const { options } of tree) expect(options.map(({ text }) => text)).toContain("--help");
  });

  it.each(shells)("names all of it in the script for %s", (shell) => {
    const script = formatCompletion(shell, tree);
    for (const { path } of tree) expect(script).toContain(path.at(-1) ?? "codegrant");
    for (const option of ["redirect-uri", "key-file", "issuer"]) expect(script).toContain(option);
    expect(script).not.toContain("undefined");
  });

  it.each(shells)("lets no text of ours leave its quotes in %s", (shell) => {
    const evil = "it's $(touch /tmp/x) `y` \\' end";
    const node = { path: ["a"], description: evil, words: [{ text: "b", description: evil }], options: [] };
    const script = formatCompletion(shell, [node]);
    // The descriptions are in fish's script alone, where a backslash is escaped as well as a quotation mark.
    if (shell === "fish") expect(script).toContain("'it\\'s $(touch /tmp/x) `y` \\\\\\' end'");
    else expect(script).not.toContain("touch");
  });
});
