import path from "node:path";
import { type Connection, connect as connectAnywhere, type Fetch } from "@codegrant/client";
import { createFileStore } from "@codegrant/client/node";
import { CommandError } from "../command-error.ts";
import { type ApplicationStore, createApplicationStore, type KeptApplication } from "./application-store.ts";
import { createTerminalMachine } from "./browser.ts";
import { type ClientOptions, findClientId, findSecret } from "./client-options.ts";
import { exitCodes } from "./exit-codes.ts";
import { openInput } from "./input-lines.ts";
import { createProxyFetch } from "./proxy-fetch.ts";
import { findStateFolder } from "./state-folder.ts";
import { formatTarget, openProvider, type Target } from "./target.ts";

/** Everything that lies in the state folder, and the way to the network. */
export interface Workplace {
  readonly applications: ApplicationStore;
  readonly fetch: Fetch | undefined;
  connect(application: KeptApplication, account?: string, apiOrigins?: readonly string[]): Connection;
}

export function openWorkplace(): Workplace {
  const folder = findStateFolder();
  const fetch = createProxyFetch(process.env);
  const store = createFileStore({ folder: path.join(folder, "connections") });
  return {
    applications: createApplicationStore(folder),
    fetch,
    connect(application, account = defaultAccount, apiOrigins = []) {
      const { clientId, clientSecret, logins, target } = application;
      const { redirectUri, scopes } = logins[account] ?? { scopes: [] };
      const provider = openProvider(application.provider);
      try {
        return connectAnywhere(provider, {
          clientId,
          ...(clientSecret === undefined ? {} : { clientSecret }),
          scopes,
          store,
          account,
          apiOrigins,
          redirectUri: redirectUri ?? provider.defaultRedirectUri ?? usualRedirectUri,
          fetch,
          machine: createTerminalMachine(process.env),
          loginAt: (name) => formatLogin(target, name),
        });
      } catch (error) {
        throw badOption(error);
      }
    },
  };
}

/** Without --account. */
export const defaultAccount = "default";

/** Where the provider has no usual one: the address itself, since `localhost` may lead elsewhere (RFC 8252, 8.3). */
export const usualRedirectUri = "http://127.0.0.1:3000/callback";

/** The application that a login was made with. Without one, the exit code says that a login is needed. */
export async function findApplication(
  { applications }: Workplace,
  target: Target,
  options: ClientOptions,
): Promise<KeptApplication> {
  const name = formatTarget(target);
  const clientId = findClientId(options);
  const all = await applications.list(name);
  const fitting = clientId === undefined ? all : all.filter((one) => one.clientId === clientId);
  const [application, another] = fitting;
  if (another !== undefined) {
    const ids = fitting.map((one) => one.clientId).join(", ");
    throw new CommandError(`Several applications are connected there. Choose with --client-id: ${ids}`);
  }
  if (application === undefined) {
    const whom = clientId === undefined ? "" : ` by the application ${clientId}`;
    throw new CommandError(`Nothing is connected${whom} yet. Log in first: ${formatLogin(name)}`, {
      exitCode: exitCodes.loginNeeded,
    });
  }
  const given = options.secretFile === "-" ? await readSecretAlone() : await findSecret(options);
  const clientSecret = given ?? application.clientSecret;
  return { ...application, clientSecret };
}

export async function openConnection(
  target: Target,
  options: ClientOptions & { readonly account?: string },
  apiOrigins: readonly string[] = [],
): Promise<Connection> {
  const workplace = openWorkplace();
  return workplace.connect(await findApplication(workplace, target, options), options.account, apiOrigins);
}

async function readSecretAlone(): Promise<string> {
  const input = openInput();
  try {
    return await input.readSecret();
  } finally {
    input.close();
  }
}

/** The command that mends a connection. */
export function formatLogin(target: string, account = defaultAccount): string {
  return `codegrant login ${target}${account === defaultAccount ? "" : ` --account ${quote(account)}`}`;
}

function quote(word: string): string {
  return /^[\w@.:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Everything that the client checks at its start comes from the command line. */
export function badOption(error: unknown): unknown {
  return error instanceof TypeError ? new CommandError(error.message, { cause: error }) : error;
}
