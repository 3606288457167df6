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
    revoke: "https://id.twitch.tv/oauth2/revoke",
    validate: "https://id.twitch.tv/oauth2/validate",
  },
  pkce: "ignored",
  issuer: "https://id.twitch.tv/oauth2",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: false,
  sources: [
    "https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/",
    "https://dev.twitch.tv/docs/authentication/getting-tokens-oidc/",
    "https://dev.twitch.tv/docs/authentication/revoke-tokens/",
    "https://dev.twitch.tv/docs/authentication/validate-tokens/",
    "https://github.com/twitchdev/issues/issues/1097",
    "https://github.com/twitchdev/twitch-cli/issues/314",
  ],
  verifiedOn: "2026-11",
};
