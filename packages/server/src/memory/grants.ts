import type { Consent, Grant } from "../records.ts";
import type { Approval, Store } from "../store.ts";
import { findConsentOf } from "./consents.ts";
import { keep, type Memory, nextId, writeEnding } from "./memory.ts";

type GrantSteps = Pick<
  Store,
  | "findGrant"
  | "approve"
  | "redeemCode"
  | "countFailedTry"
  | "rotate"
  | "revokeAccessTokens"
  | "endGrant"
  | "listKeys"
  | "addKey"
>;

export function grantSteps(memory: Memory): GrantSteps {
  const { consents, deviceRequests, grants, keys } = memory;

  /** Replaces the grant if it is still the one that was decided on. A grant that ended never changes again. */
  const change = (id: number, revision: number, changed: (grant: Grant) => Grant | undefined): boolean => {
    const grant = grants.get(id);
    const next = grant && grant.revision === revision && !grant.ended ? changed(grant) : undefined;
    if (next === undefined) return false;
    grants.set(id, keep({ ...next, revision: revision + 1 }));
    return true;
  };

  return {
    async findGrant(id) {
      const grant = grants.get(id);
      const consent = grant && consents.get(grant.consentId);
      return grant && consent && { grant, consent };
    },

    async approve(approval) {
      const consent = findConsentOf(memory, approval.userId, approval.applicationId);
      const device = approval.deviceRequestId === undefined ? undefined : deviceRequests.get(approval.deviceRequestId);
      if (approval.deviceRequestId !== undefined && (device === undefined || device.answer !== undefined))
        return { outcome: "changed" };
      if (!stillStands(memory, approval, consent)) return { outcome: "changed" };
      // May throw, so it comes before anything is written.
      const grant = approval.grant(memory.lastIds.grant + 1);
      const approved = keep(approvedConsent(consent?.id ?? nextId(memory, "consent"), approval, consent));
      consents.set(approved.id, approved);
      const id = nextId(memory, "grant");
      grants.set(id, keep({ ...grant, id, consentId: approved.id, revision: 0 }));
      if (device !== undefined) deviceRequests.set(device.id, keep({ ...device, answer: { grantId: id } }));
      return { outcome: "approved", grantId: id };
    },

    async redeemCode(id, revision, exchange) {
      const isRedeemed = change(id, revision, ({ code, ...grant }) => code && { ...grant, ...exchange });
      return isRedeemed ? "redeemed" : "lost";
    },

    async countFailedTry(id, revision) {
      const isCounted = change(
        id,
        revision,
        ({ code, ...grant }) => code && { ...grant, code: { ...code, failedTries: code.failedTries + 1 } },
      );
      return isCounted ? "counted" : "lost";
    },

    async rotate(id, revision, rotation) {
      return change(id, revision, (grant) => ({ ...grant, ...rotation })) ? "rotated" : "lost";
    },

    async revokeAccessTokens(id, throughGeneration) {
      const grant = grants.get(id);
      if (grant === undefined || grant.accessRevokedThrough >= throughGeneration) return;
      change(id, grant.revision, (current) => ({ ...current, accessRevokedThrough: throughGeneration }));
    },

    async endGrant(id, ending, { whoTells = "caller" } = {}) {
      const grant = grants.get(id);
      if (grant === undefined) return "unknown";
      if (isLeftBehind(memory, grant)) return "already";
      const isEnded = change(id, grant.revision, (current) => ({ ...current, ended: ending }));
      if (isEnded) writeEnding(memory, { grantId: id, consentId: grant.consentId }, grant.consentEpoch, ending);
      if (isEnded && whoTells === "cleaner") memory.untoldGrants.add(id);
      return isEnded ? "ended" : "already";
    },

    listKeys: async () => [...keys.values()].toSorted((one, other) => one.id - other.id),

    async addKey(key) {
      if (keys.has(key.id)) return "taken";
      keys.set(key.id, keep(key));
      return "added";
    },
  };
}

/** True once an epoch that the grant was made under was raised: then it is over, whatever the row says. */
export function isLeftBehind(memory: Memory, grant: Grant): boolean {
  const consent = memory.consents.get(grant.consentId);
  const application = consent && memory.applications.get(consent.applicationId);
  return consent?.epoch !== grant.consentEpoch || application?.epoch !== grant.applicationEpoch;
}

function stillStands(memory: Memory, approval: Approval, consent: Consent | undefined): boolean {
  const application = memory.applications.get(approval.applicationId);
  if (application === undefined || memory.deletedApplications.has(application.id)) return false;
  return (
    application.epoch === approval.applicationEpoch &&
    (memory.userEpochs.get(approval.userId) ?? 0) === approval.userEpoch &&
    (consent?.epoch ?? 0) === approval.consentEpoch &&
    (consent?.answered ?? 0) === approval.consentAnswered
  );
}

/** A page that was answered says what the consent holds; without one it stays as it is, and counts as living. */
function approvedConsent(id: number, approval: Approval, before: Consent | undefined): Consent {
  const { userId, applicationId, at, remember } = approval;
  const none = { id, userId, applicationId, scopes: [], resources: [], redirectUris: [], answered: 0, epoch: 0 };
  const consent: Consent = { ...none, ...before, since: before?.since ?? at };
  return remember === undefined ? consent : { ...consent, ...remember, answered: consent.answered + 1 };
}
