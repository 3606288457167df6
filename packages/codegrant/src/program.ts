import { Command, CommanderError } from "commander";
import { addAppCommands } from "./commands/app.ts";
import { addBackup } from "./commands/backup.ts";
import { addCheck } from "./commands/check.ts";
import { addConnectionCommands } from "./commands/connections.ts";
import { addGrantsCommands } from "./commands/grants.ts";
import { addKeysCommands } from "./commands/keys.ts";
import { addProviders } from "./commands/providers.ts";
import { addScopesCommands } from "./commands/scopes.ts";
import { addServe } from "./commands/serve.ts";
import { addUserCommands } from "./commands/user.ts";
import { explain } from "./explain.ts";
import { note } from "./output.ts";
import { version } from "./version.ts";

/**
 * Runs one command line and says how it ended: 0, 2 for a command line that cannot be understood, 1 for anything else.
 * Results stand on stdout, everything else on stderr.
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // Commander has printed its own sentence, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { message, exitCode } = explain(error);
    note(message);
    return exitCode;
  }
}

/** All commands, for running one and for the page that lists them. */
export function createProgram(): Command {
  const program = new Command("codegrant")
    .description("OAuth 2.0 at both ends: an authorization server, and tokens from any.")
    .version(version)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "codegrant: ")) })
    .showHelpAfterError("Add --help to see what this command takes.")
    .addHelpText("after", examples);
  addServe(program);
  addAppCommands(program);
  addUserCommands(program);
  addGrantsCommands(program);
  addKeysCommands(program);
  addScopesCommands(program);
  addBackup(program);
  addCheck(program);
  addConnectionCommands(program);
  addProviders(program);
  return program;
}

const examples = `
Examples:
  codegrant serve --port 8080 --db platform.db
  codegrant user create --db platform.db --login ninja
  codegrant app create --db platform.db --name "My application" --redirect-uri http://localhost/
  codegrant login twitch --client-id CLIENT_ID --scope user:read:email
`;
