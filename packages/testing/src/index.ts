/** An OAuth 2.0 provider for tests: behaves like the platform you name, with a scripted user, a clock and faults. */
export type { AddressName } from "./addresses.ts";
export { createTestClock, type TestClock } from "./clock.ts";
export { type FaultName, type FaultOptions, faultNames } from "./faults.ts";
export type { Manners } from "./manners.ts";
export type { TestApplication } from "./platform.ts";
export type { ReceivedRequest } from "./received.ts";
export type { ScriptedUser, UserAnswer } from "./scripted-user.ts";
export {
  createTestProvider,
  type ListeningTestProvider,
  startTestProvider,
  type TestProvider,
  type TestProviderOptions,
} from "./test-provider.ts";
