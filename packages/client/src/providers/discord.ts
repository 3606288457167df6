import { type Dialect, rfc6749 } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";

const dialect: Dialect = {
  ...rfc6749,
  name: "discord",
  authorize: { ...rfc6749.authorize, issuerInResponse: false },
};

/** Discord. Who approved is told only with the scope `identify`. */
export const discord: Provider = {
  name: "discord",
  title: "Discord",
  dialect,
  endpoints: {
    authorize: "https://discord.com/oauth2/authorize",
    token: "https://discord.com/api/oauth2/token",
    revoke: "https://discord.com/api/oauth2/token/revoke",
    userinfo: "https://discord.com/api/users/@me",
  },
  pkce: "ok",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: false,
  revokeTakesSecret: true,
  identity: [{ from: "userinfo", id: ["id"], login: ["username"], needsScope: ["identify"] }],
  api: { baseUrl: "https://discord.com" },
  sources: [
    "https://discord.com/developers/docs/topics/oauth2",
    "https://github.com/discord/discord-api-docs/pull/7046",
    "https://github.com/discord/discord-api-docs/issues/5531",
  ],
  verifiedOn: "2026-11",
};
