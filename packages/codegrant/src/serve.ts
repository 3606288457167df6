import {
  createChangeableKeyRing,
  createNodeHandler,
  createPlatform,
  createServer,
  createTrustedProxies,
  type EndedGrant,
  type LogEntry,
  type Mount,
  mounts,
  type Platform,
  type TrustedProxies,
} from "@codegrant/server";
import { openStore } from "@codegrant/sqlite/server";
import { decideAddress, listenProblem } from "./address.ts";
import { CommandError, systemCode, usageError } from "./command-error.ts";
import type { Configuration } from "./config-file.ts";
import { startCleaning } from "./hourly-cleaning.ts";
import { openKeys } from "./keys.ts";
import { type Listening, listen } from "./listen.ts";
import { type DialectName, limitsOf, platformSettings } from "./platform-settings.ts";
import { type KeyWatch, watchKeys } from "./watch-keys.ts";

export interface ServeOptions {
  /** The database, a SQLite file; made if it is not there. */
  readonly db: string;
  /** 0 finds a free one. */
  readonly port: number;
  /** `localhost`, that is this machine alone, unless given. */
  readonly host?: string | undefined;
  /** `http://localhost:PORT` unless given. */
  readonly issuer?: string | undefined;
  readonly insecureHttp?: boolean | undefined;
  /** Twitch's unless given, here or in the configuration. */
  readonly dialect?: DialectName | undefined;
  /** Beside the database unless given; made at the first start. */
  readonly keyFile?: string | undefined;
  /** The text of a key file, in its place. */
  readonly keys?: string | undefined;
  /** Addresses and ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies?: readonly string[] | undefined;
  readonly configuration?: Configuration | undefined;
  /** Shown on the sign-in page of a demo. */
  readonly signInHint?: { readonly login: string; readonly password: string } | undefined;
  /** Told once of every grant that ended, so that you can tell those who were cut off. */
  onGrantEnded?(ended: EndedGrant): void | Promise<void>;
  log(entry: LogEntry): void;
  /** A sentence the operator should read. */
  warn(sentence: string): void;
}

export interface RunningServer {
  /** Its issuer, which is its address. */
  readonly url: string;
  readonly port: number;
  readonly dialect: DialectName;
  /** For the actions of `@codegrant/server` beside the running server. */
  readonly platform: Platform;
  /** Lets requests under way finish, ten seconds at most, then closes the database. */
  close(): Promise<void>;
}

/**
 * Starts an authorization server on a SQLite file. What a person can put right is a `CommandError` with a sentence;
 * nothing is left open then.
 *
 * @example
 * ```ts
 * const server = await startServer({ db: "platform.db", port: 8080, dialect: "twitch", log: () => {}, warn: console.warn });
 * console.log(server.url);
 * await server.close();
 * ```
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { configuration = {}, signInHint } = options;
  const dialect = options.dialect ?? configuration.dialect ?? "twitch";
  const address = decideAddress({ ...options, issuer: options.issuer ?? configuration.issuer });
  if (address.warning !== undefined && configuration.signUp !== undefined) throw openToStrangers();
  const trustedProxies = trust(options.trustedProxies);
  if (address.warning !== undefined) options.warn(address.warning);
  const store = await openStore({ file: options.db, onWarning: options.warn });
  let opened: Opened | undefined;
  let watch: KeyWatch | undefined;
  try {
    const { keyFile = `${options.db}.keys`, keys: keysText } = options;
    const keys = createChangeableKeyRing(await openKeys({ keyFile, keys: keysText }, store, now(), options.warn));
    opened = await open(address.hosts, options.port);
    const { listening, serve } = opened;
    const url = address.issuer ?? `http://localhost:${listening.port}`;
    const platform = createPlatform({
      store,
      keys,
      settings: platformSettings({ issuer: url, dialect, configuration, ...(signInHint && { signInHint }) }),
      limits: limitsOf(configuration),
      log: options.log,
      ...(options.onGrantEnded && { onGrantEnded: options.onGrantEnded }),
    });
    serve(platform, mountsOf(dialect, configuration), trustedProxies);
    const cleaning = startCleaning(platform);
    if (keysText === undefined) watch = watchKeys({ keyFile, ring: keys, store, now, log: options.log });
    return {
      url,
      port: listening.port,
      dialect,
      platform,
      close: async () => {
        await listening.close(graceSeconds);
        await cleaning.stop();
        await watch?.stop();
        await platform.usage.flush();
        await store.close();
      },
    };
  } catch (error) {
    await opened?.listening.close(0);
    await watch?.stop();
    await store.close();
    throw error;
  }
}

const graceSeconds = 10;

const now = (): number => Math.floor(Date.now() / 1000);

interface Opened {
  readonly listening: Listening;
  serve(platform: Platform, mounted: readonly Mount[], trustedProxies: TrustedProxies): void;
}

/** The port is taken before there is anything to serve on it, since the issuer may hang on the port. */
async function open(hosts: readonly string[], port: number): Promise<Opened> {
  let handler: ReturnType<typeof createNodeHandler> | undefined;
  try {
    const listening = await listen({ hosts, port, listener: (request, response) => handler?.(request, response) });
    return {
      listening,
      // In the same turn of the event loop, so that no request comes in between.
      serve(platform, mounted, trustedProxies) {
        handler = createNodeHandler(createServer(platform, mounted), {
          trustedProxies,
          onBusy: () =>
            platform.log({ level: "warn", event: "server.busy", detail: "Requests are answered with 503." }),
        });
      },
    };
  } catch (error) {
    throw listenProblem(systemCode(error), hosts[0] ?? "", port);
  }
}

/** Lifetimes are the dialect's own unless the configuration says otherwise. */
function mountsOf(dialect: DialectName, { lifetimes = {} }: Configuration): readonly Mount[] {
  const { accessToken, applicationToken, refreshToken, publicRefreshToken } = lifetimes;
  const changed = {
    ...(accessToken === undefined ? {} : { accessTokenSeconds: accessToken }),
    ...(applicationToken === undefined ? {} : { applicationTokenSeconds: applicationToken }),
    ...(refreshToken === undefined ? {} : { refreshTokenSeconds: refreshToken }),
    ...(publicRefreshToken === undefined ? {} : { publicRefreshTokenSeconds: publicRefreshToken }),
  };
  return mounts[dialect].map((mount) => ({
    ...mount,
    dialect: { ...mount.dialect, lifetimes: { ...mount.dialect.lifetimes, ...changed } },
  }));
}

function openToStrangers(): CommandError {
  return new CommandError(
    "The configuration lets strangers sign up, and --insecure-http would show their passwords to the network. " +
      "Leave one of them out.",
  );
}

function trust(ranges: readonly string[] = []): TrustedProxies {
  try {
    return createTrustedProxies(ranges);
  } catch (error) {
    throw usageError(`--trusted-proxy: ${error instanceof Error ? error.message : "that is no range"}.`);
  }
}
