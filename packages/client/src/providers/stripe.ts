import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/**
 * Stripe Connect. The secret is a secret API key, and the one scope `read_only` or `read_write`. Stripe advises new
 * platforms against it.
 */
export const stripe: Provider = {
  name: "stripe",
  title: "Stripe Connect",
  dialect: plainDialect,
  endpoints: {
    authorize: "https://connect.stripe.com/oauth/authorize",
    token: "https://connect.stripe.com/oauth/token",
  },
  pkce: "ignored",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  identity: [{ from: "token_response", id: ["stripe_user_id"] }],
  api: { baseUrl: "https://api.stripe.com" },
  sources: [
    "https://docs.stripe.com/connect/oauth-standard-accounts",
    "https://docs.stripe.com/connect/oauth-reference",
  ],
  verifiedOn: "2026-11",
};
