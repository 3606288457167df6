import type { Application, Consent, User, WaitingCode } from "../records.ts";
import type { Approval, NewGrant } from "../store.ts";
import { challengePrefixOf } from "../tokens/challenge.ts";
import { accessProofOf, codeHashOf, refreshProofOf, rowProofOf } from "../tokens/proof.ts";

export interface ApprovalFacts {
  readonly user: User;
  readonly application: Application;
  readonly consent: Consent | undefined;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly redirectUri: string;
  /** What the consent remembers; a device has none. */
  readonly registeredRedirectUri?: string;
  readonly codeChallenge: string | undefined;
  /** The form that was answered; absent when no page was needed. */
  readonly form?: AnsweredForm | undefined;
  readonly deviceRequestId?: number;
  readonly keyId: number;
  readonly codeSecret: Uint8Array;
  readonly codeLifetimeSeconds: number;
  readonly now: number;
}

export interface AnsweredForm {
  readonly queryHash: Uint8Array;
  /** How many forms the consent had seen answered when this one was drawn. */
  readonly answeredBefore: number;
}

/** A form drawn before the last answer to the same request is a double click, the back button or a second tab. */
export function isAnsweredAlready(form: AnsweredForm, consent: Consent | undefined): boolean {
  return (
    consent?.answeredQueryHash !== undefined &&
    form.answeredBefore < consent.answered &&
    Buffer.from(form.queryHash).equals(consent.answeredQueryHash)
  );
}

/** The step that an approval is. The store applies it only while everything loaded still stands. */
export function decideApproval(facts: ApprovalFacts): Approval {
  const { user, application, consent, form } = facts;
  const approval: { -readonly [Member in keyof Approval]: Approval[Member] } = {
    userId: user.id,
    applicationId: application.id,
    userEpoch: user.epoch,
    applicationEpoch: application.epoch,
    consentEpoch: consent?.epoch ?? 0,
    consentAnswered: consent?.answered ?? 0,
    at: facts.now,
    grant: (id) => draftGrant(id, facts),
  };
  if (facts.deviceRequestId !== undefined) approval.deviceRequestId = facts.deviceRequestId;
  if (form !== undefined) approval.remember = { ...rememberedOf(facts), answeredQueryHash: form.queryHash };
  return approval;
}

function rememberedOf({ consent, scopes, resources, registeredRedirectUri }: ApprovalFacts) {
  const before = consent?.since === undefined ? undefined : consent;
  return {
    scopes: union(before?.scopes, scopes),
    resources: union(before?.resources, resources),
    redirectUris: union(before?.redirectUris, registeredRedirectUri === undefined ? [] : [registeredRedirectUri]),
  };
}

function draftGrant(id: number, facts: ApprovalFacts): NewGrant {
  const accessProof = accessProofOf(id, refreshProofOf(id, facts.codeSecret));
  const expiresAt = facts.now + facts.codeLifetimeSeconds;
  return {
    scopes: facts.scopes,
    resources: facts.resources,
    keyId: facts.keyId,
    proof: rowProofOf(id, accessProof),
    consentEpoch: facts.consent?.epoch ?? 0,
    applicationEpoch: facts.application.epoch,
    generation: 0,
    predecessor: 0,
    rotatedAt: facts.now,
    accessGeneration: 0,
    accessRevokedThrough: 0,
    code: waitingCodeOf(facts),
    codeHash: codeHashOf(id, facts.codeSecret),
    challengePrefix: challengePrefixOf(facts.codeChallenge),
    createdAt: facts.now,
    expiresAt,
    refreshExpiresAt: expiresAt,
  };
}

function waitingCodeOf({ redirectUri, codeChallenge }: ApprovalFacts): WaitingCode {
  return codeChallenge === undefined ? { redirectUri, failedTries: 0 } : { redirectUri, codeChallenge, failedTries: 0 };
}

function union(before: readonly string[] | undefined, now: readonly string[]): readonly string[] {
  return [...new Set([...(before ?? []), ...now])];
}
