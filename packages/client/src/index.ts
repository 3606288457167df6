/** The application's end of the authorization code grant: get a token, keep it fresh, use it. */

export { FlowError, OAuthError } from "@codegrant/protocol";
export { type Advice, type ConnectionError, isConnectionError } from "./advice.ts";
export type { Actor } from "./advice-rows.ts";
export type { CodeInHand, ExchangeOptions, GrantReader } from "./calls/exchange-code.ts";
export {
  type DevicePoll,
  type DeviceResult,
  type FinishDeviceOptions,
  finishDeviceAuthorization,
  pollDeviceAuthorization,
} from "./calls/finish-device-authorization.ts";
export { grantTokens } from "./calls/grant-tokens.ts";
export { identify } from "./calls/identify.ts";
export { refreshTokens } from "./calls/refresh-tokens.ts";
export { type RevokeResult, revokeToken, tokensToRevoke } from "./calls/revoke-token.ts";
export { type DeviceAuthorization, startDeviceAuthorization } from "./calls/start-device-authorization.ts";
export { type ValidationResult, validateToken } from "./calls/validate-token.ts";
export type { Clock, WaitOptions } from "./connect/clock.ts";
export { connect } from "./connect/connect-named.ts";
export type {
  AccessTokenOptions,
  Connection,
  ConnectionEvent,
  ConnectionState,
  ConnectionStatus,
  ConnectOptions,
  FinishedConnection,
  LoginOptions,
  LoginPrompt,
  LoginResult,
  LogoutResult,
  StartOptions,
  StateCause,
} from "./connect/connection.ts";
export type { AnswerCallback, CallbackListener, LandingPage, Machine } from "./connect/machine.ts";
export { defineProvider, type ProviderColumns } from "./define-provider.ts";
export { type DiscoveryOptions, discoverProvider } from "./discover-provider.ts";
export { type CallbackMemory, type CallbackMemoryLimits, createCallbackMemory } from "./flow/callback-memory.ts";
export type { Callback, FinishOptions, FinishResult } from "./flow/finish-authorization.ts";
export { exchangeCode, finishAuthorization } from "./flow/finish-with-identity.ts";
export type { PendingAuthorization } from "./flow/pending.ts";
export { type AuthorizationStart, type StartedAuthorization, startAuthorization } from "./flow/start-authorization.ts";
export type { IdTokenClaims } from "./id-token.ts";
export type { Identity } from "./identity.ts";
export {
  type Api,
  apiHeadersOf,
  type ClientCredentials,
  type Endpoints,
  type IdentitySource,
  type Provider,
  type RefreshHabits,
  type RevocationHabits,
  refreshHabitsOf,
} from "./provider.ts";
export { type CodegrantDialect, type CodegrantProviderOptions, codegrantProvider } from "./providers/codegrant.ts";
export { discord } from "./providers/discord.ts";
export { github } from "./providers/github.ts";
export { gitlab, gitlabProvider } from "./providers/gitlab.ts";
export { google } from "./providers/google.ts";
export { findProvider, providers } from "./providers/index.ts";
export { microsoft, microsoftProvider } from "./providers/microsoft.ts";
export { slack } from "./providers/slack.ts";
export { spotify } from "./providers/spotify.ts";
export { twitch } from "./providers/twitch.ts";
export type { Random } from "./random.ts";
export { findMissingScopes } from "./scopes.ts";
export { fingerprint, Secret } from "./secret.ts";
export type {
  ClientStore,
  RecordKey,
  RecordOwner,
  SaveOptions,
  SaveResult,
  StoredRecord,
} from "./store/client-store.ts";
export { createMemoryStore } from "./store/memory-store.ts";
export { concealTokens, type PlainTokens, revealTokens, type Tokens } from "./tokens.ts";
export { type CallOptions, type Fetch, wasNeverSent } from "./transport.ts";
