import type { Connection, LoginPrompt, LoginResult } from "@codegrant/client";
import { formatPrompt } from "@codegrant/client/node";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import type { KeptApplication } from "../connections/application-store.ts";
import { findClientId, findSecret } from "../connections/client-options.ts";
import { exitCodes } from "../connections/exit-codes.ts";
import { type Input, openInput } from "../connections/input-lines.ts";
import { badOption, defaultAccount, openWorkplace, type Workplace } from "../connections/open-connection.ts";
import {
  checkAnswers,
  describeTarget,
  formatTarget,
  openProvider,
  parseTarget,
  type Target,
} from "../connections/target.ts";
import { note, printJson, visible } from "../output.ts";
import { untilStopped } from "../shutdown.ts";
import {
  addConnectionCommand,
  type ConnectionOptions,
  commandError,
  exitCodeHelp,
  runOnConnection,
} from "./connection-command.ts";
import { statusAsFields, statusAsJson } from "./connection-output.ts";
import { jsonOption, wholeNumber } from "./options.ts";

interface Options extends ConnectionOptions {
  readonly scope?: string;
  readonly redirectUri?: string;
  readonly device?: true;
  readonly expect?: string;
  readonly again?: true;
  readonly timeout: number;
  readonly json?: true;
}

export function addLogin(program: Command): void {
  addConnectionCommand(program, "login", "have a user approve an application, and keep the tokens")
    .usage("<name> --client-id <id> [options]")
    .option("--scope <scopes>", "what to ask for, with spaces between (what this account's last login asked for)")
    .option("--redirect-uri <uri>", "as it is registered at the provider, byte for byte")
    .option("--device", "show an address and a code to enter on any screen, and need no redirect URI")
    .option("--expect <user>", "the login or id of whoever must approve; another is refused")
    .option("--again", "ask again though this account is connected, and let another user be chosen")
    .option("--timeout <seconds>", "how long to wait for the user", wholeNumber(1, 3_600), 300)
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action((name: string | undefined, options: Options) => runOnConnection(() => login(name, options)));
}

async function login(name: string | undefined, options: Options): Promise<void> {
  const target = parseTarget(name, options);
  const workplace = openWorkplace();
  const input = openInput();
  const aborter = new AbortController();
  const stop = (): void => {
    aborter.abort();
    input.close();
  };
  void untilStopped().then(stop);
  try {
    const application = await describeApplication(workplace, target, options, input);
    const connection = workplace.connect(application, options.account);
    const { result, wasAsked } = await ask(connection, options, input, aborter.signal);
    if (result.status === "approved") await keep(workplace, application, connection.accountName, wasAsked);
    await report(application.target, connection, result, options);
  } catch (error) {
    // A secret that was still awaited on stdin ends with it.
    throw aborter.signal.aborted ? stopped() : error;
  } finally {
    input.close();
  }
}

/**
 * What nobody has tried is not kept: a wrong secret would take the place of the good one. Where there is none (the
 * login was killed once it had the tokens, or another command is about to keep it), something is better than nothing.
 */
async function keep(
  { applications }: Workplace,
  application: KeptApplication,
  account: string,
  wasAsked: boolean,
): Promise<void> {
  if (wasAsked) return await applications.save(application, account);
  const isNew = await applications.complete(application, account);
  note(isNew ? "Already connected." : alreadyConnected);
}

/** What this command line says, and for the rest what the last login said. */
async function describeApplication(
  { applications, fetch }: Workplace,
  target: Target,
  options: Options,
  input: Input,
): Promise<KeptApplication> {
  const { account = defaultAccount, redirectUri, scope, secretFile } = options;
  const kept = await applications.list(formatTarget(target));
  const clientId = findClientId(options) ?? (kept.length === 1 ? kept[0]?.clientId : undefined);
  if (clientId === undefined) throw new CommandError(clientIdMissing);
  const before = kept.find((one) => one.clientId === clientId);
  // Before a browser is opened at an address where nobody is, and a person waits for it.
  if (before?.logins[account] === undefined) await checkAnswers(target, fetch);
  const provider = await describeTarget(target, fetch).catch((error: unknown) => {
    throw badOption(error);
  });
  const given = secretFile === "-" ? await input.readSecret() : await findSecret(options);
  const clientSecret = given ?? before?.clientSecret ?? (await askForSecret(provider, options, input));
  // Another account of the application begins with the redirect URI that worked for the first, and with no scope.
  const own = before?.logins[account];
  const wanted = {
    scopes: scope === undefined ? (own?.scopes ?? []) : scope.split(" ").filter((one) => one !== ""),
    redirectUri: redirectUri ?? own?.redirectUri ?? before?.logins[defaultAccount]?.redirectUri,
  };
  return {
    target: formatTarget(target),
    provider,
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    logins: { ...before?.logins, [account]: wanted },
  };
}

