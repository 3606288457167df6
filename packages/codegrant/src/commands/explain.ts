import { explainAnswer } from "@codegrant/client";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { readPasted } from "../connections/pasted-input.ts";
import { openProvider, parseTarget } from "../connections/target.ts";
import { printFields, printJson } from "../output.ts";
import { jsonOption } from "./options.ts";

interface Options {
  readonly json?: true;
}

export function addExplain(program: Command): void {
  program
    .command("explain")
    .description("say what a callback's address or an error's body means, and what to do; paste it on stdin")
    .usage("[name] [options]")
    .argument("[name]", "the provider it came from, if you know")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action(explainPasted);
}

async function explainPasted(name: string | undefined, options: Options): Promise<void> {
  const provider = name === undefined ? undefined : openNamed(name);
  const pasted = await readPasted("Paste the address the browser ended at, or the whole answer, and press Enter:");
  const { actor, code, kind, todo, what } = explainAnswer(pasted, provider);
  if (options.json) printJson({ kind, ...(code === undefined ? {} : { code }), actor, what, todo });
  else
    printFields([
      ["what", what],
      ["to do", todo],
      ["who", whoWords[actor]],
    ]);
  if (kind === "unknown") throw new CommandError("That was not understood whole.");
}

/** A name alone: nobody is asked what stands at an address. */
function openNamed(name: string): ReturnType<typeof openProvider> {
  const target = parseTarget(name, {});
  if (target.kind !== "provider") throw new CommandError("Name a provider, such as twitch; an address is not asked.");
  return openProvider(target);
}

const whoWords = {
  user: "the user",
  developer: "whoever wrote or registered the application",
  operator: "whoever runs the machine or the network",
  nobody: "nobody: it passes by itself",
} as const;

const help = `
It sends nothing and keeps nothing, and repeats no code or token of what was pasted. It ends with 1 if it did not
understand it.

Examples:
  codegrant explain
  codegrant explain twitch < answer.json
`;
