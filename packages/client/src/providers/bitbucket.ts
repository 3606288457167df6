import type { Dialect } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

const dialect: Dialect = {
  ...plainDialect,
  name: "bitbucket",
  scope: { ...plainDialect.scope, nameInTokenResponse: "scopes" },
};

/** Bitbucket Cloud. Scopes are set on the consumer, not asked for; leave them empty. */
export const bitbucket: Provider = {
  name: "bitbucket",
  title: "Bitbucket",
  dialect,
  endpoints: {
    authorize: "https://bitbucket.org/site/oauth2/authorize",
    token: "https://bitbucket.org/site/oauth2/access_token",
    userinfo: "https://api.bitbucket.org/2.0/user",
  },
  pkce: "ignored",
  issuerInCallback: false,
  clientAuthentication: "basic",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  identity: [{ from: "userinfo", id: ["uuid"], login: ["display_name"] }],
  api: { baseUrl: "https://api.bitbucket.org" },
  sources: [
    "https://developer.atlassian.com/cloud/bitbucket/oauth-2",
    "https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud",
  ],
  verifiedOn: "2026-11",
};
