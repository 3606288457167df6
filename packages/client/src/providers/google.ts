import { type Dialect, rfc6749 } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";

const dialect: Dialect = {
  ...rfc6749,
  name: "google",
  authorize: { ...rfc6749.authorize, issuerInResponse: false },
  device: { ...rfc6749.device, authenticates: false },
};

/**
 * Google, YouTube with it. A refresh token comes only with `access_type=offline` and a consent page that was shown, so
 * both are always asked for; it ends after six months unused, and after seven days while the application is in Testing.
 */
export const google: Provider = {
  name: "google",
  title: "Google",
  dialect,
  endpoints: {
    authorize: "https://accounts.google.com/o/oauth2/v2/auth",
    token: "https://oauth2.googleapis.com/token",
    device: "https://oauth2.googleapis.com/device/code",
    revoke: "https://oauth2.googleapis.com/revoke",
    userinfo: "https://openidconnect.googleapis.com/v1/userinfo",
    jwks: "https://www.googleapis.com/oauth2/v3/certs",
  },
  pkce: "ok",
  issuer: "https://accounts.google.com",
  issuerInCallback: false,
  idTokenIssuers: ["https://accounts.google.com", "accounts.google.com"],
  clientAuthentication: "post",
  codeNeedsSecret: false,
  revokeTakesSecret: false,
  refresh: {
    rotates: "never",
    onReuse: "answers",
    graceSeconds: Number.POSITIVE_INFINITY,
    idleLifetimeSeconds: 180 * 86_400,
  },
  authorizeParameters: { access_type: "offline" },
  prompt: ["consent"],
  forceConsentPrompt: ["select_account", "consent"],
  scopeAliases: {
    email: "https://www.googleapis.com/auth/userinfo.email",
    profile: "https://www.googleapis.com/auth/userinfo.profile",
  },
  identity: [
    { from: "id_token", id: ["sub"], login: ["email"] },
    { from: "userinfo", id: ["sub"], login: ["email"], needsScope: ["openid"] },
  ],
  api: { baseUrl: "https://www.googleapis.com" },
  defaultRedirectUri: "http://127.0.0.1:3000",
  sources: [
    "https://developers.google.com/identity/protocols/oauth2/web-server",
    "https://developers.google.com/identity/protocols/oauth2/native-app",
    "https://developers.google.com/identity/protocols/oauth2/limited-input-device",
    "https://developers.google.com/identity/openid-connect/openid-connect",
  ],
  verifiedOn: "2026-11",
};
