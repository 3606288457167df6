import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import { findClientId, findSecret } from "../connections/client-options.ts";
import { defaultAccount, formatLogin, openWorkplace, usualRedirectUri } from "../connections/open-connection.ts";
import { findStateFolder } from "../connections/state-folder.ts";
import { describeTarget, formatTarget, openProvider, parseTarget } from "../connections/target.ts";
import { checkConnections } from "../doctor/check-connections.ts";
import { checkMachine } from "../doctor/check-machine.ts";
import { checkProvider } from "../doctor/check-provider.ts";
import type { Finding } from "../doctor/finding.ts";
import { print, printJson, visible } from "../output.ts";
import { type Colors, colorsFor } from "../terminal-colors.ts";
import { addConnectionCommand, type ConnectionOptions, exitCodeHelp, runOnConnection } from "./connection-command.ts";
import { jsonOption } from "./options.ts";

interface Options extends ConnectionOptions {
  readonly redirectUri?: string;
  readonly json?: true;
}

export function addDoctor(program: Command): void {
  addConnectionCommand(program, "doctor", "look for what keeps connections from working, and say what to do")
    .usage("[name] [options]")
    .option("--redirect-uri <uri>", "the one to look at (that of the login, else the provider's usual one)")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action((name: string | undefined, options: Options) => runOnConnection(() => examine(name, options)));
}

async function examine(name: string | undefined, options: Options): Promise<void> {
  const isOfOne = name !== undefined || options.server !== undefined || options.issuer !== undefined;
  const findings = [
    ...(await checkMachine(findStateFolder(), process.env)),
    ...(isOfOne ? await checkOne(name, options) : []),
  ];
  const colors = colorsFor(process.stdout, process.env);
  if (options.json) printJson(findings);
  else for (const finding of findings) printFinding(finding, colors);
  const problems = findings.filter(({ outcome }) => outcome === "problem");
  if (problems.length > 0) throw new CommandError(`${problems.length} of ${findings.length} checks found a problem.`);
}

async function checkOne(name: string | undefined, options: Options): Promise<readonly Finding[]> {
  const workplace = openWorkplace();
  const target = parseTarget(name, options);
  const clientId = findClientId(options);
  const known = await workplace.applications.list(formatTarget(target));
  const application = known.find((one) => clientId === undefined || one.clientId === clientId);
  const provider = openProvider(application?.provider ?? (await describeTarget(target, workplace.fetch)));
  const secret = (await findSecret(options)) ?? application?.clientSecret;
  const id = clientId ?? application?.clientId;
  const client =
    id === undefined ? undefined : { clientId: id, ...(secret === undefined ? {} : { clientSecret: secret }) };
  const login = application?.logins[options.account ?? defaultAccount];
  const redirectUri = options.redirectUri ?? login?.redirectUri ?? provider.defaultRedirectUri ?? usualRedirectUri;
  if (!URL.canParse(redirectUri)) throw new CommandError("--redirect-uri must be an address, exactly as registered.");
  return [
    ...(await checkProvider({ provider, redirectUri, client, fetch: workplace.fetch })),
    ...(await checkConnections(workplace, application, formatLogin(formatTarget(target)))),
  ];
}

const marks = { ok: "✓", warning: "!", problem: "✗" } as const;

function printFinding({ check, detail, outcome, todo }: Finding, colors: Colors): void {
  const paint = { ok: colors.good, warning: colors.warning, problem: colors.bad }[outcome];
  print(`${paint(marks[outcome])} ${check.padEnd(12)} ${visible(detail)}`);
  if (todo !== undefined) print(`  ${"".padEnd(12)} ${visible(todo)}`);
}

const help = `
Without a name it looks at this machine alone: the store, the proxy, the variables. With one also at the redirect URI and
its port, the way to the provider, its clock against yours, the secret, and each connection. It asks the token endpoint
once, with a code that cannot exist, and changes nothing. It ends with 1 if there is a problem.
${exitCodeHelp}
Examples:
  codegrant doctor
  codegrant doctor twitch --client-id CLIENT_ID
`;
