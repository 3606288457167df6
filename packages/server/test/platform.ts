import { createHash } from "node:crypto";
import {
  type Application,
  type ApplicationInput,
  createApplication,
  createKeyRing,
  createMemoryStore,
  createPasswords,
  createPlatform,
  createScopeCatalogue,
  createServer,
  createUser,
  type HostAccounts,
  krakenScopes,
  type LogEntry,
  type MountsName,
  mounts,
  type Platform,
  type PlatformSettings,
  type Server,
  type Store,
  twitchScopes,
  type User,
} from "@codegrant/server";

/** A whole platform in memory, with its clock in the test's hand and randomness that repeats. */
export interface TestPlatform extends Platform {
  readonly server: Server;
  readonly logged: LogEntry[];
  /** Seconds, forward or back. */
  step(seconds: number): void;
}

export interface TestPlatformOptions {
  readonly dialect?: MountsName;
  readonly store?: Store;
  readonly settings?: Partial<PlatformSettings>;
  readonly keyIds?: readonly number[];
  readonly accounts?: HostAccounts;
}

export const issuer = "http://localhost:8080";
export const login = "ada";
export const password = "correct horse battery";
export const redirectUri = "https://client.example.com/cb";

const scopes = createScopeCatalogue([...twitchScopes, ...krakenScopes]);

export function testPlatform(options: TestPlatformOptions = {}): TestPlatform {
  let now = 1_800_000_000;
  let drawn = 0;
  const logged: LogEntry[] = [];
  const platform = createPlatform({
    store: options.store ?? createMemoryStore(),
    ...(options.accounts !== undefined && { accounts: options.accounts }),
    keys: createKeyRing((options.keyIds ?? [1]).map((id) => ({ id, secret: bytesOf(`key ${id}`, 32) }))),
    // One cheap pass instead of argon2's 19 MiB: these tests are about who may sign in, not about hashing.
    passwords: createPasswords({ argon2: cheapHash }),
    settings: {
      name: "Testbed",
      issuer,
      scopes,
      passwordHelp: "Ask the operator.",
      sessionLifetimeSeconds: 86_400,
      codeLifetimeSeconds: 60,
      refreshWindows: { retrySeconds: 30, lateSeconds: 90 * 86_400, publicLateSeconds: 86_400 },
      ...options.settings,
    },
    now: () => now,
    random: (length) => bytesOf(`random ${drawn++}`, length),
    log: (entry) => logged.push(entry),
  });
  return {
    ...platform,
    logged,
    server: createServer(platform, mounts[options.dialect ?? "twitch"]),
    step: (seconds) => {
      now += seconds;
    },
  };
}

export interface Registered {
  readonly application: Application;
  readonly clientId: string;
  readonly clientSecret: string;
}

export async function registered(platform: Platform, input: Partial<ApplicationInput> = {}): Promise<Registered> {
  const { application, clientSecret = "" } = await createApplication(platform, {
    name: "Photo printer",
    redirectUris: [redirectUri],
    type: "confidential",
    ...input,
  });
  return { application, clientId: application.clientId, clientSecret };
}

export function demoUser(platform: Platform): Promise<User> {
  return createUser(platform, { login, password });
}

const cheapHash = {
  hash: async (typed: Uint8Array) => createHash("sha256").update(typed).digest("hex"),
  verify: async (stored: string, typed: Uint8Array) => createHash("sha256").update(typed).digest("hex") === stored,
};

function bytesOf(text: string, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash("sha256").update(`${text} ${i}`).digest(),
  );
  return Uint8Array.from(Buffer.concat(blocks).subarray(0, length));
}
