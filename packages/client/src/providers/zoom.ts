import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/** Zoom. A refresh token is good once, and a code for five minutes. */
export const zoom: Provider = {
  name: "zoom",
  title: "Zoom",
  dialect: plainDialect,
  endpoints: {
    authorize: "https://zoom.us/oauth/authorize",
    token: "https://zoom.us/oauth/token",
    revoke: "https://zoom.us/oauth/revoke",
    userinfo: "https://api.zoom.us/v2/users/me",
  },
  pkce: "ok",
  issuerInCallback: false,
  clientAuthentication: "basic",
  codeNeedsSecret: false,
  revokeTakesSecret: true,
  revocation: { sends: ["access_token"] },
  refresh: { rotates: "always", onReuse: "refuses" },
  identity: [{ from: "userinfo", id: ["id"], login: ["email"], needsScope: ["user:read", "user:read:user"] }],
  api: { baseUrl: "https://api.zoom.us" },
  sources: [
    "https://developers.zoom.us/docs/integrations/oauth/",
    "https://github.com/anthropics/knowledge-work-plugins/blob/main/partner-built/zoom-plugin/skills/oauth/concepts/token-lifecycle.md",
    "https://github.com/thunderbird/appointment/issues/1157",
  ],
  verifiedOn: "2026-11",
};
