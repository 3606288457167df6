import type { Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import type { ApplicationCache } from "./application-cache.ts";

type ApplicationTokenSteps = Pick<
  Store,
  "listResources" | "hasOrigin" | "revokeApplicationToken" | "isApplicationTokenRevoked"
>;

export function applicationTokenSteps(connection: Connection, cache: ApplicationCache): ApplicationTokenSteps {
  const { prepare, read, write, together } = connection;
  // The first line's conditions are word for word those of the index `applications_resource_servers`.
  const listResources = prepare<{ readonly uri: string }>(`
    SELECT DISTINCT r.value AS uri FROM applications a, json_each(a.settings, '$.resources') r
    WHERE json_extract(a.settings, '$.resourceServer') = 1 AND a.disabled = 0 AND a.deleted_at IS NULL LIMIT 200
  `);
  const findOrigin = prepare("SELECT 1 FROM application_origins WHERE origin = ? LIMIT 1");
  const findRevoked = prepare("SELECT 1 FROM revoked_application_tokens WHERE application_id = ? AND serial = ?");
  const revoke = prepareRevoke(connection, cache);

  return {
    listResources: () => read(() => listResources.all().map(({ uri }) => uri)),
    hasOrigin: (origin) => read(() => findOrigin.get(origin) !== undefined),
    revokeApplicationToken: (revocation) => write(() => together(() => revoke(revocation))),
    isApplicationTokenRevoked: (applicationId, serial) =>
      read(() => findRevoked.get(applicationId, serial) !== undefined),
  };
}

function prepareRevoke(
  { prepare }: Connection,
  cache: ApplicationCache,
): (revocation: Parameters<Store["revokeApplicationToken"]>[0]) => void {
  const findApplication = prepare("SELECT 1 FROM applications WHERE id = ?");
  const table = "revoked_application_tokens";
  const removeExpired = prepare(`DELETE FROM ${table} WHERE application_id = ? AND expires_at <= ?`);
  const removeAll = prepare(`DELETE FROM ${table} WHERE application_id = ?`);
  const insert = prepare(`INSERT OR REPLACE INTO ${table} (application_id, serial, expires_at) VALUES (?, ?, ?)`);
  const count = prepare<{ readonly living: number }>(
    `SELECT count(*) AS living FROM ${table} WHERE application_id = ?`,
  );
  const raise = prepare("UPDATE applications SET token_epoch = (token_epoch + 1) % 4294967296 WHERE id = ?");

  return ({ applicationId: id, serial, expiresAt, now, maximum }) => {
    if (findApplication.get(id) === undefined) return;
    removeExpired.run(id, now);
    insert.run(id, serial, expiresAt);
    if ((count.get(id)?.living ?? 0) <= maximum) return;
    // Every token of the old epoch is dead now, so there is nothing left to remember.
    removeAll.run(id);
    raise.run(id);
    cache.forget({ id });
  };
}
