import { twitch as dialect } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";

/** Twitch. `forceConsent` shows the page again, which is how a user switches account (`force_verify`). */
export const twitch: Provider = {
  name: "twitch",
  title: "Twitch",
  dialect,
  endpoints: {
    authorize: "https://id.twitch.tv/oauth2/authorize",
    token: "https://id.twitch.tv/oauth2/token",
    device: "https://id.twitch.tv/oauth2/device",
    revoke: "https://id.twitch.tv/oauth2/revoke",
    validate: "https://id.twitch.tv/oauth2/validate",
    jwks: "https://id.twitch.tv/oauth2/keys",
  },
  pkce: "ignored",
  issuer: "https://id.twitch.tv/oauth2",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: false,
  // Only access tokens are documented there, and revoking one leaves the refresh token alive.
  revocation: { sends: ["access_token"] },
  refresh: { rotates: "sometimes", onReuse: "answers", graceSeconds: Number.POSITIVE_INFINITY },
  // Thirty days from the approval or from the last use: the documents disagree, so the shorter of the two.
  publicRefresh: { rotates: "always", onReuse: "ends_grant", graceSeconds: 0, lifetimeSeconds: 30 * 86_400 },
  validateEverySeconds: 3_600,
  identity: [{ from: "validate", id: ["user_id"], login: ["login"] }],
  api: { baseUrl: "https://api.twitch.tv", headers: { "client-id": "{clientId}" } },
  defaultRedirectUri: "http://localhost:3000",
  silentCauses: [
    "Twitch sends a redirect URI that is not registered to the first one that is: look at the address of the page you ended on.",
    "Twitch refuses to sign in inside an application: open the address in the system's browser.",
  ],
  sources: [
    "https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/",
    "https://dev.twitch.tv/docs/authentication/getting-tokens-oidc/",
    "https://dev.twitch.tv/docs/authentication/refresh-tokens/",
    "https://dev.twitch.tv/docs/authentication/revoke-tokens/",
    "https://dev.twitch.tv/docs/authentication/validate-tokens/",
    "https://github.com/twitchdev/issues/issues/903",
    "https://github.com/twitchdev/issues/issues/943",
    "https://github.com/twitchdev/issues/issues/1097",
    "https://github.com/twitchdev/twitch-cli/issues/314",
  ],
  verifiedOn: "2026-11",
};
