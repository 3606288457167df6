import { applicationTokenSteps } from "./memory/application-tokens.ts";
import { applicationSteps } from "./memory/applications.ts";
import { cleanerSteps } from "./memory/cleaner.ts";
import { consentSteps } from "./memory/consents.ts";
import { deviceSteps } from "./memory/devices.ts";
import { grantSteps } from "./memory/grants.ts";
import { createMemory, type Memory } from "./memory/memory.ts";
import { operatorSteps } from "./memory/operator.ts";
import { userSteps } from "./memory/users.ts";
import type { Store } from "./store.ts";

/**
 * A store that forgets: everything it holds is gone when the process ends. For tests and for trying things out;
 * a platform wants a store that is durable, such as the one of `@codegrant/sqlite/server`.
 *
 * It passes the same contract. Each step runs in one go on one thread, so each is atomic by itself.
 *
 * ```ts
 * const store = createMemoryStore();
 * const user = await store.createUser({ login: "ada", displayName: "Ada", createdAt: 1_700_000_000 });
 * ```
 */
export function createMemoryStore(): Store {
  return storeOver(createMemory());
}

/** The steps over a memory of one's own: so that a test can set it back, as a restored backup does. */
export function storeOver(memory: Memory): Store {
  return {
    ...applicationSteps(memory),
    ...userSteps(memory),
    ...consentSteps(memory),
    ...grantSteps(memory),
    ...applicationTokenSteps(memory),
    ...deviceSteps(memory),
    ...operatorSteps(memory),
    ...cleanerSteps(memory),
    // The port has no way to read events, so a store that forgets need not hold them.
    recordEvent: async () => {},
    close: async () => {},
  };
}
