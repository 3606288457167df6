// The yardstick: see floor-server.mjs.
import { createHash } from "node:crypto";
import { createRequests } from "./requests.mjs";
import { shuffled } from "./shuffled.mjs";
import { sibling } from "./sibling.mjs";

const paths = { authorize: "/authorize", token: "/token", introspect: "/introspect" };

/** @type {import("../types.ts").OpenPeer} */
export async function floor({ folder, shared, port, grants }) {
  return {
    name: "floor",
    label: "floor (bare `node:http`)",
    storage: "SQLite, FULL",
    version: process.version,
    kinds: ["code", "refreshNear", "refreshFar", "introspect", "clientCredentials"],
    start: {
      script: sibling("floor-server.mjs"),
      env: { PORT: String(port), FOLDER: folder, SHARED: shared, GRANTS: String(grants) },
    },
    probe: "/up",
    ...createRequests({ paths, clientId: "client-1", clientSecret: "secret-of-client-1", scope: "api:read" }),
    async signIn({ connection, jar, user }) {
      jar.take(await connection.request({ path: `/login?user=user-${user}` }));
      return { cookie: jar.header() };
    },
    *farRefreshTokens() {
      for (const number of shuffled(grants)) yield farTokenOf(number);
    },
  };
}

export function farTokenOf(/** @type {number} */ number) {
  return createHash("sha256").update(`token ${number}`).digest("base64url");
}
