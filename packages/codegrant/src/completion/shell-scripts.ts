import type { CommandNode, OptionNode, Word } from "./command-tree.ts";

export type Shell = "bash" | "zsh" | "fish";

/** A script for the shell's start file: everything is in it, so completing starts no program. */
export function formatCompletion(shell: Shell, tree: readonly CommandNode[]): string {
  return { bash: formatBash, zsh: formatZsh, fish: formatFish }[shell](tree);
}

function formatBash(tree: readonly CommandNode[]): string {
  return `# codegrant completion for bash: add to ~/.bashrc: eval "$(codegrant completion bash)"
_codegrant() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="" word index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "$path $word" in
${tree.map(deeper).join("")}    esac
  done
  local words="" values=""
  case "$path" in
${tree.map(whatFollows).join("")}  esac
  case "$values" in
    "") COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    "<file>") COMPREPLY=($(compgen -f -- "$current")) ;;
    "<value>") COMPREPLY=() ;;
    *) COMPREPLY=($(compgen -W "$values" -- "$current")) ;;
  esac
}
complete -F _codegrant codegrant
`;
}

/** A word that names a command below the one so far. */
function deeper(node: CommandNode): string {
  const path = quote(pathOf(node));
  return node.path.length === 0 ? "" : `      ${path}) path=${path} ;;\n`;
}

function whatFollows(node: CommandNode): string {
  const values = `      case "$previous" in\n${valueCases(node)}      esac ;;\n`;
  return `    ${quote(pathOf(node))}) words=${quote(textsOf(node))}\n${values}`;
}

/** What follows an option that takes a value. */
function valueCases({ options }: CommandNode): string {
  return options
    .filter(({ takesValue }) => takesValue)
    .map((option) => `        ${option.text}) values=${quote(valuesOf(option))} ;;\n`)
    .join("");
}

function valuesOf({ choices, isFile }: OptionNode): string {
  if (choices.length > 0) return choices.join(" ");
  return isFile ? "<file>" : "<value>";
}

/** Zsh runs bash's own through its layer for that, so that there is one script to keep right. */
function formatZsh(tree: readonly CommandNode[]): string {
  const [, ...lines] = formatBash(tree).split("\n");
  return `# codegrant completion for zsh: add to ~/.zshrc: eval "$(codegrant completion zsh)"
autoload -Uz compinit && compinit -i
autoload -Uz bashcompinit && bashcompinit
${lines.join("\n")}`;
}

function formatFish(tree: readonly CommandNode[]): string {
  const lines = tree.flatMap((node) => {
    const when = `-n ${fishQuote(`__codegrant_at ${node.path.join(" ")}`.trim())}`;
    const words = node.words.map((word) => `complete -c codegrant -f ${when} -a ${described(word)}`);
    return [...words, ...node.options.map((option) => `complete -c codegrant ${when} ${fishOption(option)}`)];
  });
  return `# codegrant completion for fish: save as ~/.config/fish/completions/codegrant.fish
function __codegrant_at
  set -l words
  for word in (commandline -opc)[2..]
    contains -- $word ${[...new Set(tree.flatMap(({ path }) => path))].join(" ")}; and set -a words $word
  end
  test "$words" = "$argv"
end
complete -c codegrant -f
${lines.join("\n")}
`;
}

function fishOption(option: OptionNode): string {
  const name = option.text.startsWith("--") ? `-l ${option.text.slice(2)}` : `-s ${option.text.slice(1)}`;
  const value = option.takesValue ? (option.isFile ? " -r -F" : " -x") : " -f";
  const choices = option.choices.length === 0 ? "" : ` -a ${fishQuote(option.choices.join(" "))}`;
  return `${name}${value}${choices} -d ${fishQuote(option.description)}`;
}

function described({ description, text }: Word): string {
  return `${fishQuote(text)} -d ${fishQuote(description)}`;
}

function pathOf({ path }: CommandNode): string {
  return path.length === 0 ? "" : ` ${path.join(" ")}`;
}

function textsOf({ options, words }: CommandNode): string {
  return [...words, ...options].map(({ text }) => text).join(" ");
}

/** In single quotes nothing is read by a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Fish alone has escapes in there. */
function fishQuote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
