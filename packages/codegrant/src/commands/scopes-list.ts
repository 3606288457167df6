import { type Command, Option } from "commander";
import { readConfiguration } from "../configuration.ts";
import { printJson, printTable } from "../output.ts";
import { type DialectName, dialectNames, scopeCatalogueOf } from "../platform-settings.ts";
import { configurationOption, example, jsonOption } from "./options.ts";

interface Options {
  readonly dialect?: DialectName;
  readonly config?: string;
  readonly json?: true;
}

export function addScopesList(scopes: Command): void {
  scopes
    .command("list")
    .description("list the scopes and what each lets an application do")
    .addOption(new Option("--dialect <dialect>", "whose scopes; twitch's unless given").choices(dialectNames))
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText("after", example("codegrant scopes list --dialect twitch"))
    .action(list);
}

async function list(options: Options): Promise<void> {
  const configuration = await readConfiguration(options.config);
  const { all } = scopeCatalogueOf(options.dialect ?? configuration.dialect ?? "twitch", configuration);
  if (options.json)
    printJson(all.map(({ name, description, sensitive, group }) => ({ name, description, sensitive, group })));
  else
    printTable(
      ["SCOPE", "LETS AN APPLICATION"],
      all.map(({ name, description }) => [name, description]),
    );
}
