/** What the two ends say to each other: parse and format pairs, dialects as data, one table of error codes. */
export {
  type AuthorizationRequest,
  type AuthorizationRequestParts,
  formatAuthorizationRequest,
  type Prompt,
  parseAuthorizationRequest,
  stateOf,
} from "./authorization-request.ts";
export {
  type AuthorizationApproval,
  type AuthorizationRefusal,
  type AuthorizationResponse,
  formatAuthorizationError,
  formatAuthorizationResponse,
  parseAuthorizationResponse,
} from "./authorization-response.ts";
export { formatChallenge, parseAccessTokenHeader } from "./bearer.ts";
export {
  type ClientAuthentication,
  formatClientAuthentication,
  parseClientAuthentication,
} from "./client-authentication.ts";
export {
  type DeviceAuthorization,
  type DeviceAuthorizationRequest,
  formatDeviceAuthorization,
  formatDeviceAuthorizationRequest,
  parseDeviceAuthorization,
  parseDeviceAuthorizationRequest,
} from "./device-authorization.ts";
export type { Dialect, DialectFamily, ErrorMessage, ForeignErrorCode } from "./dialect.ts";
export { dialects, helix, kraken, rfc6749, twitch } from "./dialects/index.ts";
export {
  type ErrorCode,
  type ErrorCodeRow,
  type ErrorPlace,
  type ErrorReason,
  errorCodes,
  FlowError,
  type FlowErrorCode,
  findErrorCode,
  type KnownErrorCode,
  OAuthError,
  type OAuthErrorOptions,
} from "./error.ts";
export { formatErrorResponse, parseErrorResponse } from "./error-response.ts";
export { type HttpAnswer, parseAnswerBody } from "./http-answer.ts";
export { formatIntrospection, type Introspection } from "./introspection.ts";
export { formatServerMetadata, isAddress, parseServerMetadata, type ServerMetadata } from "./metadata.ts";
export { parseMultipart } from "./multipart.ts";
export {
  formatParameters,
  mergeParameters,
  type ParameterLimits,
  type Parameters,
  parseParameters,
  single,
} from "./parameters.ts";
export { isCodeChallenge, isCodeVerifier, parseCodeChallenge } from "./pkce.ts";
export {
  formatProtectedResourceMetadata,
  type ProtectedResourceMetadata,
  protectedResourceMetadataUrl,
} from "./protected-resource.ts";
export { appendToRedirectUri, isLoopbackRedirectUri, matchRedirectUri } from "./redirect-uri.ts";
export {
  checkRedirectUriRegistration,
  explainRedirectUriMismatch,
  type RedirectUriProblem,
} from "./redirect-uri-problem.ts";
export { isResource, parseResources } from "./resource.ts";
export { formatScope, isScopeToken, parseScope, parseScopeMember } from "./scope.ts";
export {
  type AuthorizationCodeRequest,
  type ClientCredentialsRequest,
  type DeviceCodeRequest,
  deviceCodeGrantType,
  formatTokenRequest,
  parseTokenRequest,
  type RefreshTokenRequest,
  type TokenRequest,
} from "./token-request.ts";
export { formatTokenResponse, parseTokenResponse, type TokenResponse } from "./token-response.ts";
export {
  formatHelixUsers,
  formatKrakenRoot,
  formatKrakenUser,
  formatValidation,
  parseValidation,
  type TokenStatus,
  type UserStatus,
  type Validation,
} from "./token-status.ts";
