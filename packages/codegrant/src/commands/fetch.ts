import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Connection, isConnectionError } from "@codegrant/client";
import type { Command } from "commander";
import { CommandError, systemCode } from "../command-error.ts";
import { exitCodes } from "../connections/exit-codes.ts";
import { openConnection } from "../connections/open-connection.ts";
import { parseTarget } from "../connections/target.ts";
import { addConnectionCommand, type ConnectionOptions, exitCodeHelp, runOnConnection } from "./connection-command.ts";
import { collect, wholeNumber } from "./options.ts";

interface Options extends ConnectionOptions {
  readonly apiOrigin?: readonly string[];
  readonly timeout: number;
}

export function addFetch(program: Command): void {
  addConnectionCommand(program, "fetch", "get an address of the provider's API with the token; its body is the output")
    .argument("[url]", "a path such as /helix/users, or a whole address")
    .usage("<name> <url> [options]")
    .option("--api-origin <origin>", "where else the token may be sent, such as https://api.example.org", collect)
    .option("--timeout <seconds>", "how long it all may take, the body included", wholeNumber(1, 86_400), 60)
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
  const signal = AbortSignal.timeout(options.timeout * 1_000);
  try {
    const response = await untilAborted(connection.fetch(address, { signal }), signal);
    await printBody(response, signal);
    if (!response.ok) throw problemOf(response.status);
  } catch (error) {
    throw signal.aborted ? tooLate(address, options) : reasonOf(error, address);
  }
}

/** A refresh before the request listens to no signal. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return await Promise.race([work, once(signal, "abort").then((): never => signal.throwIfAborted() as never)]);
}

async function printBody({ body }: Response, signal: AbortSignal): Promise<void> {
  if (body === null) return;
  try {
    await pipeline(Readable.fromWeb(body), process.stdout, { end: false, signal });
  } catch (error) {
    // A reader that has seen enough, such as `head`.
    if (systemCode(error) !== "EPIPE") throw error;
  }
}

function tooLate(address: string, { timeout }: Options): CommandError {
  const sentence = `${address} did not answer in full within ${timeout} s. Allow more with --timeout SECONDS.`;
  return new CommandError(sentence, { exitCode: exitCodes.timedOut });
}

function reasonOf(error: unknown, address: string): unknown {
  if (isConnectionError(error) || error instanceof CommandError || !(error instanceof Error)) return error;
  const reason = systemCode(error) ?? systemCode(error.cause) ?? error.message;
  const sentence = `${address} could not be reached (${reason}). Check the address, the network and the proxy.`;
  return new CommandError(sentence, { cause: error });
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
The token goes to the provider's own API and to each --api-origin, in the header alone. A 401
is tried once more with a fresh token, unless the token is a few seconds old; if it stays, the command ends with 4.
${exitCodeHelp}
Examples:
  codegrant fetch twitch /helix/users
  codegrant fetch --server http://localhost:8080 /oauth2/validate
`;
