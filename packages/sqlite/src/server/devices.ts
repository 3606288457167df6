import type { DeviceRequest, Store } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import { formatList, parseList } from "./lists.ts";

type DeviceSteps = Pick<
  Store,
  | "createDeviceRequest"
  | "findDeviceRequest"
  | "findDeviceRequestByUserCode"
  | "declineDeviceRequest"
  | "removeDeviceRequest"
>;

export function deviceSteps({ prepare, read, write }: Connection): DeviceSteps {
  const findByDeviceCode = prepare<DeviceRow>("SELECT * FROM device_requests WHERE device_code_hash = ?");
  const findByUserCode = prepare<DeviceRow>(
    `SELECT * FROM device_requests WHERE user_code_hash = ? AND expires_at > ? AND ${isUnanswered}`,
  );
  const isTaken = prepare("SELECT 1 FROM device_requests WHERE user_code_hash = ? AND expires_at > ? LIMIT 1");
  const count = prepare<{ readonly living: number }>(
    "SELECT count(*) AS living FROM device_requests WHERE application_id = ? AND expires_at > ?",
  );
  const insert = prepare(`
    INSERT INTO device_requests (device_code_hash, user_code_hash, application_id, family, scopes, resources, created_at,
      expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  `);
  const decline = prepare(`UPDATE device_requests SET is_declined = 1 WHERE id = ? AND ${isUnanswered}`);
  const remove = prepare("DELETE FROM device_requests WHERE id = ?");

  return {
    createDeviceRequest: (request, { maximum }) =>
      write(() => {
        const { deviceCodeHash, userCodeHash, applicationId, family, scopes, resources, createdAt, expiresAt } =
          request;
        if (isTaken.get(userCodeHash, createdAt) !== undefined) return "taken";
        if ((count.get(applicationId, createdAt)?.living ?? 0) >= maximum) return "full";
        const lists = [formatList(scopes), formatList(resources)];
        insert.run(deviceCodeHash, userCodeHash, applicationId, family, ...lists, createdAt, expiresAt);
        return "created";
      }),
    findDeviceRequest: (deviceCodeHash) => read(() => decodeDevice(findByDeviceCode.get(deviceCodeHash))),
    findDeviceRequestByUserCode: (userCodeHash, now) => read(() => decodeDevice(findByUserCode.get(userCodeHash, now))),
    declineDeviceRequest: (id) => write(() => (decline.run(id).changes === 1 ? "declined" : "answered")),
    removeDeviceRequest: (id) =>
      write(() => {
        remove.run(id);
      }),
  };
}

const isUnanswered = "is_declined = 0 AND grant_id IS NULL";

/** A step within the step that approves: false when the request was answered before, or is gone. */
export function prepareAnswerDevice({ prepare }: Connection): (id: number, grantId: number) => boolean {
  const answer = prepare(`UPDATE device_requests SET grant_id = ? WHERE id = ? AND ${isUnanswered}`);
  return (id, grantId) => answer.run(grantId, id).changes === 1;
}

interface DeviceRow {
  readonly id: number;
  readonly device_code_hash: Uint8Array;
  readonly user_code_hash: Uint8Array;
  readonly application_id: number;
  readonly family: DeviceRequest["family"];
  readonly scopes: string;
  readonly resources: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly is_declined: number;
  readonly grant_id: number | null;
}

function decodeDevice(row: DeviceRow | undefined): DeviceRequest | undefined {
  if (row === undefined) return undefined;
  const answer = row.grant_id === null ? "declined" : { grantId: row.grant_id };
  return {
    id: row.id,
    deviceCodeHash: row.device_code_hash,
    userCodeHash: row.user_code_hash,
    applicationId: row.application_id,
    family: row.family,
    scopes: parseList(row.scopes),
    resources: parseList(row.resources),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...((row.is_declined === 1 || row.grant_id !== null) && { answer }),
  };
}
