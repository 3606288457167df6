// @node-oauth/oauth2-server over Maps: no store, no pages, nothing revoked after a replay. The upper bound of the field.
import { createRequests } from "./requests.mjs";
import { sibling } from "./sibling.mjs";
import { versionOf } from "./version.mjs";

const paths = { authorize: "/authorize", token: "/token" };

/** @type {import("../types.ts").OpenPeer} */
export async function nodeOAuth({ port }) {
  return {
    name: "node-oauth",
    label: "@node-oauth/oauth2-server",
    storage: "memory (Maps)",
    version: versionOf("@node-oauth/oauth2-server"),
    kinds: ["code", "refreshNear", "clientCredentials"],
    start: { script: sibling("node-oauth-server.mjs"), env: { PORT: String(port) } },
    probe: "/up",
    ...createRequests({
      paths,
      clientId: "client-1",
      clientSecret: "secret-of-client-1",
      secretInBody: true,
      scope: "api:read",
    }),
    async signIn({ connection, jar, user }) {
      jar.take(await connection.request({ path: `/login?user=user-${user}` }));
      return { cookie: jar.header() };
    },
  };
}
