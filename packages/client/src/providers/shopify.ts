import type { Dialect } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

const dialect: Dialect = {
  ...plainDialect,
  name: "shopify",
  authorize: { ...plainDialect.authorize, promptIsRead: false },
  scope: { ...plainDialect.scope, separator: "," },
  tokenRequest: { ...plainDialect.tokenRequest, besideCode: { expiring: "1" } },
};

/**
 * Shopify, for one shop (the name before `.myshopify.com`). Tokens that expire are asked for, as public applications
 * must from January 2027. The callback's own signature (`hmac`) is not looked at: the state decides. Throws
 * `TypeError` for what is no name of a shop.
 *
 * @example
 * const provider = shopifyProvider("my-shop");
 */
export function shopifyProvider(shop: string): Provider {
  if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(shop)) throw new TypeError("The shop is the name before .myshopify.com.");
  const at = `https://${shop}.myshopify.com`;
  return {
    name: "shopify",
    title: "Shopify",
    dialect,
    endpoints: { authorize: `${at}/admin/oauth/authorize`, token: `${at}/admin/oauth/access_token` },
    pkce: "ignored",
    issuerInCallback: false,
    clientAuthentication: "post",
    codeNeedsSecret: true,
    revokeTakesSecret: true,
    refresh: { rotates: "always" },
    api: { baseUrl: at, tokenHeader: "x-shopify-access-token" },
    sources: [
      "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens",
      "https://shopify.dev/docs/apps/build/authentication-authorization/authenticate-standalone-apps",
      "https://shopify.dev/changelog/offline-access-tokens-now-support-expiry-and-refresh",
    ],
    verifiedOn: "2026-11",
  };
}
