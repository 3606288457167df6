import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/**
 * Sign in with Apple. The secret is a JWT that you sign with your key (ES256), for at most six months, and pass as
 * `clientSecret`. The answer is posted, so the redirect URI is an https address of a web application. The access token
 * opens nothing; who signed in stands in the ID token, which the scope `openid` brings.
 */
export const apple: Provider = {
  name: "apple",
  title: "Apple",
  dialect: plainDialect,
  endpoints: {
    authorize: "https://appleid.apple.com/auth/authorize",
    token: "https://appleid.apple.com/auth/token",
    revoke: "https://appleid.apple.com/auth/revoke",
    jwks: "https://appleid.apple.com/auth/keys",
  },
  pkce: "unverified",
  issuer: "https://appleid.apple.com",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  refresh: { rotates: "never", onReuse: "answers", graceSeconds: Number.POSITIVE_INFINITY },
  responseMode: "form_post",
  identity: [{ from: "id_token", id: ["sub"], login: ["email"] }],
  sources: [
    "https://developer.apple.com/documentation/signinwithapplerestapi/generate-and-validate-tokens",
    "https://developer.apple.com/documentation/signinwithapplerestapi/revoke-tokens",
    "https://developer.apple.com/documentation/technotes/tn3107-resolving-sign-in-with-apple-response-errors",
  ],
  verifiedOn: "2026-11",
};
