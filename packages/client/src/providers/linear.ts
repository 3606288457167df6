import type { Dialect } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

const dialect: Dialect = { ...plainDialect, name: "linear", scope: { ...plainDialect.scope, separator: "," } };

/** Linear. `read` is always granted, asked for or not. */
export const linear: Provider = {
  name: "linear",
  title: "Linear",
  dialect,
  endpoints: { authorize: "https://linear.app/oauth/authorize", token: "https://api.linear.app/oauth/token" },
  pkce: "unverified",
  issuerInCallback: false,
  clientAuthentication: "post",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  forceConsentPrompt: ["consent"],
  api: { baseUrl: "https://api.linear.app" },
  sources: [
    "https://linear.app/developers/oauth-2-0-authentication",
    "https://nango.dev/blog/linear-oauth-refresh-token-invalid-grant",
  ],
  verifiedOn: "2026-11",
};