/** Only where there is no way without one. */
async function askForSecret(
  kept: KeptApplication["provider"],
  { device }: Options,
  input: Input,
): Promise<string | undefined> {
  const { codeNeedsSecret, endpoints, title } = openProvider(kept);
  if (device === true && endpoints.device === undefined) {
    throw new CommandError(`${title} has no login by device. Leave out --device to log in with the browser.`);
  }
  if (!codeNeedsSecret || endpoints.device !== undefined) return undefined;
  if (process.stdin.isTTY) return await input.readSecret();
  throw new CommandError(
    `${title} needs the client secret. Put it into CODEGRANT_CLIENT_SECRET, or into a file for --secret-file FILE (- is stdin).`,
  );
}

async function ask(
  connection: Connection,
  { again, account, device, expect, timeout }: Options,
  { pasted }: Input,
  signal: AbortSignal,
): Promise<{ readonly result: LoginResult; readonly wasAsked: boolean }> {
  let wasAsked = false;
  const onPrompt = (prompt: LoginPrompt): void => {
    wasAsked ||= prompt.kind === "open" || prompt.kind === "device";
    tell(prompt);
  };
  // Whoever is logged in at the browser would be connected without a question, also as the second account.
  const forceConsent = again === true || account !== undefined || expect !== undefined;
  const byDevice = device === true ? ({ method: "device" } as const) : {};
  try {
    const asked = { ...byDevice, again, expect, forceConsent, onPrompt, pasted, signal, timeoutSeconds: timeout };
    const result = await connection.login(asked);
    return { result, wasAsked };
  } catch (error) {
    throw badOption(error);
  }
}

/** On stderr, so that stdout holds the result alone. */
function tell(prompt: LoginPrompt): void {
  for (const line of formatPrompt(prompt).split("\n")) note(visible(line));
  if (prompt.kind === "open") {
    note("If that browser is on another machine, paste the address it ends at here, and press Enter.");
  }
}

async function report(name: string, connection: Connection, result: LoginResult, { json }: Options): Promise<void> {
  if (result.status === "approved") {
    const status = await connection.status();
    if (json) printJson({ status: "approved", ...statusAsJson(status) });
    else statusAsFields(name, status);
    return;
  }
  if (json) printJson({ status: result.status });
  if (result.status === "declined") throw commandError(result.error);
  if (result.status === "timed_out") {
    throw new CommandError(`Nobody answered in time.\n${visible(result.hint)}`, { exitCode: exitCodes.timedOut });
  }
  if (result.status === "other_user") throw new CommandError(visible(result.hint));
  throw stopped();
}

const alreadyConnected =
  "Already connected. What was given here was not tried and is not kept: to ask the user again and keep it, add --again.";

const stopped = (): CommandError => new CommandError("Stopped. Nothing was changed.");

const clientIdMissing =
  "Give the application's client id with --client-id ID, or in CODEGRANT_CLIENT_ID. It is shown where the application is registered.";

const help = `
The secret is never an argument: it comes from CODEGRANT_CLIENT_SECRET, from --secret-file FILE, from stdin or a prompt
with --secret-file -. It is kept beside the tokens, under $XDG_STATE_HOME/codegrant (~/.local/state/codegrant), in files
that their owner alone can read, not encrypted; logout removes both. BROWSER names another browser to open.

To Twitch with a client id and no secret it logs in by device: it shows one address and one code.
${exitCodeHelp}
Examples:
  codegrant login twitch --client-id CLIENT_ID --scope "user:read:email chat:read"
  codegrant login twitch --client-id CLIENT_ID --secret-file secret.txt --account bot
  codegrant login --server http://localhost:8080 --client-id CLIENT_ID --secret-file -
  codegrant login https://id.example.org --client-id CLIENT_ID --redirect-uri http://127.0.0.1:8000/callback
`;
