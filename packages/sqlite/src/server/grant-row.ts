import type { EndReason, Grant, GrantFacts, NewGrant, WaitingCode } from "@codegrant/server";
import type { Connection } from "../connection.ts";
import type { Value } from "../statement.ts";
import { type ConsentRow, consentColumns, decodeConsent } from "./consents.ts";
import { formatList, parseList } from "./lists.ts";

/** Grant and consent by the grant's id, in one read: every refresh and every introspection asks this. */
export function prepareFindGrant({ prepareArrays }: Connection): (id: number) => GrantFacts | undefined {
  const find = prepareArrays<FactsRow>(
    `SELECT ${factsColumns} FROM grants g JOIN consents c ON c.id = g.consent_id WHERE g.id = ?`,
  );
  return (id) => {
    const row = find.get(id);
    return row && decodeFacts(row);
  };
}

/** A row may go on after these columns. */
export function decodeFacts(row: readonly [...FactsRow, ...unknown[]]): GrantFacts {
  // A rest pattern says the same, and costs a tenth of the whole read.
  return { grant: decodeGrant(row), consent: decodeConsent(row.slice(grantColumnCount) as unknown as ConsentRow) };
}

/** Writes a grant whose code waits. */
export function prepareInsertGrant({ prepare }: Connection): (id: number, consentId: number, grant: NewGrant) => void {
  const insert = prepare(`
    INSERT INTO grants (id, consent_id, scopes, resources, key_id, proofs, consent_epoch, application_epoch, generation,
      predecessor, rotated_at, access_generation, access_revoked_through, code, created_at, exchanged_at, expires_at,
      refresh_expires_at, ended_at, ended_why)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `);
  return (id, consentId, grant) => {
    insert.run(id, consentId, ...encodeGrant(grant));
  };
}

const grantColumns = `g.id, g.consent_id, g.scopes, g.resources, g.key_id, g.proofs, g.consent_epoch, g.application_epoch,
  g.generation, g.predecessor, g.rotated_at, g.access_generation, g.access_revoked_through, g.code, g.created_at,
  g.exchanged_at, g.expires_at, g.refresh_expires_at, g.ended_at, g.ended_why, g.revision`;

const grantColumnCount = 21;

/** In the order of `FactsRow`. */
export const factsColumns = `${grantColumns}, ${consentColumns}`;

export type FactsRow = readonly [...GrantRow, ...ConsentRow];

type GrantRow = readonly [
  id: number,
  consentId: number,
  scopes: string,
  resources: string,
  keyId: number,
  proofs: Uint8Array,
  consentEpoch: number,
  applicationEpoch: number,
  generation: number,
  predecessor: number,
  rotatedAt: number,
  accessGeneration: number,
  accessRevokedThrough: number,
  code: string | null,
  createdAt: number,
  exchangedAt: number | null,
  expiresAt: number,
  refreshExpiresAt: number | null,
  endedAt: number | null,
  endedWhy: EndReason | null,
  revision: number,
];

function decodeGrant(row: readonly [...GrantRow, ...unknown[]]): Grant {
  const [id, consentId, scopes, resources, keyId, proofs, consentEpoch, applicationEpoch, generation, predecessor] =
    row;
  const [, , , , , , , , , , rotatedAt, accessGeneration, accessRevokedThrough, code, createdAt, exchangedAt] = row;
  const [, , , , , , , , , , , , , , , , expiresAt, refreshExpiresAt, endedAt, endedWhy, revision] = row;
  const grant: { -readonly [Member in keyof Grant]: Grant[Member] } = {
    id,
    consentId,
    scopes: parseList(scopes),
    resources: parseList(resources),
    keyId,
    proof: proofs.subarray(0, proofBytes),
    consentEpoch,
    applicationEpoch,
    generation,
    predecessor,
    rotatedAt,
    accessGeneration,
    accessRevokedThrough,
    codeHash: proofs.subarray(proofBytes, 2 * proofBytes),
    challengePrefix: proofs.subarray(2 * proofBytes),
    createdAt,
    expiresAt,
    refreshExpiresAt: refreshExpiresAt ?? expiresAt,
    revision,
  };
  if (code !== null) grant.code = JSON.parse(code) as WaitingCode;
  if (exchangedAt !== null) grant.exchangedAt = exchangedAt;
  if (endedAt !== null && endedWhy !== null) grant.ended = { at: endedAt, why: endedWhy };
  return grant;
}

function encodeGrant(grant: NewGrant): readonly Value[] {
  return [
    formatList(grant.scopes),
    formatList(grant.resources),
    grant.keyId,
    joinProofs(grant),
    grant.consentEpoch,
    grant.applicationEpoch,
    grant.generation,
    grant.predecessor,
    grant.rotatedAt,
    grant.accessGeneration,
    grant.accessRevokedThrough,
    grant.code === undefined ? null : JSON.stringify(grant.code),
    grant.createdAt,
    grant.exchangedAt ?? null,
    grant.expiresAt,
    grant.refreshExpiresAt === grant.expiresAt ? null : grant.refreshExpiresAt,
    grant.ended?.at ?? null,
    grant.ended?.why ?? null,
  ];
}

const proofBytes = 12;

/** One column in place of three: reading bytes is the dearest part of reading a row. */
function joinProofs({ proof, codeHash, challengePrefix }: NewGrant): Uint8Array {
  const hasLengths = proof.length === proofBytes && codeHash.length === proofBytes;
  if (!hasLengths || (challengePrefix.length !== proofBytes && challengePrefix.length !== 0))
    throw new TypeError("A grant's proof, code hash and start of the challenge have 12 bytes each.");
  return Buffer.concat([proof, codeHash, challengePrefix]);
}
