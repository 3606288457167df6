import type { Command, Option } from "commander";

/** The command table as a shell needs it. */
export interface CommandNode {
  /** The words that lead there, without the program's own name. */
  readonly path: readonly string[];
  readonly description: string;
  readonly words: readonly Word[];
  readonly options: readonly OptionNode[];
}

export interface Word {
  readonly text: string;
  readonly description: string;
}

export interface OptionNode extends Word {
  readonly takesValue: boolean;
  readonly isFile: boolean;
  readonly choices: readonly string[];
}

/** Every command from the program down, with what may follow it. */
export function treeOf(program: Command, providerNames: readonly string[]): readonly CommandNode[] {
  return nodesOf(program, [], providerNames);
}

function nodesOf(command: Command, path: readonly string[], providerNames: readonly string[]): CommandNode[] {
  const below = command.commands;
  const takesProvider = below.length === 0 && command.registeredArguments[0]?.name() === "name" && path.length === 1;
  const names = takesProvider ? providerNames.map((text) => ({ text, description: "provider" })) : [];
  const choices = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((text) => ({ text, description })),
  );
  const words = below.map((one) => ({ text: one.name(), description: one.description() }));
  const node = {
    path,
    description: command.description(),
    words: [...words, ...names, ...choices],
    options: [...command.options.map(optionOf), help],
  };
  return [node, ...below.flatMap((one) => nodesOf(one, [...path, one.name()], providerNames))];
}

const help: OptionNode = { text: "--help", description: "show help", takesValue: false, isFile: false, choices: [] };

function optionOf({ argChoices = [], description, flags, long, required, optional }: Option): OptionNode {
  return {
    text: long ?? flags,
    description,
    takesValue: required || optional,
    isFile: /<file>|<folder>/.test(flags),
    choices: argChoices,
  };
}
