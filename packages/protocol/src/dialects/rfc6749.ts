import type { Dialect } from "../dialect.ts";

/** RFC 6749 as RFC 9700 and OAuth 2.1 tighten it: the native dialect, and the default of every column. */
export const rfc6749: Dialect = {
  name: "rfc6749",
  family: "rfc6749",
  clientIdName: "client_id",
  authorize: {
    scopeKeyRequired: false,
    scopeInResponse: false,
    issuerInResponse: true,
    forceConsentParameter: undefined,
    promptIsRead: true,
  },
  browserOriginsMayCall: true,
  redirectUri: { loopbackPortMayVary: true, requiredAtToken: false },
  pkce: { requiredForConfidential: true },
  scope: {
    separator: " ",
    inTokenResponse: "string",
    nameInTokenResponse: "scope",
    whenEmpty: "empty",
    deviceParameter: "scope",
    inApplicationTokens: true,
    narrowsAtRefresh: true,
  },
  tokenRequest: { sources: ["form"], clientAuthentication: ["basic", "post"], besideCode: {}, wrongMethodStatus: 405 },
  revocation: { authenticates: true, refusesUnknown: false, doneBody: "{}" },
  tokenResponse: { tokenType: "Bearer", expiresIn: "number", nestedIn: undefined },
  device: { authenticates: true, verificationUriCarriesCode: false, scopeAtToken: false },
  accessTokenSchemes: ["Bearer"],
  accessTokenChallenge: undefined, // nothing here takes an access token
  error: {
    nestedIn: undefined,
    members: { code: "error", description: "error_description", status: undefined, reasonPhrase: undefined },
    messages: [],
    codes: [],
    mayHideInSuccess: false,
  },
  lifetimes: {
    accessTokenSeconds: 3_600,
    applicationTokenSeconds: 3_600,
    refreshTokenSeconds: 90 * 86_400,
    publicRefreshTokenSeconds: 90 * 86_400,
  },
};
