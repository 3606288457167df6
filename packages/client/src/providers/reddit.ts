import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/**
 * Reddit. It asks for a permanent login always, since there is no refresh token otherwise, and answers nobody without
 * a User-Agent.
 */
export const reddit: Provider = {
  name: "reddit",
  title: "Reddit",
  dialect: plainDialect,
  endpoints: {
    authorize: "https://www.reddit.com/api/v1/authorize",
    token: "https://www.reddit.com/api/v1/access_token",
    userinfo: "https://oauth.reddit.com/api/v1/me",
  },
  pkce: "ignored",
  issuerInCallback: false,
  clientAuthentication: "basic",
  publicAuthentication: "basic",
  codeNeedsSecret: false,
  revokeTakesSecret: true,
  authorizeParameters: { duration: "permanent" },
  identity: [{ from: "userinfo", id: ["id"], login: ["name"], needsScope: ["identity"] }],
  api: { baseUrl: "https://oauth.reddit.com", headers: { "user-agent": "codegrant" } },
  headers: { "user-agent": "codegrant" },
  sources: [
    "https://github.com/reddit-archive/reddit/wiki/OAuth2",
    "https://python-social-auth.readthedocs.io/en/latest/backends/reddit.html",
  ],
  verifiedOn: "2026-11",
};
