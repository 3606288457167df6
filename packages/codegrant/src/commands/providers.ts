import type { Command } from "commander";
import { showProviders } from "../providers/show-providers.ts";
import { jsonOption } from "./options.ts";

interface Options {
  readonly json?: true;
}

export function addProviders(program: Command): void {
  program
    .command("providers")
    .description("list the providers that login knows by name, or what is known of one")
    .usage("[name] [options]")
    .argument("[name]", "such as twitch; with its place: shopify@my-shop, gitlab@gitlab.example.org")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action((name: string | undefined, options: Options) => showProviders(name, options.json === true));
}

const help = `
It asks nobody: each fact has its sources and the month they were read.

Examples:
  codegrant providers
  codegrant providers twitch --json
`;
