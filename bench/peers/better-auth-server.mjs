import { createHash } from "node:crypto";
import { createServer } from "node:http";
import path from "node:path";
import { oauthProvider } from "@better-auth/oauth-provider";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { jwt } from "better-auth/plugins";
import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import { openDatabase } from "./database.mjs";

const { PORT, FOLDER = "" } = process.env;
const { database, prepare } = await openDatabase(path.join(FOLDER, "auth.db"));
const baseURL = `http://localhost:${PORT}`;

/** Prepares each statement anew, as Kysely's own drivers for SQLite do. */
const connection = {
  async executeQuery({ sql, parameters }) {
    const statement = database.prepare(sql);
    if (/^\s*(?:select|with|pragma)\b|\breturning\b/i.test(sql)) return { rows: statement.all(...parameters) };
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  },
};
const run = (sql) => (on) => on.executeQuery(CompiledQuery.raw(sql));
const dialect = {
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createDriver: () => ({
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: run("begin"),
    commitTransaction: run("commit"),
    rollbackTransaction: run("rollback"),
    releaseConnection: async () => {},
    destroy: async () => {},
  }),
};

const options = {
  baseURL,
  secret: "a secret of this bench alone, and long enough",
  database: { dialect, type: "sqlite" },
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: "error" },
  disabledPaths: ["/token"],
  plugins: [
    jwt(),
    oauthProvider({
      loginPage: "/sign-in",
      consentPage: "/consent",
      scopes: ["openid", "profile", "email", "offline_access", "api:read"],
      grantTypes: ["authorization_code", "refresh_token", "client_credentials"],
      clientPrivileges: async () => true,
      silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
    }),
  ],
};
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);

const admin = { email: "admin@example.com", password: "password-of-admin", name: "admin" };
const signedUp = await auth.api.signUpEmail({ body: admin, asResponse: true });
const cookies = signedUp.headers.getSetCookie().map((line) => line.split(";")[0]);
const { client_id: clientId } = await auth.api.adminCreateOAuthClient({
  headers: new Headers({ cookie: cookies.join("; "), origin: baseURL }),
  body: {
    client_name: "bench",
    redirect_uris: ["https://app.example/callback"],
    token_endpoint_auth_method: "client_secret_basic",
    skip_consent: true,
    grant_types: ["authorization_code", "refresh_token", "client_credentials"],
    response_types: ["code"],
    scope: "openid profile offline_access api:read",
    client_credentials_scopes: ["api:read"],
  },
});
// An id and a secret that the load generator knows.
const secretHash = createHash("sha256").update("secret-of-client-1").digest("base64url");
prepare("UPDATE oauthClient SET clientId = 'client-1', clientSecret = ? WHERE clientId = ?").run(secretHash, clientId);

const handle = toNodeHandler(auth);
createServer((request, response) => {
  if (request.url === "/up") response.writeHead(200, { "content-length": 0 }).end();
  else void handle(request, response);
}).listen(Number(PORT), "127.0.0.1");
