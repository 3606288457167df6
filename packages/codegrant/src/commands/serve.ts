import { type Command, Option } from "commander";
import { keepAsyncHooksOff } from "../async-hooks.ts";
import { readConfiguration } from "../configuration.ts";
import type { Log } from "../log.ts";
import { type LogLevel, logLevels } from "../log-level.ts";
import { note, print } from "../output.ts";
import { type DialectName, dialectNames } from "../platform-settings.ts";
import type { RunningServer } from "../serve.ts";
import { untilStopped } from "../shutdown.ts";
import { collect, fileName, wholeNumber } from "./options.ts";

interface Options {
  readonly port: number;
  readonly db: string;
  readonly host?: string;
  readonly issuer?: string;
  readonly dialect?: DialectName;
  readonly keyFile?: string;
  readonly trustedProxy?: readonly string[];
  readonly config?: string;
  readonly insecureHttp?: true;
  readonly logLevel?: LogLevel;
}

export function addServe(program: Command): void {
  program
    .command("serve")
    .description("run an authorization server on a SQLite file")
    .usage("--port <n> --db <file> [options]")
    .addOption(new Option("--port <n>", "0 finds a free one").argParser(wholeNumber(0, 65_535)).makeOptionMandatory())
    .requiredOption("--db <file>", "the database; it is made if it is not there", fileName)
    .option("--host <host>", "where to listen; this machine alone unless given")
    .option("--issuer <url>", "the server's own address, as its users see it (http://localhost:PORT unless given)")
    .addOption(
      new Option(
        "--dialect <dialect>",
        "how it speaks: twitch, unless given, has Twitch's paths and shapes, and rfc6749 at /oauth/",
      ).choices(dialectNames),
    )
    .option("--key-file <file>", "its secret keys, made at the first start (the database's name with .keys)", fileName)
    .addOption(
      new Option("--trusted-proxy <cidr>", "a proxy whose X-Forwarded-For is believed; may be repeated").argParser(
        collect,
      ),
    )
    .option("--config <file>", "name, scopes, lifetimes and more (.json, .js or .mjs)")
    .option("--insecure-http", "serve plain http beyond this machine: for a closed container network only")
    .addOption(
      new Option("--log-level <level>", "JSON lines on stderr (info; on a terminal warn)").choices([...logLevels]),
    )
    .addHelpText("after", examples)
    .action(serve);
}

async function serve(options: Options): Promise<void> {
  warnOfOldNode();
  keepAsyncHooksOff();
  const configuration = await readConfiguration(options.config);
  // Loaded here, since no other command needs them and each should start at once.
  const [{ startServer }, { openLog }] = await Promise.all([import("../serve.ts"), import("../log.ts")]);
  const log = openLog(options.logLevel ?? (process.stderr.isTTY ? "warn" : "info"));
  endWithLogLine(log);
  try {
    const stopped = untilStopped(); // from the start, so that a signal during it ends well too
    const server = await startServer({
      ...options,
      configuration,
      trustedProxies: options.trustedProxy,
      keys: process.env["CODEGRANT_KEYS"],
      log: log.write,
      warn: note,
    });
    print(readyLine(options, server));
    await stopped;
    await server.close();
  } finally {
    await log.end();
  }
}

/** A mistake of ours that nothing caught: the process cannot go on, and its log says why in one line like any other. */
function endWithLogLine(log: Log): void {
  process.once("uncaughtException", (cause) => {
    process.on("uncaughtException", () => undefined); // what follows from the first must not cut off its line
    log.write({ level: "error", event: "process.failed", cause });
    void log.end().then(() => process.exit(1));
  });
}

function readyLine({ host = "localhost", db }: Options, { url, port, dialect }: RunningServer): string {
  const isIssuerItself = new URL(url).host === `${host}:${port}`;
  return `Codegrant serves ${dialect} at ${url} (${isIssuerItself ? "" : `listening on ${host}, port ${port}, `}database ${db})`;
}

function warnOfOldNode(): void {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major <= 20) note(`Node ${major} no longer gets security fixes. Use Node 24 or 26 in production.`);
}

const examples = `
Keys:
  They sign every token. Without them, all users must approve again: keep a copy of the key file, apart from the
  database. In production put it elsewhere with --key-file, or give its text in the environment variable CODEGRANT_KEYS.

Examples:
  codegrant serve --port 8080 --db platform.db
  codegrant serve --port 8080 --db platform.db --issuer https://id.example.com --trusted-proxy 127.0.0.1/32
`;
