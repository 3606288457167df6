import type { Provider } from "../provider.ts";
import { plainDialect } from "./plain-dialect.ts";

/** Notion. There are no scopes; what the connection may do is chosen where it is registered. */
export const notion: Provider = {
  name: "notion",
  title: "Notion",
  dialect: plainDialect,
  endpoints: {
    authorize: "https://api.notion.com/v1/oauth/authorize",
    token: "https://api.notion.com/v1/oauth/token",
    revoke: "https://api.notion.com/v1/oauth/revoke",
  },
  pkce: "ignored",
  issuerInCallback: false,
  clientAuthentication: "basic",
  codeNeedsSecret: true,
  revokeTakesSecret: true,
  revocation: { sends: ["access_token"] },
  refresh: { rotates: "always" },
  authorizeParameters: { owner: "user" },
  requestBody: "json",
  identity: [{ from: "token_response", id: ["owner", "user", "id"], login: ["owner", "user", "name"] }],
  api: { baseUrl: "https://api.notion.com", headers: { "notion-version": "2025-09-03" } },
  headers: { "notion-version": "2025-09-03" },
  sources: [
    "https://developers.notion.com/reference/create-a-token",
    "https://developers.notion.com/reference/refresh-a-token",
    "https://developers.notion.com/reference/revoke-token",
  ],
  verifiedOn: "2026-11",
};
