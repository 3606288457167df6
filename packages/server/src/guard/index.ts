export type { GuardAccess, GuardedRequest, GuardResult } from "./check.ts";
export { createGuard, type Guard, type GuardOptions, type WebGuardResult } from "./guard.ts";
