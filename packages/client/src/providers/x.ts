import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/** X, once Twitter. The scope that brings a refresh token is always asked for. */
export const x: Provider = {
  name: "x",
  title: "X",
  dialect: plainDialect,
  endpoints: {
    authorize: "https://x.com/i/oauth2/authorize",
    token: "https://api.x.com/2/oauth2/token",
    revoke: "https://api.x.com/2/oauth2/revoke",
    userinfo: "https://api.x.com/2/users/me",
  },
  pkce: "required",
  issuerInCallback: false,
  clientAuthentication: "basic",
  codeNeedsSecret: false,
  revokeTakesSecret: true,
  offlineScopes: ["offline.access"],
  identity: [{ from: "userinfo", id: ["data", "id"], login: ["data", "username"], needsScope: ["users.read"] }],
  api: { baseUrl: "https://api.x.com" },
  defaultRedirectUri: "http://127.0.0.1:3000",
  sources: [
    "https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code",
    "https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token",
  ],
  verifiedOn: "2026-11",
};
