import type { Dialect } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/** Which scopes the user left ticked stands in the callback alone. An error names what was wrong as a resource. */
const dialect: Dialect = {
  ...plainDialect,
  name: "strava",
  authorize: { ...plainDialect.authorize, scopeInResponse: true, promptIsRead: false },
  scope: { ...plainDialect.scope, separator: ",", whenEmpty: "empty" },
  error: {
    ...plainDialect.error,
    nestedIn: ["errors", 0],
    members: { ...plainDialect.error.members, code: "resource", description: "code" },
    codes: [
      { wire: "AuthorizationCode", code: "invalid_grant", reason: "code_invalid" },
      { wire: "RefreshToken", code: "invalid_grant", reason: "refresh_token_invalid" },
      { wire: "Application", code: "invalid_client" },
      { wire: "Athlete", code: "invalid_token" },
    ],
  },
};

/** Strava. Only the domain of the redirect URI is registered. */
export const strava: Provider = {
  name: "strava",
  title: "Strava",
  dialect,
  endpoints: {
    authorize: "https://www.strava.com/oauth/authorize",
    token: "https://www.strava.com/api/v3/oauth/token",
    revoke: "https://www.strava.com/oauth/deauthorize",
  },
  pkce: "ignored",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: false,
  revocation: { tokenName: "access_token", sends: ["access_token"] },
  refresh: { rotates: "always" },
  identity: [{ from: "token_response", id: ["athlete", "id"], login: ["athlete", "username"] }],
  api: { baseUrl: "https://www.strava.com" },
  defaultRedirectUri: "http://localhost:3000",
  sources: ["https://developers.strava.com/docs/authentication/", "https://developers.strava.com/docs/reference/"],
  verifiedOn: "2026-11",
};
