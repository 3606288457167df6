import { type ApplicationEdit, type ApplicationSettings, changeApplication } from "@codegrant/server";
import { type Command, Option } from "commander";
import { usageError } from "../command-error.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { printFields, printJson } from "../output.ts";
import { findApplication, findOwnerLogin } from "./app-show.ts";
import { applicationAsFields, applicationAsJson } from "./application-output.ts";
import { addSwitches, settingsOf, switches } from "./application-switches.ts";
import { clientIdOption, collect, configurationOption, databaseOption, jsonOption, oneOf } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly clientId?: string;
  readonly name?: string;
  readonly redirectUri?: readonly string[];
  readonly unset?: readonly string[];
  readonly json?: true;
}

export function addAppChange(app: Command): void {
  const command = app
    .command("change")
    .description("change an application; whatever is not named stays as it is")
    .usage("<client_id> --db <file> [options]")
    .argument("[client_id]")
    .addOption(databaseOption())
    .addOption(clientIdOption())
    .option("--name <name>", "as users see it when it asks for their consent")
    .addOption(
      new Option("--redirect-uri <uri>", "these take the place of all it has; may be repeated").argParser(collect),
    );
  addSwitches(command)
    .addOption(
      new Option(
        "--unset <setting>",
        `back to what applies to everyone, such as ${switches[0]?.name}; may be repeated`,
      ).argParser(collectSetting),
    )
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText("after", examples)
    .action(change);
}

async function change(argument: string | undefined, options: Options): Promise<void> {
  const clientId = oneOf(argument, options.clientId, "client_id");
  const settings = settingsOf(options);
  const unset = switches.filter(({ name }) => options.unset?.includes(name));
  const both = unset.find(({ setting }) => setting in settings);
  if (both) throw usageError(`--${both.name} and --unset ${both.name} contradict each other. Give one.`);
  const { name, redirectUri } = options;
  const editsSettings = unset.length > 0 || Object.keys(settings).length > 0;
  if (name === undefined && redirectUri === undefined && !editsSettings)
    throw usageError("Say what to change, such as --name. Add --help for all there is.");
  const changed = await withDatabase(options, {}, async (platform) => {
    const { id } = await findApplication(platform, clientId);
    const application = await changeApplication(
      platform,
      id,
      (loaded): ApplicationEdit => ({
        ...(name === undefined ? {} : { name }),
        ...(redirectUri === undefined ? {} : { redirectUris: redirectUri }),
        ...(editsSettings ? { settings: merge(loaded.settings, settings, unset) } : {}),
      }),
    );
    return { application, ownerLogin: await findOwnerLogin(platform, application) };
  });
  const { application, ownerLogin } = changed;
  if (options.json) printJson(applicationAsJson(application, { ownerLogin }));
  else printFields(applicationAsFields(application, { ownerLogin }));
}

function merge(before: ApplicationSettings, given: ApplicationSettings, unset: typeof switches): ApplicationSettings {
  const gone = new Set<string>(unset.map(({ setting }) => setting));
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([setting]) => !gone.has(setting)));
}

function collectSetting(value: string, before: readonly string[] | undefined): readonly string[] {
  if (switches.some(({ name }) => name === value)) return collect(value, before);
  throw usageError(`--unset takes one of: ${switches.map(({ name }) => name).join(", ")}. It was: ${value}`);
}

const examples = `
Examples:
  codegrant app change CLIENT_ID --db platform.db --redirect-uri https://app.example/callback
  codegrant app change CLIENT_ID --db platform.db --on-reuse refuse --unset pkce
`;
