import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/** Dropbox. A refresh token is always asked for, and stays good. */
export const dropbox: Provider = {
  name: "dropbox",
  title: "Dropbox",
  dialect: plainDialect,
  endpoints: {
    authorize: "https://www.dropbox.com/oauth2/authorize",
    token: "https://api.dropboxapi.com/oauth2/token",
    revoke: "https://api.dropboxapi.com/2/auth/token/revoke",
  },
  pkce: "ok",
  issuerInCallback: false,
  clientAuthentication: "basic",
  codeNeedsSecret: false,
  revokeTakesSecret: false,
  revocation: { tokenIn: "header", sends: ["access_token"] },
  refresh: { rotates: "never", onReuse: "answers", graceSeconds: Number.POSITIVE_INFINITY },
  authorizeParameters: { token_access_type: "offline" },
  identity: [{ from: "token_response", id: ["account_id"] }],
  api: { baseUrl: "https://api.dropboxapi.com", otherOrigins: ["https://content.dropboxapi.com"] },
  defaultRedirectUri: "http://127.0.0.1:3000",
  sources: [
    "https://developers.dropbox.com/oauth-guide",
    "https://dropbox.tech/developers/using-oauth-2-0-with-offline-access",
    "https://www.dropbox.com/developers/documentation/http/documentation",
  ],
  verifiedOn: "2026-11",
};
