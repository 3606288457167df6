import path from "node:path";
import { Provider } from "oidc-provider";
import { openDatabase } from "./database.mjs";

const { PORT, FOLDER = "", STORE } = process.env;
const now = () => Math.floor(Date.now() / 1000);

function memoryAdapter() {
  const [rows, uids, grants] = [new Map(), new Map(), new Map()];
  return class {
    constructor(model) {
      this.model = model;
    }
    async upsert(id, payload, lifetimeSeconds) {
      const key = this.model + id;
      rows.set(key, { payload, expires: lifetimeSeconds ? now() + lifetimeSeconds : Infinity });
      if (this.model === "Session") uids.set(payload.uid, id);
      if (!payload.grantId || this.model === "Grant") return;
      const keys = grants.get(payload.grantId) ?? new Set();
      grants.set(payload.grantId, keys.add(key));
    }
    async find(id) {
      const row = rows.get(this.model + id);
      return row && row.expires > now() ? row.payload : undefined;
    }
    async findByUid(uid) {
      return this.find(uids.get(uid));
    }
    async consume(id) {
      rows.get(this.model + id).payload.consumed = now();
    }
    async destroy(id) {
      rows.delete(this.model + id);
    }
    async revokeByGrantId(grantId) {
      for (const key of grants.get(grantId) ?? []) rows.delete(key);
      grants.delete(grantId);
    }
  };
}

async function sqliteAdapter() {
  const { exec, prepare } = await openDatabase(path.join(FOLDER, "oidc.db"));
  exec(`CREATE TABLE model (model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, grant_id TEXT, uid TEXT,
      expires INTEGER, consumed INTEGER, PRIMARY KEY (model, id)) WITHOUT ROWID;
    CREATE INDEX by_grant ON model (grant_id) WHERE grant_id IS NOT NULL;
    CREATE INDEX by_uid ON model (uid) WHERE uid IS NOT NULL`);
  const sql = {
    upsert: prepare(`INSERT INTO model (model, id, payload, grant_id, uid, expires) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
        expires = excluded.expires`),
    find: prepare(
      "SELECT payload, consumed FROM model WHERE model = ? AND id = ? AND (expires IS NULL OR expires > ?)",
    ),
    findByUid: prepare("SELECT payload, consumed FROM model WHERE model = ? AND uid = ?"),
    consume: prepare("UPDATE model SET consumed = ? WHERE model = ? AND id = ?"),
    destroy: prepare("DELETE FROM model WHERE model = ? AND id = ?"),
    revoke: prepare("DELETE FROM model WHERE grant_id = ?"),
  };
  const read = (row) => row && { ...JSON.parse(row.payload), ...(row.consumed && { consumed: row.consumed }) };
  return class {
    constructor(model) {
      this.model = model;
    }
    async upsert(id, payload, lifetimeSeconds) {
      const { grantId = null, uid = null } = payload;
      const expires = lifetimeSeconds ? now() + lifetimeSeconds : null;
      sql.upsert.run(this.model, id, JSON.stringify(payload), grantId, uid, expires);
    }
    async find(id) {
      return read(sql.find.get(this.model, id, now()));
    }
    async findByUid(uid) {
      return read(sql.findByUid.get(this.model, uid));
    }
    async consume(id) {
      sql.consume.run(now(), this.model, id);
    }
    async destroy(id) {
      sql.destroy.run(this.model, id);
    }
    async revokeByGrantId(grantId) {
      sql.revoke.run(grantId);
    }
  };
}

const day = 86_400;
new Provider(`http://localhost:${PORT}`, {
  adapter: STORE === "sqlite" ? await sqliteAdapter() : memoryAdapter(),
  clients: [
    {
      client_id: "client-1",
      client_secret: "secret-of-client-1",
      redirect_uris: ["https://app.example/callback"],
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
      scope: "openid offline_access api:read",
    },
  ],
  scopes: ["openid", "offline_access", "api:read"],
  cookies: { keys: ["the key of this bench's cookies"] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  issueRefreshToken: async (_context, client) => client.grantTypeAllowed("refresh_token"),
  rotateRefreshToken: true,
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: async () => true },
    devInteractions: { enabled: true },
  },
  ttl: {
    AccessToken: 3_600,
    AuthorizationCode: 60,
    ClientCredentials: 600,
    Grant: 14 * day,
    IdToken: 3_600,
    Interaction: 3_600,
    RefreshToken: 14 * day,
    Session: 14 * day,
  },
}).listen(Number(PORT), "127.0.0.1");
