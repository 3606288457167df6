// The yardstick: see floor-server.mjs.
import { copyFileSync, existsSync } from "node:fs";
import path from "node:path";
import { farTokenOf, seedFloor } from "./floor-grants.mjs";
import { createRequests } from "./requests.mjs";
import { shuffled } from "./shuffled.mjs";
import { sibling } from "./sibling.mjs";

const paths = { authorize: "/authorize", token: "/token", introspect: "/introspect" };

/** @type {import("../types.ts").OpenPeer} */
export async function floor({ folder, shared, port, grants }) {
  const file = path.join(folder, "floor.db");
  if (grants > 0) {
    const seeded = path.join(shared, `floor-${grants}.db`);
    if (!existsSync(seeded)) await seedFloor(seeded, grants);
    copyFileSync(seeded, file);
  }
  return {
    name: "floor",
    label: "floor (bare `node:http`)",
    storage: "SQLite, FULL",
    version: process.version,
    kinds: ["code", "refreshNear", "refreshFar", "introspect", "clientCredentials"],
    start: {
      script: sibling("floor-server.mjs"),
      env: { PORT: String(port), FILE: file },
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
