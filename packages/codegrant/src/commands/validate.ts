import { type Connection, type Identity, identify, isConnectionError, validateToken } from "@codegrant/client";
import type { Command } from "commander";
import { CommandError } from "../command-error.ts";
import type { KeptApplication } from "../connections/application-store.ts";
import { exitCodes } from "../connections/exit-codes.ts";
import { findApplication, openWorkplace, type Workplace } from "../connections/open-connection.ts";
import { parseTarget } from "../connections/target.ts";
import { formatTime, printFields, printJson } from "../output.ts";
import { addConnectionCommand, type ConnectionOptions, exitCodeHelp, runOnConnection } from "./connection-command.ts";
import { jsonOption } from "./options.ts";

interface Options extends ConnectionOptions {
  readonly json?: true;
}

/** What the provider itself says of the token. */
interface Validated {
  readonly who: Identity | undefined;
  readonly scopes: readonly string[];
  readonly expiresAt: number | undefined;
}

export function addValidate(program: Command): void {
  addConnectionCommand(program, "validate", "ask the provider whether a connection's token is alive, and whose it is")
    .usage("<name> [options]")
    .addOption(jsonOption())
    .addHelpText("after", help)
    .action((name: string | undefined, options: Options) => runOnConnection(() => validate(name, options)));
}

async function validate(name: string | undefined, options: Options): Promise<void> {
  const workplace = openWorkplace();
  const application = await findApplication(workplace, parseTarget(name, options), options);
  const connection = workplace.connect(application, options.account);
  const { expiresAt, scopes, who } = await ask(workplace, application, connection);
  const user = who === undefined ? {} : { user: { id: who.id, login: who.login } };
  const expires = expiresAt === undefined ? {} : { expires_at: formatTime(expiresAt) };
  if (options.json) return printJson({ alive: true, ...user, client_id: application.clientId, scopes, ...expires });
  printFields([
    ["token", "alive"],
    ["user", who === undefined ? "(the provider does not say)" : `${who.login ?? ""} (${who.id ?? "no id"})`.trim()],
    ["client", application.clientId],
    ["scopes", scopes.length === 0 ? "(none)" : scopes.join(" ")],
    ["expires", expiresAt === undefined ? undefined : formatTime(expiresAt)],
  ]);
}

async function ask(
  { fetch }: Workplace,
  { clientId, clientSecret, target }: KeptApplication,
  connection: Connection,
): Promise<Validated> {
  const { provider } = connection;
  const token = await connection.accessToken();
  const known = await connection.status();
  try {
    if (provider.endpoints.validate === undefined) {
      const client = { clientId, ...(clientSecret === undefined ? {} : { clientSecret }) };
      const who = await identify(provider, client, { accessToken: token, scopes: known.scopes }, { fetch });
      if (who === undefined) throw nowhereToAsk(provider.title);
      return { who, scopes: known.scopes, expiresAt: known.expiresAt };
    }
    const validation = await validateToken(provider, token, { fetch });
    if (validation.status === "dead") throw validation.error;
    checkOwner(validation.clientId, clientId);
    const { expiresInSeconds, login, scopes, userId } = validation;
    const expiresAt = expiresInSeconds === undefined ? undefined : Math.floor(Date.now() / 1_000) + expiresInSeconds;
    return { who: userId === undefined ? undefined : { id: userId, login }, scopes, expiresAt };
  } catch (error) {
    throw isConnectionError(error) && error.code === "invalid_token" ? dead(target, error) : error;
  }
}

function checkOwner(owner: string, clientId: string): void {
  if (owner === clientId) return;
  throw new CommandError(`The token was given to another application (${owner}). Log in again with this one.`);
}

function nowhereToAsk(title: string): CommandError {
  return new CommandError(
    `${title} has nowhere to ask about a token with these scopes. Use the token: the API's answer tells.`,
  );
}

function dead(target: string, cause: Error): CommandError {
  return new CommandError(
    `The provider does not take this token any more. Refresh it: codegrant refresh ${target}\nIf that is refused, log in again: codegrant login ${target} --again`,
    { exitCode: exitCodes.loginNeeded, cause },
  );
}

const help = `
Twitch wants this of every session at its start and once an hour; programs on @codegrant/client do it by themselves.
Where a provider has no such address, it is asked who approved.
${exitCodeHelp}
Examples:
  codegrant validate twitch
  codegrant validate twitch --account bot --json
`;
