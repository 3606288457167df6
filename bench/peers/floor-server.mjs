// What an authorization server costs on Node when nothing is wasted and nothing is cut: bare node:http, tokens and
// secrets hashed, PKCE, exact redirect URIs, codes and refresh tokens for one use, replays ending what they issued, each
// answer on the disk before it is sent. A yardstick and no product: no pages, limits, log or administration.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { openDatabase } from "./database.mjs";
import { tables } from "./floor-grants.mjs";
import { createGroupCommit } from "./group-commit.mjs";

const { PORT = "", FILE = "" } = process.env;
const database = await openDatabase(FILE, 4_000);
const { prepare, prepareArrays } = database;
database.exec(tables);
const write = createGroupCommit(database);

const sql = {
  client: prepareArrays("SELECT id, secret, redirect_uri FROM client WHERE id = ?"),
  session: prepareArrays("SELECT sub, expires FROM session WHERE hash = ?"),
  addSession: prepare("INSERT INTO session VALUES (?, ?, ?)"),
  addCode: prepare(
    "INSERT INTO code (hash, client, sub, redirect_uri, scope, challenge, expires) VALUES (?,?,?,?,?,?,?)",
  ),
  code: prepareArrays("SELECT client, sub, redirect_uri, scope, challenge, expires, family FROM code WHERE hash = ?"),
  useCode: prepare("UPDATE code SET family = ? WHERE hash = ? AND family IS NULL"),
  addFamily: prepare("INSERT INTO family (client, sub, scope) VALUES (?, ?, ?)"),
  revoke: prepare("UPDATE family SET revoked = 1 WHERE id = ?"),
  addToken: prepare("INSERT INTO token (hash, kind, family, client, scope, expires) VALUES (?, ?, ?, ?, ?, ?)"),
  token: prepareArrays(`SELECT t.kind, t.family, t.client, t.scope, t.expires, t.used, f.sub, f.revoked
    FROM token t LEFT JOIN family f ON f.id = t.family WHERE t.hash = ?`),
  useToken: prepare("UPDATE token SET used = 1 WHERE hash = ? AND used IS NULL"),
};

const sha = (/** @type {string} */ text) => createHash("sha256").update(text).digest();
const now = () => Math.floor(Date.now() / 1000);
prepare("INSERT OR REPLACE INTO client VALUES (?, ?, ?)").run(
  "client-1",
  sha("secret-of-client-1"),
  "https://app.example/callback",
);

let pool = randomBytes(4_096);
let taken = 0;
function randomToken() {
  if (taken === pool.length) {
    pool = randomBytes(pool.length);
    taken = 0;
  }
  return pool.toString("base64url", taken, (taken += 32));
}

class Refusal extends Error {
  constructor(/** @type {string} */ code, status = 400) {
    super(code);
    this.status = status;
  }
}

/** @typedef {[id: string, secret: Uint8Array, redirectUri: string]} Client */
/** @type {Map<string, Client>} read once: they change rarely */
const clients = new Map();
function findClient(/** @type {string} */ id) {
  const client = clients.get(id) ?? /** @type {Client | undefined} */ (sql.client.get(id));
  if (client) clients.set(id, client);
  return client;
}

/** @typedef {import("node:http").IncomingMessage} Incoming */
/** @typedef {import("node:http").ServerResponse} Response */

function authenticate(/** @type {Incoming} */ { headers: { authorization = "" } }) {
  if (!authorization.startsWith("Basic ")) throw new Refusal("invalid_client", 401);
  const [id = "", secret = ""] = Buffer.from(authorization.slice(6), "base64").toString().split(":", 2);
  const client = findClient(decodeURIComponent(id));
  if (!client || !timingSafeEqual(sha(decodeURIComponent(secret)), client[1])) throw new Refusal("invalid_client", 401);
  return client;
}

/** A name sent twice determines nothing. */
function single(/** @type {URLSearchParams} */ parameters, /** @type {string} */ name) {
  const all = parameters.getAll(name);
  if (all.length > 1) throw new Refusal("invalid_request");
  return all[0] ?? "";
}

async function authorize(
  /** @type {Incoming} */ request,
  /** @type {Response} */ response,
  /** @type {string} */ query,
) {
  const parameters = new URLSearchParams(query);
  const client = findClient(single(parameters, "client_id"));
  if (!client) throw new Refusal("invalid_client");
  const redirectUri = single(parameters, "redirect_uri");
  if (redirectUri !== client[2]) throw new Refusal("invalid_request");
  const [state, scope, challenge] = ["state", "scope", "code_challenge"].map((name) => single(parameters, name));
  const isCode = single(parameters, "response_type") === "code";
  const isS256 = single(parameters, "code_challenge_method") === "S256" && /^[\w-]{43}$/.test(challenge ?? "");
  if (!isCode || !isS256 || scope !== "api:read") throw new Refusal("invalid_request");
  const cookie = /(?:^|; )sid=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1];
  const [sub, expires] = (cookie && sql.session.get(sha(cookie))) || [];
  if (!sub || expires < now()) throw new Refusal("login_required", 401);
  const code = randomToken();
  await write(() => sql.addCode.run(sha(code), client[0], sub, redirectUri, scope, challenge, now() + 60));
  const location = `${redirectUri}?code=${code}&state=${encodeURIComponent(state ?? "")}&iss=http%3A%2F%2F127.0.0.1`;
  response.writeHead(303, { location, "cache-control": "no-store", "content-length": 0 }).end();
}

