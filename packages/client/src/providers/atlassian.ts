import type { Dialect } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/** A refresh token that is over is told by a code that means the application elsewhere, so the text decides. */
const dialect: Dialect = {
  ...plainDialect,
  name: "atlassian",
  error: {
    ...plainDialect.error,
    messages: [
      {
        code: "unauthorized_client",
        reason: "refresh_token_invalid",
        message: "refresh_token is invalid",
        status: 403,
      },
    ],
  },
};

/**
 * Atlassian, Jira and Confluence with it (3LO). A refresh token that was replaced is answered for ten minutes more;
 * after that it ends what it belongs to.
 */
export const atlassian: Provider = {
  name: "atlassian",
  title: "Atlassian",
  dialect,
  endpoints: {
    authorize: "https://auth.atlassian.com/authorize",
    token: "https://auth.atlassian.com/oauth/token",
    userinfo: "https://api.atlassian.com/me",
  },
  pkce: "unverified",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  refresh: { rotates: "always", onReuse: "ends_grant", graceSeconds: 600 },
  authorizeParameters: { audience: "api.atlassian.com" },
  prompt: ["consent"],
  offlineScopes: ["offline_access"],
  unnamedScopes: ["offline_access"],
  identity: [{ from: "userinfo", id: ["account_id"], login: ["email"], needsScope: ["read:me"] }],
  api: { baseUrl: "https://api.atlassian.com" },
  sources: [
    "https://developer.atlassian.com/cloud/jira/software/oauth-2-3lo-apps/",
    "https://developer.atlassian.com/cloud/confluence/oauth-2-3lo-apps/",
    "https://community.developer.atlassian.com/t/83103",
    "https://github.com/raycast/extensions/issues/11836",
  ],
  verifiedOn: "2026-11",
};
