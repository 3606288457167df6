import { type Dialect, rfc6749 } from "@codegrant/protocol";
import type { Provider } from "../provider.ts";

const dialect: Dialect = {
  ...rfc6749,
  name: "spotify",
  authorize: {
    ...rfc6749.authorize,
    issuerInResponse: false,
    forceConsentParameter: "show_dialog",
    promptIsRead: false,
  },
};

/** Spotify. It refuses `localhost`, and a login ends for good half a year after the user approved. */
export const spotify: Provider = {
  name: "spotify",
  title: "Spotify",
  dialect,
  endpoints: {
    authorize: "https://accounts.spotify.com/authorize",
    token: "https://accounts.spotify.com/api/token",
    userinfo: "https://api.spotify.com/v1/me",
  },
  pkce: "ok",
  issuerInCallback: false,
  clientAuthentication: "basic",
  codeNeedsSecret: false,
  revokeTakesSecret: false,
  refresh: { rotates: "sometimes", lifetimeSeconds: 180 * 86_400 },
  publicRefresh: { rotates: "always", onReuse: "refuses" },
  identity: [{ from: "userinfo", id: ["id"], login: ["display_name"] }],
  api: { baseUrl: "https://api.spotify.com" },
  defaultRedirectUri: "http://127.0.0.1:3000",
  sources: [
    "https://developer.spotify.com/documentation/web-api/tutorials/code-flow",
    "https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens",
    "https://developer.spotify.com/documentation/web-api/concepts/redirect_uri",
    "https://github.com/spotify/web-api-examples/issues/98",
  ],
  verifiedOn: "2026-11",
};
