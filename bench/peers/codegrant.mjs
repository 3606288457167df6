// Ours, as anyone runs it: `codegrant serve` on a file, with everything on: limits, log, audit, pages.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "../../packages/codegrant/dist/index.js";
import { createApplication, createUser } from "../../packages/server/dist/index.js";
import { farRefreshTokens, seedGrants } from "./codegrant-grants.mjs";
import { createRequests, formOf, redirectUri } from "./requests.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const command = path.join(root, "packages", "codegrant", "bin", "codegrant.js");
const manifest = path.join(root, "packages", "codegrant", "package.json");
const password = "correct horse battery staple";
const maximumUsers = 100;

/** @type {import("../types.ts").OpenPeer} */
export async function codegrant({ folder, shared, port, grants }) {
  const { clientId, clientSecret } = await copyOfPlatform(folder, shared, grants);
  const paths = { authorize: "/oauth2/authorize", token: "/oauth2/token", introspect: "/oauth2/introspect" };
  const requests = createRequests({ paths, clientId, clientSecret, scope: "profile" });
  const db = path.join(folder, "platform.db");
  return {
    name: "codegrant",
    label: "Codegrant",
    storage: "SQLite, FULL",
    version: JSON.parse(readFileSync(manifest, "utf8")).version,
    kinds: ["code", "refreshNear", "refreshFar", "introspect", "clientCredentials", "garbage"],
    start: { script: command, args: ["serve", "--db", db, "--port", String(port), "--dialect", "rfc6749"] },
    probe: "/healthz",
    replayForgivenSeconds: 10,
    ...requests,
    signIn: (browser) => walk(requests, browser),
    farRefreshTokens: () => farRefreshTokens(db, grants),
  };
}

/** The platform is made once a run and copied for each start. */
async function copyOfPlatform(
  /** @type {string} */ folder,
  /** @type {string} */ shared,
  /** @type {number} */ grants,
) {
  const made = path.join(shared, `codegrant-${grants}`);
  if (!existsSync(made)) await makePlatform(made, grants);
  cpSync(made, folder, { recursive: true });
  return JSON.parse(readFileSync(path.join(made, "application.json"), "utf8"));
}

async function makePlatform(/** @type {string} */ folder, /** @type {number} */ grants) {
  mkdirSync(folder, { recursive: true });
  const db = path.join(folder, "platform.db");
  const quiet = { log: () => {}, warn: () => {} };
  const server = await startServer({ db, port: 0, dialect: "rfc6749", ...quiet });
  const { application, clientSecret } = await createApplication(server.platform, {
    name: "Printer",
    redirectUris: [redirectUri],
    type: "confidential",
    settings: { allowedScopes: ["profile"] },
  });
  for (let i = 0; i < maximumUsers; i++) await createUser(server.platform, { login: `user${i}`, password });
  await server.close();
  if (grants > 0) await seedGrants(db, application.id, grants);
  writeFileSync(
    path.join(folder, "application.json"),
    JSON.stringify({ clientId: application.clientId, clientSecret }),
  );
}

/**
 * Through our pages as a person walks them: sign-in, then consent.
 * @param {import("../types.ts").Requests} requests
 * @param {import("../types.ts").Browser} browser
 */
async function walk(requests, { connection, jar, user }) {
  const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  /** @type {import("../load/connection.mjs").Request} */
  let request = requests.authorize({ session: {}, state: "signing-in", challenge });
  for (let page = 0; page < 6; page++) {
    const reply = await connection.request({ ...request, headers: { ...request.headers, cookie: jar.header() } });
    jar.take(reply);
    const { location } = reply.headers;
    if (location?.startsWith(redirectUri)) return { cookie: jar.header() };
    request =
      location === undefined ? formAnswer(reply.body, request.path, user) : { path: pathOf(location, request.path) };
  }
  throw new Error("codegrant: the walk did not end at the application");
}

/** Fills in the page's form: login and password, or the approval. */
function formAnswer(/** @type {string} */ page, /** @type {string} */ here, /** @type {number} */ user) {
  const forms = [...page.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)].map(([, tag = "", inner = ""]) => ({ tag, inner }));
  const form = forms.find(({ inner }) => inner.includes('name="password"') || inner.includes('value="approve"'));
  if (form === undefined) throw new Error(`codegrant: no form on ${page.slice(0, 300)}`);
  /** @type {Record<string, string>} */
  const fields = {};
  for (const [input] of form.inner.matchAll(/<input[^>]*>/g)) {
    const name = attribute(input, "name");
    if (name && attribute(input, "type") !== "submit") fields[name] = attribute(input, "value");
  }
  if ("password" in fields) Object.assign(fields, { login: `user${user}`, password });
  else fields["decision"] = "approve";
  const headers = { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" };
  return { method: "POST", path: pathOf(attribute(form.tag, "action") || here, here), headers, body: formOf(fields) };
}

function attribute(/** @type {string} */ tag, /** @type {string} */ name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

function pathOf(/** @type {string} */ address, /** @type {string} */ here) {
  const url = new URL(address, `http://localhost${here}`);
  return url.pathname + url.search;
}
