import { placedProviders, providers } from "@codegrant/client";
import { Argument, type Command } from "commander";
import { treeOf } from "../completion/command-tree.ts";
import { formatCompletion, type Shell } from "../completion/shell-scripts.ts";
import { print } from "../output.ts";

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print a script with which a shell completes this command")
    .usage("<shell>")
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish"] satisfies Shell[]))
    .addHelpText("after", help)
    .action(async (shell: Shell) => {
      const { createProgram } = await import("../program.ts");
      const names = [...providers.map(({ name }) => name), ...placedProviders.map((name) => `${name}@`)];
      print(formatCompletion(shell, treeOf(await createProgram(), names)).trimEnd());
    });
}

const help = `
Everything is in the script: completing starts no program and asks nobody.

Examples:
  codegrant completion bash >> ~/.bashrc
  codegrant completion fish > ~/.config/fish/completions/codegrant.fish
`;
