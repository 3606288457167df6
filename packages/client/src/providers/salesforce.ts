import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/**
 * Salesforce, at `login.salesforce.com`, `test.salesforce.com` or a host of your own (My Domain). Its answers do not
 * say how long a token lives. The API is at the `instance_url` of the answer: pass that as `apiOrigins`, or connect by
 * your own host. Throws `TypeError` for what is no host of Salesforce's.
 *
 * @example
 * const provider = salesforceProvider("example.my.salesforce.com");
 */
export function salesforceProvider(host = "login.salesforce.com"): Provider {
  if (!/^[a-z0-9-]{1,80}(\.[a-z0-9-]{1,80}){0,3}\.salesforce\.com$/.test(host)) {
    throw new TypeError("The host is one of salesforce.com, such as example.my.salesforce.com.");
  }
  const at = `https://${host}`;
  return {
    name: "salesforce",
    title: "Salesforce",
    dialect: plainDialect,
    endpoints: {
      authorize: `${at}/services/oauth2/authorize`,
      token: `${at}/services/oauth2/token`,
      revoke: `${at}/services/oauth2/revoke`,
      userinfo: `${at}/services/oauth2/userinfo`,
    },
    pkce: "ok",
    issuerInCallback: false,
    clientAuthentication: "post",
    codeNeedsSecret: false,
    revokeTakesSecret: false,
    identity: [
      { from: "userinfo", id: ["user_id"], login: ["preferred_username"], needsScope: ["openid", "id", "full"] },
      { from: "token_response", id: ["id"] },
    ],
    api: { baseUrl: at },
    sources: [
      "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm",
      "https://developer.salesforce.com/docs/platform/mobile-sdk/guide/oauth-revoking-tokens.html",
      "https://jsforce.github.io/jsforce/types/oauth2.TokenResponse.html",
    ],
    verifiedOn: "2026-11",
  };
}

/** Salesforce, at the host where everybody may sign in. */
export const salesforce: Provider = salesforceProvider();
