import { timingSafeEqual } from "node:crypto";
import { sha256 } from "./sha256.ts";

/**
 * The chain that ties tokens to their grant's row: code secret → refresh proof → access proof → row proof, each step a
 * hash. A token carries its own link and the row only the end, so an access token makes no refresh token, and a stolen
 * database, a stolen key, even both together, make no user's token. Every step hashes the grant id too, so no link fits
 * another row.
 */
export const proofBytes = 12;

export function refreshProofOf(grantId: number, codeSecret: Uint8Array): Buffer {
  return step("r", grantId, codeSecret);
}

export function accessProofOf(grantId: number, refreshProof: Uint8Array): Buffer {
  return step("a", grantId, refreshProof);
}

export function rowProofOf(grantId: number, accessProof: Uint8Array): Buffer {
  return step("w", grantId, accessProof);
}

/** Known to the row for the grant's life, so that a replayed code is recognised long after its secret was replaced. */
export function codeHashOf(grantId: number, codeSecret: Uint8Array): Buffer {
  return step("c", grantId, codeSecret);
}

export function isCodeSecretOf(
  row: { readonly id: number; readonly codeHash: Uint8Array },
  secret: Uint8Array,
): boolean {
  return timingSafeEqual(codeHashOf(row.id, secret), row.codeHash);
}

export function isRefreshProofOf(row: ProvenRow, refreshProof: Uint8Array): boolean {
  return isAccessProofOf(row, accessProofOf(row.id, refreshProof));
}

export function isAccessProofOf(row: ProvenRow, accessProof: Uint8Array): boolean {
  return timingSafeEqual(rowProofOf(row.id, accessProof), row.proof);
}

interface ProvenRow {
  readonly id: number;
  readonly proof: Uint8Array;
}

const input = Buffer.alloc(1 + 6 + proofBytes);

function step(label: string, grantId: number, secret: Uint8Array): Buffer {
  input.write(label, 0, "latin1");
  input.writeUIntBE(grantId, 1, 6);
  input.set(secret, 7);
  return sha256(input).subarray(0, proofBytes);
}
