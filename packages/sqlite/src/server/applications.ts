import type { Application, ApplicationSecret, NewApplication, Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import type { Value } from "../statement.ts";
import type { ApplicationCache } from "./application-cache.ts";
import type { EndingSteps } from "./endings.ts";
import { formatList, pageOf, parseList } from "./lists.ts";

type ApplicationSteps = Pick<
  Store,
  | "findApplication"
  | "findApplicationById"
  | "listApplications"
  | "createApplication"
  | "changeApplication"
  | "deleteApplication"
>;

export function applicationSteps(
  { prepare, read, write, together }: Connection,
  { writeEnding }: EndingSteps,
  cache: ApplicationCache,
): ApplicationSteps {
  const living = "SELECT * FROM applications WHERE deleted_at IS NULL";
  const findByClientId = prepare<ApplicationRow>(`${living} AND client_id = ?`);
  const findById = prepare<ApplicationRow>(`${living} AND id = ?`);
  const list = prepare<ApplicationRow>(`${living} AND id > ? ORDER BY id LIMIT ?`);
  const listOwned = prepare<ApplicationRow>(`${living} AND owner_id = ? AND id > ? ORDER BY id LIMIT ?`);
  const insert = prepare(`
    INSERT INTO applications (client_id, type, owner_id, created_at, name, redirect_uris, secrets, settings, token_epoch)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  `);
  const update = prepare(`
    UPDATE applications SET name = ?, redirect_uris = ?, secrets = ?, settings = ?, token_epoch = ?, disabled = ?
    WHERE id = ?
  `);
  const remove = prepare<{ readonly ended: number }>(`
    UPDATE applications SET deleted_at = ?, secrets = '[]', epoch = epoch + 1
    WHERE id = ? AND deleted_at IS NULL RETURNING epoch - 1 AS ended
  `);

  return {
    findApplication: (clientId) =>
      read(() => cache.findByClientId(clientId) ?? cache.keep(decodeApplication(findByClientId.get(clientId)))),
    findApplicationById: (id) => read(() => cache.findById(id) ?? cache.keep(decodeApplication(findById.get(id)))),
    listApplications: ({ ownerId, ...page }) =>
      read(() => {
        const rows = ownerId === undefined ? list.all(...pageOf(page)) : listOwned.all(ownerId, ...pageOf(page));
        return rows.map((row) => decodeApplication(row));
      }),

    createApplication: (application) =>
      write(() => {
        const { clientId, type, ownerId, createdAt } = application;
        const values = [clientId, type, ownerId ?? null, createdAt, ...changeableValues(application)];
        return { ...application, id: Number(insert.run(...values).lastInsertRowid), epoch: 0, disabled: false };
      }),

    changeApplication: (id, changes, loaded) =>
      write(() => {
        const before = decodeApplication(findById.get(id));
        if (before === undefined) return undefined;
        cache.forget(before);
        if (loaded !== undefined && !isSame(loaded, before)) return "lost";
        const after = { ...before, ...changes };
        update.run(...changeableValues(after), after.disabled ? 1 : 0, id);
        return after;
      }),

    deleteApplication: (id, at) =>
      write(() =>
        together(() => {
          const removed = remove.get(at, id);
          if (removed === undefined) return "unknown";
          cache.forget({ id });
          writeEnding({ applicationId: id }, removed.ended, { at, why: "application" });
          return "deleted";
        }),
      ),
  };
}

export interface ApplicationRow {
  readonly id: number;
  readonly client_id: string;
  readonly name: string;
  readonly type: Application["type"];
  readonly redirect_uris: string;
  readonly secrets: string;
  readonly owner_id: string | null;
  readonly settings: string;
  readonly disabled: number;
  readonly epoch: number;
  readonly token_epoch: number;
  readonly created_at: number;
}

const changeableValues = ({ name, redirectUris, secrets, settings, tokenEpoch }: NewApplication): readonly Value[] => [
  name,
  formatList(redirectUris),
  formatSecrets(secrets),
  JSON.stringify(settings),
  tokenEpoch,
];

function isSame(one: Application, other: Application): boolean {
  const values = changeableValues(other);
  return one.disabled === other.disabled && changeableValues(one).every((value, index) => value === values[index]);
}

export function decodeApplication(row: ApplicationRow): Application;
export function decodeApplication(row: ApplicationRow | undefined): Application | undefined;
export function decodeApplication(row: ApplicationRow | undefined): Application | undefined {
  return (
    row && {
      id: row.id,
      clientId: row.client_id,
      name: row.name,
      type: row.type,
      redirectUris: parseList(row.redirect_uris),
      secrets: parseSecrets(row.secrets),
      ...(row.owner_id !== null && { ownerId: row.owner_id }),
      settings: JSON.parse(row.settings) as Application["settings"],
      disabled: row.disabled === 1,
      epoch: row.epoch,
      tokenEpoch: row.token_epoch,
      createdAt: row.created_at,
    }
  );
}

type SecretJson = Omit<ApplicationSecret, "hash"> & { readonly hash: string };

function formatSecrets(secrets: readonly ApplicationSecret[]): string {
  return JSON.stringify(
    secrets.map((secret): SecretJson => ({ ...secret, hash: Buffer.from(secret.hash).toString("base64url") })),
  );
}

function parseSecrets(text: string): readonly ApplicationSecret[] {
  const secrets = JSON.parse(text) as readonly SecretJson[];
  return secrets.map((secret) => ({ ...secret, hash: Buffer.from(secret.hash, "base64url") }));
}