function issue(
  /** @type {number | bigint | null} */ family,
  /** @type {string} */ client,
  /** @type {string} */ scope,
  /** @type {boolean} */ withRefreshToken,
) {
  const access = randomToken();
  sql.addToken.run(sha(access), 0, family, client, scope, now() + 3_600);
  const body = { access_token: access, token_type: "Bearer", expires_in: 3_600, scope };
  if (!withRefreshToken) return body;
  const refresh = randomToken();
  sql.addToken.run(sha(refresh), 1, family, client, scope, now() + 1_209_600);
  return { ...body, refresh_token: refresh };
}

/** @type {Record<string, (client: string, parameters: URLSearchParams) => () => unknown>} */
const grants = {
  authorization_code(clientId, parameters) {
    const hash = sha(single(parameters, "code"));
    const challengeSent = sha(single(parameters, "code_verifier")).toString("base64url");
    const redirectUriSent = single(parameters, "redirect_uri");
    return () => {
      const [client, sub, redirectUri, scope, challenge, expires, family] = sql.code.get(hash) ?? [];
      if (client !== clientId) throw new Refusal("invalid_grant");
      if (family !== null) {
        sql.revoke.run(family);
        return new Refusal("invalid_grant"); // not thrown, so that the revocation is committed
      }
      if (expires < now() || redirectUri !== redirectUriSent || challenge !== challengeSent)
        throw new Refusal("invalid_grant");
      const { lastInsertRowid } = sql.addFamily.run(clientId, sub, scope);
      sql.useCode.run(lastInsertRowid, hash);
      return issue(lastInsertRowid, clientId, scope, true);
    };
  },
  refresh_token(clientId, parameters) {
    const hash = sha(single(parameters, "refresh_token"));
    return () => {
      const [kind, family, client, scope, expires, used, , revoked] = sql.token.get(hash) ?? [];
      if (kind !== 1 || client !== clientId || revoked || expires < now()) throw new Refusal("invalid_grant");
      if (used) {
        sql.revoke.run(family);
        return new Refusal("invalid_grant");
      }
      sql.useToken.run(hash);
      return issue(family, clientId, scope, true);
    };
  },
  client_credentials(clientId, parameters) {
    const scope = single(parameters, "scope");
    return () => issue(null, clientId, scope, false);
  },
};

async function token(/** @type {Incoming} */ request, /** @type {string} */ body) {
  const [client] = authenticate(request);
  const parameters = new URLSearchParams(body);
  const grant = grants[single(parameters, "grant_type")];
  if (!grant) throw new Refusal("unsupported_grant_type");
  const answer = await write(grant(client, parameters));
  if (answer instanceof Refusal) throw answer;
  return answer;
}

async function introspect(/** @type {Incoming} */ request, /** @type {string} */ body) {
  authenticate(request);
  const row = sql.token.get(sha(single(new URLSearchParams(body), "token")));
  const [, , client, scope, expires, used, sub, revoked] = row ?? [];
  if (!row || revoked || used || expires < now()) return { active: false };
  return { active: true, scope, client_id: client, sub: sub ?? client, exp: expires, token_type: "Bearer" };
}

/** @type {Record<string, (request: Incoming, body: string) => Promise<unknown>>} */
const posts = { "/token": token, "/introspect": introspect };

function send(/** @type {Response} */ response, /** @type {number} */ status, /** @type {unknown} */ body) {
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) }).end(text);
}

function fail(/** @type {Response} */ response, /** @type {unknown} */ error) {
  if (error instanceof Refusal) send(response, error.status, { error: error.message });
  else send(response, 500, { error: "server_error" });
}

function signIn(/** @type {Response} */ response, /** @type {string} */ user) {
  const sid = randomToken();
  sql.addSession.run(sha(sid), user, now() + 86_400);
  response.writeHead(200, { "set-cookie": `sid=${sid}; Path=/; HttpOnly`, "content-length": 0 }).end();
}

createServer((request, response) => {
  const { url = "" } = request;
  const mark = url.indexOf("?");
  const where = mark === -1 ? url : url.slice(0, mark);
  const post = request.method === "POST" ? posts[where] : undefined;
  if (post) {
    let body = "";
    request.setEncoding("latin1").on("data", (chunk) => {
      body += chunk;
      if (body.length > 65_536) request.destroy();
    });
    request.on("end", () => {
      post(request, body).then(
        (answer) => send(response, 200, answer),
        (error) => fail(response, error),
      );
    });
  } else if (where === "/authorize")
    authorize(request, response, url.slice(mark + 1)).catch((error) => fail(response, error));
  else if (where === "/login") signIn(response, url.slice(mark + 1 + "user=".length));
  else send(response, where === "/up" ? 200 : 404, {});
}).listen(Number(PORT), "127.0.0.1");
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit());
