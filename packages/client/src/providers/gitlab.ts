import { type Dialect, rfc6749 } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";

const dialect: Dialect = {
  ...rfc6749,
  name: "gitlab",
  authorize: { ...rfc6749.authorize, issuerInResponse: false, promptIsRead: false },
  device: { ...rfc6749.device, authenticates: false },
};

/**
 * GitLab, at gitlab.com or on a host of one's own. Throws `TypeError` if the address is none.
 *
 * @example
 * const provider = gitlabProvider("https://gitlab.example.org");
 */
export function gitlabProvider(baseUrl = "https://gitlab.com"): Provider {
  if (!URL.canParse(baseUrl)) throw new TypeError("The address is not a URL, such as https://gitlab.example.org.");
  const at = baseUrl.replace(/\/$/, "");
  return {
    name: "gitlab",
    title: "GitLab",
    dialect,
    endpoints: {
      authorize: `${at}/oauth/authorize`,
      token: `${at}/oauth/token`,
      device: `${at}/oauth/authorize_device`,
      revoke: `${at}/oauth/revoke`,
      userinfo: `${at}/api/v4/user`,
      jwks: `${at}/oauth/discovery/keys`,
    },
    pkce: "ok",
    issuer: at,
    issuerInCallback: false,
    clientAuthentication: "post",
    codeNeedsSecret: false,
    revokeTakesSecret: true,
    identity: [
      { from: "id_token", id: ["sub"], login: ["preferred_username"] },
      { from: "userinfo", id: ["id"], login: ["username"], needsScope: ["read_user", "read_api", "api"] },
    ],
    api: { baseUrl: at },
    sources: ["https://docs.gitlab.com/api/oauth2/", "https://docs.gitlab.com/integration/openid_connect_provider/"],
    verifiedOn: "2026-11",
  };
}

/** gitlab.com. */
export const gitlab: Provider = gitlabProvider();
