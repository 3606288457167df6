/** The application's end of the authorization code grant: get a token, keep it fresh, use it. */

export { FlowError, OAuthError } from "@codegrant/protocol";
export { type Advice, type ConnectionError, isConnectionError } from "./advice.ts";
export type { Actor } from "./advice-rows.ts";
export type { CodeInHand, ExchangeOptions, GrantReader } from "./calls/exchange-code.ts";
export { fetchUserinfo, type Userinfo } from "./calls/fetch-userinfo.ts";
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
export { requestApplicationTokens } from "./calls/request-application-tokens.ts";
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
export { type Explanation, explainAnswer } from "./explain/explain-answer.ts";
export { type CallbackMemory, type CallbackMemoryLimits, createCallbackMemory } from "./flow/callback-memory.ts";
export type { Callback, FinishResult } from "./flow/finish-authorization.ts";
export { exchangeCode, type FinishOptions, finishAuthorization } from "./flow/finish-with-identity.ts";
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
export { apple } from "./providers/apple.ts";
export { atlassian } from "./providers/atlassian.ts";
export { bitbucket } from "./providers/bitbucket.ts";
export { type CodegrantDialect, type CodegrantProviderOptions, codegrantProvider } from "./providers/codegrant.ts";
export { discord } from "./providers/discord.ts";
export { dropbox } from "./providers/dropbox.ts";
export { facebook, facebookProvider } from "./providers/facebook.ts";
export { github } from "./providers/github.ts";
export { gitlab, gitlabProvider } from "./providers/gitlab.ts";
export { google } from "./providers/google.ts";
export { hubspot } from "./providers/hubspot.ts";
export { findProvider, placedProviders, providers } from "./providers/index.ts";
export { linear } from "./providers/linear.ts";
export { linkedin } from "./providers/linkedin.ts";
export { microsoft, microsoftProvider } from "./providers/microsoft.ts";
export { notion } from "./providers/notion.ts";
export { reddit } from "./providers/reddit.ts";
export { salesforce, salesforceProvider } from "./providers/salesforce.ts";
export { shopifyProvider } from "./providers/shopify.ts";
export { slack } from "./providers/slack.ts";
export { spotify } from "./providers/spotify.ts";
export { strava } from "./providers/strava.ts";
export { stripe } from "./providers/stripe.ts";
export { tiktok } from "./providers/tiktok.ts";
export { twitch } from "./providers/twitch.ts";
export { x } from "./providers/x.ts";
export { youtube } from "./providers/youtube.ts";
export { zoom } from "./providers/zoom.ts";
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
export { type CallOptions, type CheckSignature, type Fetch, wasNeverSent } from "./transport.ts";
