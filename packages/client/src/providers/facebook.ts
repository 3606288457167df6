import type { Dialect } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/** Errors are those of the Graph API: an object inside `error`, with one type for most of them. */
const dialect: Dialect = {
  ...plainDialect,
  name: "facebook",
  authorize: { ...plainDialect.authorize, promptIsRead: false },
  scope: { ...plainDialect.scope, separator: "," },
  error: {
    ...plainDialect.error,
    nestedIn: ["error"],
    members: { ...plainDialect.error.members, code: "type", description: "message" },
    codes: [{ wire: "OAuthException", code: "invalid_grant" }],
  },
};

/**
 * Facebook, at a version of its Graph API. There are no refresh tokens, so after about sixty days the user logs in
 * again. Throws `TypeError` for what is no version.
 *
 * @example
 * const provider = facebookProvider("v25.0");
 */
export function facebookProvider(version = "v25.0"): Provider {
  if (!/^v[0-9]{1,3}\.[0-9]$/.test(version)) throw new TypeError("The version is one such as v25.0.");
  return {
    name: "facebook",
    title: "Facebook",
    dialect,
    endpoints: {
      authorize: `https://www.facebook.com/${version}/dialog/oauth`,
      token: `https://graph.facebook.com/${version}/oauth/access_token`,
      userinfo: `https://graph.facebook.com/${version}/me`,
    },
    pkce: "unverified",
    issuerInCallback: false,
    clientAuthentication: "post",
    codeNeedsSecret: true,
    revokeTakesSecret: true,
    identity: [{ from: "userinfo", id: ["id"], login: ["name"] }],
    api: { baseUrl: `https://graph.facebook.com/${version}` },
    sources: [
      "https://developers.facebook.com/documentation/facebook-login/guides/advanced/manual-flow",
      "https://developers.facebook.com/docs/graph-api/guides/error-handling",
      "https://github.com/nextauthjs/next-auth/issues/7753",
    ],
    verifiedOn: "2026-11",
  };
}

/** Facebook, at the version that was current when this was read. */
export const facebook: Provider = facebookProvider();
