import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Connection, isConnectionError } from "@codegrant/client";
import type { Command } from "commander";
import { CommandError, systemCode } from "../command-error.ts";
import { exitCodes } from "../connections/exit-codes.ts";
import { openConnection } from "../connections/open-connection.ts";
import { parseTarget } from "../connections/target.ts";
import { addConnectionCommand, type ConnectionOptions, exitCodeHelp, runOnConnection } from "./connection-command.ts";
import { collect } from "./options.ts";

interface Options extends ConnectionOptions {
  readonly apiOrigin?: readonly string[];
}

export function addFetch(program: Command): void {
  addConnectionCommand(program, "fetch", "get an address of the provider's API with the token; its body is the output")
    .argument("[url]", "a path such as /helix/users, or a whole address")
    .usage("<name> <url> [options]")
    .option("--api-origin <origin>", "where else the token may be sent, such as https://api.example.org", collect)
    .addHelpText("after", help)
    .action((name: string | undefined, url: string | undefined, options: Options) =>
      runOnConnection(() => fetchBody(name, url, options)),
    );
}

async function fetchBody(first: string | undefined, second: string | undefined, options: Options): Promise<void> {
  // With --server or --issuer the name may be left out, and then the one argument is the address.
  const isNamed = second !== undefined || (options.server === undefined && options.issuer === undefined);
  const [name, address] = isNamed ? [first, second] : [undefined, first];
  const target = parseTarget(name, options);
  if (address === undefined) throw new CommandError("Say what to get: a path such as /helix/users, or an address.");
  const connection = await openConnection(target, options, (options.apiOrigin ?? []).map(parseOrigin));
  checkAddress(connection, address, options.apiOrigin);
  const response = await send(connection, address);
  if (response.body !== null) {
    await pipeline(Readable.fromWeb(response.body), process.stdout, { end: false });
  }
  if (!response.ok) throw problemOf(response.status);
}

async function send(connection: Connection, address: string): Promise<Response> {
  try {
    return await connection.fetch(address);
  } catch (error) {
    if (isConnectionError(error) || !(error instanceof Error)) throw error;
    const reason = systemCode(error) ?? systemCode(error.cause) ?? error.message;
    throw new CommandError(
      `${address} could not be reached (${reason}). Check the address, the network and the proxy.`,
      {
        cause: error,
      },
    );
  }
}

/** The body says more; the exit code tells a script that it is no result. */
function problemOf(status: number): CommandError {
  // Twitch says so also of a scope that is missing, which a login mends as well.
  return status === 401
    ? new CommandError(
        "The API answered 401: it does not take the token. Log in again, or ask for more with --scope.",
        {
          exitCode: exitCodes.loginNeeded,
        },
      )
    : new CommandError(`The API answered ${status}; what it says is on stdout.`);
}

function checkAddress({ provider }: Connection, address: string, more: readonly string[] = []): void {
  const { baseUrl, otherOrigins = [] } = provider.api ?? {};
  if (address.startsWith("/") && !address.startsWith("//") && baseUrl !== undefined) return;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined)
    throw new CommandError(`Give a path such as /helix/users, or a whole address. It was: ${address}`);
  const known = [baseUrl, ...otherOrigins, ...more].flatMap((one) => (one === undefined ? [] : new URL(one).origin));
  if (known.includes(url.origin)) return;
  throw new CommandError(
    `The token is not sent to ${url.origin}, which is not ${provider.title}'s. If it belongs there, add --api-origin ${url.origin}`,
  );
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url.origin;
  throw new CommandError(`--api-origin must be an address such as https://api.example.org. It was: ${text}`);
}

const help = `
The token goes to the provider's own API and to each --api-origin, in the header alone.
${exitCodeHelp}
Examples:
  codegrant fetch twitch /helix/users
  codegrant fetch --server http://localhost:8080 /oauth2/validate
`;
