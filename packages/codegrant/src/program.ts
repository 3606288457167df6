import { Command, CommanderError } from "commander";
import { ProgramEnded } from "./command-error.ts";
import { explain } from "./explain.ts";
import { note } from "./output.ts";
import { version } from "./version.ts";

/**
 * Runs one command line and says how it ended: 0, 2 for a command line that cannot be understood, 1 for anything else.
 * Results stand on stdout, everything else on stderr.
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const program = await createProgram(args[0]);
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    // Commander has printed its own sentence, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof ProgramEnded) return error.exitCode;
    const { message, exitCode } = await explain(error);
    note(message);
    return exitCode;
  }
}

/** The program with the one command that is called; with all, where no command has that name, as for the help. */
export async function createProgram(called?: string): Promise<Command> {
  const program = new Command("codegrant")
    .description("OAuth 2.0 at both ends: an authorization server, and tokens from any.")
    .version(version)
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ styleTitle: (title) => `\u001b[1m${title}\u001b[0m` })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "codegrant: ")) })
    .showHelpAfterError("Add --help to see what this command takes.")
    .addHelpText("after", examples);
  for (const load of loadsFor(called)) (await load())(program);
  return program;
}

function loadsFor(called = ""): Iterable<Load> {
  if (called === "--version" || called === "-V") return [];
  const one = commands.get(called);
  return one ? [one] : commands.values();
}

type Load = () => Promise<(program: Command) => void>;

/** In the order of the help. Loading is most of what a short command costs, so each loads what is its own. */
const commands: ReadonlyMap<string, Load> = new Map<string, Load>([
  ["serve", async () => (await import("./commands/serve.ts")).addServe],
  ["app", async () => (await import("./commands/app.ts")).addAppCommands],
  ["user", async () => (await import("./commands/user.ts")).addUserCommands],
  ["grants", async () => (await import("./commands/grants.ts")).addGrantsCommands],
  ["keys", async () => (await import("./commands/keys.ts")).addKeysCommands],
  ["scopes", async () => (await import("./commands/scopes.ts")).addScopesCommands],
  ["backup", async () => (await import("./commands/backup.ts")).addBackup],
  ["check", async () => (await import("./commands/check.ts")).addCheck],
  ["login", async () => (await import("./commands/login.ts")).addLogin],
  ["token", async () => (await import("./commands/token.ts")).addToken],
  ["refresh", async () => (await import("./commands/refresh.ts")).addRefresh],
  ["fetch", async () => (await import("./commands/fetch.ts")).addFetch],
  ["status", async () => (await import("./commands/status.ts")).addStatus],
  ["logout", async () => (await import("./commands/logout.ts")).addLogout],
  ["validate", async () => (await import("./commands/validate.ts")).addValidate],
  ["exec", async () => (await import("./commands/exec.ts")).addExec],
  ["doctor", async () => (await import("./commands/doctor.ts")).addDoctor],
  ["explain", async () => (await import("./commands/explain.ts")).addExplain],
  ["providers", async () => (await import("./commands/providers.ts")).addProviders],
  ["completion", async () => (await import("./commands/completion.ts")).addCompletion],
]);

const examples = `
Examples:
  codegrant serve --port 8080 --db platform.db
  codegrant user create --db platform.db --login ninja
  codegrant app create --db platform.db --name "My application" --redirect-uri http://localhost/
  codegrant login twitch --client-id CLIENT_ID --scope user:read:email
`;
