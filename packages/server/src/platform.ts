import type { ErrorReason } from "@codegrant/protocol";
import type { HostAccounts } from "./accounts.ts";
import type { EndedGrant } from "./ended-grant.ts";
import { createLimits, type Limits } from "./limits/limits.ts";
import { createPollPace, type PollPace } from "./limits/poll-pace.ts";
import type { RequestRecord } from "./message.ts";
import { createOutcomes, type Outcomes } from "./outcomes.ts";
import type { LookInput } from "./pages/look.ts";
import { createPasswords, type Passwords } from "./passwords.ts";
import { createRandom } from "./random.ts";
import type { ScopeCatalogue } from "./scope-catalogue.ts";
import type { Store } from "./store.ts";
import type { KeyRing } from "./tokens/key-ring.ts";
import { createUsage, type Usage } from "./usage.ts";

/** Everything an endpoint or action works with. Clock and randomness are here so that tests pass their own. */
export interface Platform {
  readonly store: Store;
  readonly keys: KeyRing;
  readonly passwords: Passwords;
  readonly limits: Limits;
  readonly pollPace: PollPace;
  readonly usage: Usage;
  /** What came of each application's last requests, for its developer. */
  readonly outcomes: Outcomes;
  readonly settings: PlatformSettings;
  /** Whose users they are; the store's own unless given. */
  readonly accounts?: HostAccounts;
  /** Told once of every grant that ended, so that an operator can tell those who were cut off. */
  onGrantEnded(ended: EndedGrant): void | Promise<void>;
  /** How long an answer waits for `onGrantEnded`; 5 unless given. The hook itself may take longer. */
  readonly hookWaitSeconds: number;
  /** Epoch seconds, whole. */
  now(): number;
  random(bytes: number): Uint8Array;
  log(entry: LogEntry): void;
  /** While an action works for a request (`forRequest`): kept with whatever it records. */
  readonly requestId?: string;
}

/** The platform as an action works with it for one request: whatever it logs and keeps names the request. */
export function forRequest(platform: Platform, { requestId }: Pick<RequestRecord, "requestId">): Platform {
  return { ...platform, requestId, log: (entry) => platform.log({ requestId, ...entry }) };
}

/** What a platform cannot do without; the rest has an honest default. */
export type PlatformParts = Pick<Platform, "store" | "keys" | "settings"> & Partial<Platform>;

/**
 * @example
 * ```ts
 * const platform = createPlatform({ store, keys, settings, log: (entry) => console.error(JSON.stringify(entry)) });
 * const server = createServer(platform, mounts.rfc6749);
 * ```
 */
export function createPlatform(parts: PlatformParts): Platform {
  const now = parts.now ?? (() => Math.floor(Date.now() / 1000));
  return {
    passwords: createPasswords(),
    limits: createLimits(),
    pollPace: createPollPace(),
    usage: createUsage(parts.store),
    outcomes: createOutcomes(now()),
    onGrantEnded: () => undefined,
    hookWaitSeconds: 5,
    now,
    random: createRandom(),
    log: () => undefined,
    ...parts,
  };
}

export interface PlatformSettings {
  readonly name: string;
  /** One string, byte for byte the same in metadata, `iss` and challenges. No trailing slash. */
  readonly issuer: string;
  readonly scopes: ScopeCatalogue;
  /** Resources that applications may ask for (RFC 8707), beside those of registered resource servers. */
  readonly resources?: readonly string[];
  /** Said on the sign-in page: whom to ask for a new password. */
  readonly passwordHelp: string;
  /** Shown on the sign-in page of a demo, where the account exists only in the demo's own file. */
  readonly signInHint?: { readonly login: string; readonly password: string };
  /** Lets strangers make accounts of their own; off unless given. */
  readonly signUp?: { readonly maximumUsers: number };
  readonly footer?: string;
  /** Colours and logo of the pages. */
  readonly look?: LookInput;
  readonly sessionLifetimeSeconds: number;
  readonly codeLifetimeSeconds: number;
  /** How long the predecessor of a refresh token is still answered; 0 is strict (see `decide/refresh.ts`). */
  readonly refreshWindows: {
    readonly retrySeconds: number;
    readonly lateSeconds: number;
    readonly publicLateSeconds: number;
  };
}

/** One log line. `event` is a stable name such as `code.redeemed`; the rest are identifiers, never secrets. */
export interface LogEntry {
  readonly level: "info" | "warn" | "error";
  readonly event: string;
  readonly requestId?: string;
  readonly userId?: string;
  readonly applicationId?: number;
  readonly clientId?: string;
  readonly grantId?: number;
  readonly error?: string;
  readonly reason?: ErrorReason;
  /** Why, in words, for the operator; never sent to a client. */
  readonly detail?: string;
  readonly cause?: unknown;
}
