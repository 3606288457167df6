/** An OAuth 2.0 authorization server as functions: endpoints, pages and rules, over a store of your choice. */
export type { HostAccounts, HostSignIn, HostUser } from "./accounts.ts";
export * from "./actions/index.ts";
export { cleanOnce, defaultKeepEndedSeconds } from "./cleaner.ts";
export { createSettings, type SettingsInput } from "./default-settings.ts";
export type { EndedGrant } from "./ended-grant.ts";
export {
  createGuard,
  type Guard,
  type GuardAccess,
  type GuardedRequest,
  type GuardOptions,
  type GuardResult,
  type WebGuardResult,
} from "./guard/index.ts";
export { createFetchHandler, type FetchHandlerOptions, responseOf } from "./http/fetch.ts";
export { createHandlers, type Handlers, type HandlersOptions } from "./http/handlers.ts";
export { createNodeHandler, type NodeHandler, type NodeHandlerOptions, nodeHeaders, sendMessage } from "./http/node.ts";
export { createTrustedProxies, type TrustedProxies } from "./http/trusted-proxies.ts";
export { createLimits, type Limits } from "./limits/limits.ts";
export { createMemoryStore } from "./memory-store.ts";
export { type Endpoint, type Message, maximumBodyBytes, type RequestRecord } from "./message.ts";
export {
  type CountedOutcome,
  createOutcomes,
  type Outcome,
  type Outcomes,
  type RememberedOutcomes,
} from "./outcomes.ts";
export { createLook, type LookInput } from "./pages/look.ts";
export { createPasswords, type Passwords, type PasswordsOptions } from "./passwords.ts";
export { createPlatform, type LogEntry, type Platform, type PlatformParts, type PlatformSettings } from "./platform.ts";
export type * from "./records.ts";
export { endReasons } from "./records.ts";
export { type Mount, type MountsName, mounts } from "./routes.ts";
export { createScopeCatalogue, type ScopeCatalogue, type ScopeDescription } from "./scope-catalogue.ts";
export { basicScopes } from "./scopes/basic.ts";
export { krakenScopes } from "./scopes/kraken.ts";
export { twitchScopes } from "./scopes/twitch.ts";
export { createServer, type RoutedServer, type Server } from "./server.ts";
export type * from "./store.ts";
export {
  type ChangeableKeyRing,
  createChangeableKeyRing,
  createKeyRing,
  type Key,
  type KeyRing,
  type MasterKey,
} from "./tokens/key-ring.ts";
export { createUsage, type Usage } from "./usage.ts";
