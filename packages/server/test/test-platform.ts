import { createHash } from "node:crypto";
import { createLimits } from "../src/limits/limits.ts";
import { createMemoryStore } from "../src/memory-store.ts";
import { type Argon2, createPasswords } from "../src/passwords.ts";
import type { LogEntry, Platform, PlatformSettings } from "../src/platform.ts";
import type { AuditEvent } from "../src/records.ts";
import { createScopeCatalogue } from "../src/scope-catalogue.ts";
import { krakenScopes } from "../src/scopes/kraken.ts";
import { twitchScopes } from "../src/scopes/twitch.ts";
import type { Store } from "../src/store.ts";
import { createKeyRing } from "../src/tokens/key-ring.ts";

/** A whole platform in memory: its clock stands still until a test moves it, and its randomness is a counter's. */
export interface TestPlatform extends Platform {
  readonly logs: readonly LogEntry[];
  readonly events: readonly AuditEvent[];
  /** How many passwords were hashed or checked: the work that time would show. */
  hashes(): number;
  pass(seconds: number): void;
}

export interface TestPlatformOptions {
  readonly settings?: Partial<PlatformSettings>;
  readonly store?: Store;
  readonly passwords?: Platform["passwords"];
}

export function testPlatform({
  settings,
  store = createMemoryStore(),
  passwords,
}: TestPlatformOptions = {}): TestPlatform {
  let now = 1_800_000_000;
  let drawn = 0;
  let hashes = 0;
  const logs: LogEntry[] = [];
  const events: AuditEvent[] = [];
  const argon2 = cheapArgon2(() => {
    hashes += 1;
  });
  return {
    store: {
      ...store,
      async recordEvent(event) {
        await store.recordEvent(event);
        events.push(event);
      },
    },
    keys: createKeyRing([{ id: 1, secret: new Uint8Array(32).fill(7) }]),
    passwords: passwords ?? createPasswords({ argon2 }),
    limits: createLimits(),
    settings: { ...testSettings, ...settings },
    now: () => now,
    random(bytes) {
      drawn += 1;
      return createHash("shake256", { outputLength: bytes }).update(`draw ${drawn}`).digest();
    },
    log: (entry) => logs.push(entry),
    logs,
    events,
    hashes: () => hashes,
    pass(seconds) {
      now += seconds;
    },
  };
}

const testSettings: PlatformSettings = {
  name: "Kestrel",
  issuer: "http://localhost:8080",
  scopes: createScopeCatalogue([...krakenScopes, ...twitchScopes]),
  passwordHelp: "Ask at the front desk.",
  sessionLifetimeSeconds: 86_400,
  codeLifetimeSeconds: 60,
  refreshWindows: { retrySeconds: 30, lateSeconds: 90 * 86_400, publicLateSeconds: 86_400 },
};

/** Argon2 is slow on purpose; tests of what stands around it need only something that tells passwords apart. */
function cheapArgon2(count: () => void): Argon2 {
  const hashOf = (password: Uint8Array): string => createHash("sha256").update(password).digest("hex");
  return {
    async hash(password) {
      count();
      return hashOf(password);
    },
    async verify(passwordHash, password) {
      count();
      return passwordHash === hashOf(password);
    },
  };
}
