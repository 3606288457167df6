import { createHash } from "node:crypto";
import {
  type AuditEvent,
  createMemoryStore,
  createPasswords,
  createServer,
  mounts,
  type PasswordsOptions,
  type Platform,
} from "@codegrant/server";
import { type TestPlatform, type TestPlatformOptions, testPlatform } from "./platform.ts";

/** A test platform that also shows which events it kept and how much hashing it did. */
export interface ObservedPlatform extends TestPlatform {
  readonly events: readonly AuditEvent[];
  /** How many passwords were hashed or checked: the work that time would show. */
  hashes(): number;
}

export function observedPlatform(options: TestPlatformOptions = {}): ObservedPlatform {
  const events: AuditEvent[] = [];
  let hashes = 0;
  const store = options.store ?? createMemoryStore();
  const base = testPlatform({
    ...options,
    settings: { name: "Kestrel", ...options.settings },
    store: {
      ...store,
      async recordEvent(event) {
        await store.recordEvent(event);
        events.push(event);
      },
    },
  });
  const argon2 = countedArgon2(() => {
    hashes += 1;
  });
  const platform: Platform = { ...base, passwords: createPasswords({ argon2 }) };
  return {
    ...base,
    ...platform,
    server: createServer(platform, mounts[options.dialect ?? "twitch"]),
    events,
    hashes: () => hashes,
  };
}

function countedArgon2(count: () => void): NonNullable<PasswordsOptions["argon2"]> {
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
