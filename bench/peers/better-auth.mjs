// better-auth with its OAuth provider on SQLite, its own defaults wherever they do not stop a load test.
import { createRequests } from "./requests.mjs";
import { sibling } from "./sibling.mjs";
import { versionOf } from "./version.mjs";

const paths = {
  authorize: "/api/auth/oauth2/authorize",
  token: "/api/auth/oauth2/token",
  introspect: "/api/auth/oauth2/introspect",
};

/** @type {import("../types.ts").OpenPeer} */
export async function betterAuth({ folder, port }) {
  const origin = `http://localhost:${port}`;
  return {
    name: "better-auth",
    label: "better-auth, OAuth provider",
    storage: "SQLite, FULL",
    version: versionOf("better-auth"),
    kinds: ["code", "refreshNear", "introspect", "clientCredentials"],
    start: { script: sibling("better-auth-server.mjs"), env: { PORT: String(port), FOLDER: folder } },
    probe: "/up",
    ...createRequests({
      paths,
      clientId: "client-1",
      clientSecret: "secret-of-client-1",
      scope: "offline_access api:read",
      applicationScope: "api:read",
    }),
    async signIn({ connection, jar, user }) {
      const person = { email: `user-${user}@example.com`, password: `password-of-${user}`, name: `user-${user}` };
      const headers = { "content-type": "application/json", origin };
      const path = "/api/auth/sign-up/email";
      const reply = await connection.request({ method: "POST", path, headers, body: JSON.stringify(person) });
      if (reply.status !== 200) throw new Error(`better-auth: ${reply.status} ${reply.body}`);
      jar.take(reply);
      return { cookie: jar.header(), origin };
    },
  };
}
