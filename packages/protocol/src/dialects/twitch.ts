import type { Dialect, ErrorMessage } from "../dialect.ts";
import { errorCodes, type KnownErrorCode } from "../error.ts";
import { rfc6749 } from "./rfc6749.ts";

/** Texts that Twitch is known to send, read both ways. Where two rows share a text, the first is what it means. */
const twitchMessages: readonly ErrorMessage[] = [
  { code: "invalid_client", reason: "client_id_missing", message: "missing client id", status: 400 },
  { code: "invalid_client", reason: "client_unknown", message: "invalid client", status: 400 },
  { code: "invalid_client", reason: "client_disabled", message: "invalid client", status: 400 },
  { code: "invalid_client", reason: "client_secret_missing", message: "missing client secret", status: 400 },
  { code: "invalid_client", reason: "client_secret_wrong", message: "invalid client secret", status: 403 },
  { code: "invalid_grant", reason: "code_invalid", message: "Invalid authorization code", status: 400 },
  {
    code: "invalid_grant",
    reason: "redirect_uri_mismatch",
    message: "Parameter redirect_uri does not match registered URI",
    status: 400,
  },
  { code: "invalid_grant", reason: "refresh_token_invalid", message: "Invalid refresh token", status: 400 },
  { code: "invalid_grant", reason: "device_code_invalid", message: "invalid device code", status: 400 },
  { code: "invalid_grant", message: "Invalid grant", status: 400 },
  { code: "authorization_pending", reason: "authorization_pending", message: "authorization_pending", status: 400 },
  { code: "authorization_pending", message: "authorization_pending", status: 400 },
  { code: "invalid_request", reason: "device_code_missing", message: "missing device_code", status: 400 },
  { code: "invalid_token", reason: "access_token_invalid", message: "invalid access token", status: 401 },
  { code: "invalid_token", reason: "access_token_malformed", message: "invalid access token", status: 401 },
  { code: "invalid_token", reason: "access_token_missing", message: "missing authorization token", status: 401 },
  { code: "invalid_request", reason: "revoke_token_invalid", message: "Invalid token", status: 400 },
  { code: "invalid_client", reason: "revoke_client_unknown", message: "client does not exist", status: 404 },
  { code: "access_denied", reason: "user_denied", message: "The user denied you access", status: 403 },
  { code: "invalid_scope", message: "Invalid scope requested", status: 400 },
];

/** Codes for which Twitch has no text that we know: our own, so that none is lost on the way. */
const ownMessages: readonly ErrorMessage[] = (Object.keys(errorCodes) as KnownErrorCode[])
  .filter((code) => !twitchMessages.some((row) => row.code === code && row.reason === undefined))
  .map((code) => ({ code, message: errorCodes[code].description, status: errorCodes[code].status }));

/** Today's Twitch at `/oauth2/…`: scopes as an array, errors as `{"status","message"}`, the secret in the body. */
export const twitch: Dialect = {
  ...rfc6749,
  name: "twitch",
  family: "twitch",
  authorize: {
    scopeKeyRequired: true,
    scopeInResponse: true,
    issuerInResponse: false,
    forceConsentParameter: "force_verify",
    promptIsRead: false,
  },
  browserOriginsMayCall: false,
  redirectUri: { loopbackPortMayVary: false, requiredAtToken: true },
  pkce: { requiredForConfidential: false },
  scope: {
    separator: " ",
    inTokenResponse: "array",
    nameInTokenResponse: "scope",
    whenEmpty: "absent",
    deviceParameter: "scopes",
    inApplicationTokens: false,
    narrowsAtRefresh: false,
  },
  tokenRequest: {
    ...rfc6749.tokenRequest,
    sources: ["form", "multipart", "query"],
    clientAuthentication: ["post"],
    wrongMethodStatus: 404,
  },
  revocation: { authenticates: false, refusesUnknown: true, doneBody: "" },
  tokenResponse: { ...rfc6749.tokenResponse, tokenType: "bearer" },
  device: { authenticates: false, verificationUriCarriesCode: true, scopeAtToken: true },
  accessTokenSchemes: ["Bearer", "OAuth"],
  error: {
    nestedIn: undefined,
    members: { code: undefined, description: "message", status: "status", reasonPhrase: undefined },
    messages: [...twitchMessages, ...ownMessages],
    codes: [],
    mayHideInSuccess: false,
  },
  lifetimes: {
    accessTokenSeconds: 4 * 3_600,
    applicationTokenSeconds: 60 * 86_400,
    refreshTokenSeconds: 90 * 86_400,
    publicRefreshTokenSeconds: 30 * 86_400,
  },
};
