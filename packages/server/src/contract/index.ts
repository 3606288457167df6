import { applicationTokenCases } from "./application-tokens.ts";
import { applicationCases } from "./applications.ts";
import { approvalCases } from "./approvals.ts";
import { cleanerCases } from "./cleaner.ts";
import { consentCases } from "./consents.ts";
import { deviceCases } from "./devices.ts";
import { grantCases } from "./grants.ts";
import { keyAndByteCases } from "./keys-and-bytes.ts";
import { operatorCases } from "./operator.ts";
import type { StoreCase } from "./store-case.ts";
import { userCases } from "./users.ts";

export type { OpenStore, StoreCase } from "./store-case.ts";

/**
 * What every store promises, one case a promise. It needs no test runner: a case that is broken rejects.
 *
 * ```ts
 * import { createMemoryStore } from "@codegrant/server";
 * import { storeContract } from "@codegrant/server/contract";
 * import { it } from "vitest";
 *
 * const open = async () => createMemoryStore(); // yours
 * it.each(storeContract)("$name", ({ run }) => run(open));
 * ```
 *
 * `open` gives an empty store each time; a store that is durable also gives `open.reopen` (see `OpenStore`), one that
 * forgets leaves out the cases that need it.
 */
export const storeContract: readonly StoreCase[] = [
  ...applicationCases,
  ...applicationTokenCases,
  ...userCases,
  ...consentCases,
  ...approvalCases,
  ...grantCases,
  ...deviceCases,
  ...operatorCases,
  ...cleanerCases,
  ...keyAndByteCases,
];
