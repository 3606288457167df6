import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/** LinkedIn. Refresh tokens are for approved partners, and end a year after the approval. */
export const linkedin: Provider = {
  name: "linkedin",
  title: "LinkedIn",
  dialect: plainDialect,
  endpoints: {
    authorize: "https://www.linkedin.com/oauth/v2/authorization",
    token: "https://www.linkedin.com/oauth/v2/accessToken",
    userinfo: "https://api.linkedin.com/v2/userinfo",
    jwks: "https://www.linkedin.com/oauth/openid/jwks",
  },
  pkce: "unverified",
  issuerInCallback: false,
  // Its documents and its tokens do not agree, and both come from the token endpoint alone.
  idTokenIssuers: ["https://www.linkedin.com/oauth", "https://www.linkedin.com"],
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  refresh: { lifetimeSeconds: 365 * 86_400 },
  identity: [
    { from: "id_token", id: ["sub"], login: ["name"] },
    { from: "userinfo", id: ["sub"], login: ["name"], needsScope: ["openid"] },
  ],
  api: { baseUrl: "https://api.linkedin.com" },
  sources: [
    "https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow",
    "https://learn.microsoft.com/en-us/linkedin/shared/authentication/programmatic-refresh-tokens",
    "https://github.com/panva/openid-client/issues/826",
  ],
  verifiedOn: "2026-11",
};
