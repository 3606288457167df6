// oidc-provider with its own sign-in and consent pages, walked once a user. In memory over Maps, or on SQLite as the
// community's adapters do it: one table, one durable transaction a write.
import { createRequests, formOf, redirectUri } from "./requests.mjs";
import { sibling } from "./sibling.mjs";
import { versionOf } from "./version.mjs";

const paths = { authorize: "/auth", token: "/token", introspect: "/token/introspection" };

/** @type {import("../types.ts").OpenPeer} */
export const oidcInMemory = (setting) => oidcProvider(setting, "memory");

/** @type {import("../types.ts").OpenPeer} */
export const oidcOnSqlite = (setting) => oidcProvider(setting, "sqlite");

/** @returns {Promise<import("../types.ts").Peer>} */
async function oidcProvider(
  /** @type {import("../types.ts").Setting} */ { folder, port },
  /** @type {"memory" | "sqlite"} */ store,
) {
  const requests = createRequests({
    paths,
    clientId: "client-1",
    clientSecret: "secret-of-client-1",
    scope: "api:read",
    applicationScope: "",
  });
  return {
    name: store === "memory" ? "oidc-provider" : "oidc-provider-sqlite",
    label: store === "memory" ? "oidc-provider, in memory" : "oidc-provider, SQLite",
    storage: store === "memory" ? "memory (Maps)" : "SQLite, FULL",
    version: versionOf("oidc-provider"),
    kinds: ["code", "refreshNear", "introspect", "clientCredentials"],
    start: { script: sibling("oidc-provider-server.mjs"), env: { PORT: String(port), FOLDER: folder, STORE: store } },
    probe: "/jwks",
    ...requests,
    signIn: (browser) => walk(requests, browser),
  };
}

/**
 * @param {import("../types.ts").Requests} requests
 * @param {import("../types.ts").Browser} browser
 */
async function walk(requests, { connection, jar, user }) {
  const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  /** @type {import("../load/connection.mjs").Request} */
  let request = requests.authorize({ session: {}, state: "signing-in", challenge });
  for (let page = 0; page < 12; page++) {
    const reply = await connection.request({ ...request, headers: { ...request.headers, cookie: jar.header() } });
    jar.take(reply);
    const { location } = reply.headers;
    if (location?.startsWith(redirectUri) && location.includes("code=")) return { cookie: jar.header() };
    const prompt = /name="prompt" value="(\w+)"/.exec(reply.body)?.[1] ?? "";
    const fields = { prompt, login: `user-${user}`, password: "x" };
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    request =
      location === undefined
        ? { method: "POST", path: request.path, headers, body: formOf(fields) }
        : { path: location.replace(/^http:\/\/[^/]+/, "") };
  }
  throw new Error("oidc-provider: the walk did not end at the application");
}
