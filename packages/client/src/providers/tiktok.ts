import type { Dialect } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

const dialect: Dialect = {
  ...plainDialect,
  name: "tiktok",
  clientIdName: "client_key",
  authorize: { ...plainDialect.authorize, promptIsRead: false },
  scope: { ...plainDialect.scope, separator: "," },
};

/**
 * TikTok, for web applications. Programs on a desktop or a phone need PKCE with a challenge of TikTok's own making,
 * which was not verified, so none is sent.
 */
export const tiktok: Provider = {
  name: "tiktok",
  title: "TikTok",
  dialect,
  endpoints: {
    authorize: "https://www.tiktok.com/v2/auth/authorize/",
    token: "https://open.tiktokapis.com/v2/oauth/token/",
    revoke: "https://open.tiktokapis.com/v2/oauth/revoke/",
  },
  pkce: "unverified",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  revocation: { sends: ["access_token"] },
  refresh: { rotates: "always", onReuse: "refuses" },
  identity: [{ from: "token_response", id: ["open_id"] }],
  api: { baseUrl: "https://open.tiktokapis.com" },
  sources: [
    "https://developers.tiktok.com/doc/oauth-get-a-user-access-token",
    "https://developers.tiktok.com/docs/en/oauth-refresh-a-user-access-token",
    "https://developers.tiktok.com/docs/en/oauth-revoke-a-user-access-token",
    "https://developers.tiktok.com/doc/oauth-error-handling",
  ],
  verifiedOn: "2026-11",
};
