import type { Dialect } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

const dialect: Dialect = {
  ...plainDialect,
  name: "hubspot",
  error: {
    ...plainDialect.error,
    members: { ...plainDialect.error.members, code: "category", description: "message" },
    codes: [{ wire: "VALIDATION_ERROR", code: "invalid_request" }],
  },
};

/**
 * HubSpot, by the endpoints that replace v1, which ends in February 2027. Scopes that an account may lack are asked
 * for by `extra: { optional_scope: "…" }`. Revoking ends the refresh token; the access token lives out its half hour.
 */
export const hubspot: Provider = {
  name: "hubspot",
  title: "HubSpot",
  dialect,
  endpoints: {
    authorize: "https://app.hubspot.com/oauth/authorize",
    token: "https://api.hubapi.com/oauth/2026-03/token",
    revoke: "https://api.hubapi.com/oauth/2026-03/token/revoke",
    introspect: "https://api.hubapi.com/oauth/2026-03/token/introspect",
  },
  pkce: "unverified",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  revocation: { sends: ["refresh_token"] },
  api: { baseUrl: "https://api.hubapi.com" },
  sources: [
    "https://developers.hubspot.com/docs/api-reference/legacy/authentication/oauth-tokens/v1/migration-guide",
    "https://developers.hubspot.com/docs/api-reference/2026-03/authentication/oauth-tokens/refresh-oauth-token",
    "https://developers.hubspot.com/docs/api-reference/latest/authentication/oauth-tokens/revoke-token",
  ],
  verifiedOn: "2026-11",
};
