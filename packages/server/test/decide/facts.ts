import { createHash } from "node:crypto";
import type { Application, Consent, Grant } from "@codegrant/server";
import { challengePrefixOf } from "../../src/tokens/challenge.ts";
import { accessProofOf, codeHashOf, refreshProofOf, rowProofOf } from "../../src/tokens/proof.ts";
import { type Token, type TokenKind, wholeResourceMask, wholeScopeMask } from "../../src/tokens/token.ts";

/** Records with everything in order, and one argument to change that. */

export const now = 1_800_000_000;
export const day = 86_400;
export const grantId = 7;
export const redirectUri = "https://client.example.com/cb";
export const codeVerifier = "v".repeat(43);
export const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
export const codeSecret = new Uint8Array(12).fill(1);
export const refreshProof = new Uint8Array(12).fill(2);
export const accessProof = accessProofOf(grantId, refreshProof);

export function applicationOf(changes: Partial<Application> = {}): Application {
  return {
    id: 3,
    clientId: "printer",
    name: "Printer",
    type: "confidential",
    redirectUris: [redirectUri],
    secrets: [],
    settings: {},
    disabled: false,
    epoch: 2,
    tokenEpoch: 9,
    createdAt: now - day,
    ...changes,
  };
}

export function consentOf(changes: Partial<Consent> = {}): Consent {
  return {
    id: 5,
    userId: "u1",
    applicationId: 3,
    scopes: ["read"],
    resources: ["https://api.example"],
    redirectUris: [redirectUri],
    since: now - day,
    answered: 4,
    answeredQueryHash: new Uint8Array(32).fill(8),
    epoch: 1,
    ...changes,
  };
}

/** In use: exchanged an hour ago, refreshed since. */
export function grantOf(changes: Partial<Grant> = {}): Grant {
  return {
    id: grantId,
    consentId: 5,
    scopes: ["read"],
    resources: [],
    keyId: 1,
    proof: rowProofOf(grantId, accessProof),
    consentEpoch: 1,
    applicationEpoch: 2,
    generation: 5,
    predecessor: 4,
    rotatedAt: now - 3_600,
    accessGeneration: 6,
    accessRevokedThrough: 2,
    codeHash: codeHashOf(grantId, codeSecret),
    challengePrefix: challengePrefixOf(codeChallenge),
    createdAt: now - 3_700,
    exchangedAt: now - 3_690,
    expiresAt: now + 89 * day,
    refreshExpiresAt: now + 89 * day,
    revision: 6,
    ...changes,
  };
}

/** Its code waits to be exchanged. */
export function waitingGrantOf(changes: Partial<Grant> = {}): Grant {
  const { exchangedAt: _, ...grant } = grantOf();
  return {
    ...grant,
    proof: rowProofOf(grantId, accessProofOf(grantId, refreshProofOf(grantId, codeSecret))),
    generation: 0,
    predecessor: 0,
    code: { redirectUri, codeChallenge, failedTries: 0 },
    createdAt: now - 10,
    expiresAt: now + 50,
    ...changes,
  };
}

const proofs: Readonly<Record<TokenKind, Uint8Array>> = {
  code: codeSecret,
  refresh: refreshProof,
  access: accessProof,
  application: new Uint8Array(12).fill(3),
};

export function tokenOf(kind: TokenKind, changes: Partial<Token> = {}): Token {
  return {
    kind,
    keyId: 1,
    grantId: kind === "application" ? 3 : grantId,
    generation: { code: 0, refresh: 5, access: 6, application: 9 }[kind],
    expiresAt: now + 3_600,
    scopeMask: wholeScopeMask,
    resourceMask: wholeResourceMask,
    proof: proofs[kind],
    ...changes,
  };
}

export const noProof = new Uint8Array(12).fill(99);
