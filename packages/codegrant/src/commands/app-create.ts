import { createApplication, type Platform } from "@codegrant/server";
import { type Command, Option } from "commander";
import { CommandError, usageError } from "../command-error.ts";
import { type DatabaseOptions, withDatabase } from "../database.ts";
import { note, printFields, printJson } from "../output.ts";
import { applicationAsFields, applicationAsJson } from "./application-output.ts";
import { addSwitches, settingsOf } from "./application-switches.ts";
import { collect, configurationOption, databaseOption, jsonOption } from "./options.ts";

interface Options extends DatabaseOptions {
  readonly name: string;
  readonly redirectUri?: readonly string[];
  readonly type: "confidential" | "public";
  readonly owner?: string;
  readonly json?: true;
}

export function addAppCreate(app: Command): void {
  const command = app
    .command("create")
    .description("register an application; prints its client_id and, this once, its client_secret")
    .usage("--db <file> --name <name> --redirect-uri <uri> [options]")
    .addOption(databaseOption())
    .requiredOption("--name <name>", "as users see it when it asks for their consent")
    .addOption(
      new Option("--redirect-uri <uri>", "where users are sent back to; may be given up to ten times").argParser(
        collect,
      ),
    )
    .addOption(
      new Option(
        "--type <type>",
        "confidential can keep a secret (a server); public cannot (a phone, a page, a script)",
      )
        .choices(["confidential", "public"])
        .default("confidential"),
    );
  addSwitches(command)
    .option("--owner <login>", "the user who sees it on their Connections page")
    .addOption(configurationOption())
    .addOption(jsonOption())
    .addHelpText("after", examples)
    .action(create);
}

async function create(options: Options): Promise<void> {
  const settings = settingsOf(options);
  const { redirectUri: redirectUris = [] } = options;
  if (redirectUris.length === 0 && settings.resourceServer !== true)
    throw usageError("Say where users are sent back to with --redirect-uri. Add --help for the form.");
  const { application, clientSecret, ownerLogin } = await withDatabase(
    options,
    { mayCreate: true },
    async (platform) => {
      const ownerId = options.owner === undefined ? undefined : await findOwner(platform, options.owner);
      const created = await createApplication(platform, {
        name: options.name,
        redirectUris,
        type: options.type,
        settings,
        ...(ownerId === undefined ? {} : { ownerId }),
      });
      return { ...created, ownerLogin: options.owner };
    },
  );
  if (options.json) return printJson(applicationAsJson(application, { clientSecret, ownerLogin }));
  printFields(applicationAsFields(application, { clientSecret, ownerLogin }));
  if (clientSecret !== undefined) note("Keep the client_secret now: it is shown this once.");
}

async function findOwner(platform: Platform, login: string): Promise<string> {
  const user = await platform.store.findUserByLogin(login);
  if (user) return user.id;
  throw new CommandError(`There is no user ${login} to own it. Make one with: codegrant user create --login ${login}`);
}

const examples = `
Examples:
  codegrant app create --db platform.db --name "My application" --redirect-uri http://localhost/
  codegrant app create --db platform.db --name "My API" --resource-server --resource https://api.example/
`;
