import { expect } from "vitest";
import * as approve from "../../src/decide/approve.ts";
import { challengePrefixOf } from "../../src/tokens/challenge.ts";
import { accessProofOf, codeHashOf, refreshProofOf, rowProofOf } from "../../src/tokens/proof.ts";
import { applicationOf, codeChallenge, codeSecret, consentOf, grantId, now, redirectUri } from "./facts.ts";
import { describeRules } from "./switched-off.ts";

type Decide = typeof approve;

const queryHash = new Uint8Array(32).fill(8);
const otherHash = new Uint8Array(32).fill(7);
const form = { queryHash, answeredBefore: 4 };

const facts: approve.ApprovalFacts = {
  user: { id: "u1", login: "ada", displayName: "Ada", epoch: 6, disabled: false, createdAt: now - 9 },
  application: applicationOf(),
  consent: consentOf(),
  scopes: ["write"],
  resources: ["https://photos.example"],
  redirectUri,
  registeredRedirectUri: "https://client.example.com/other",
  codeChallenge,
  form,
  keyId: 2,
  codeSecret,
  codeLifetimeSeconds: 60,
  now,
};

const on = ({ decideApproval }: Decide, changes: Partial<approve.ApprovalFacts> = {}) =>
  decideApproval({ ...facts, ...changes });
const grantOn = (decide: Decide, changes: Partial<approve.ApprovalFacts> = {}) => on(decide, changes).grant(grantId);

describeRules<Decide>("approve.ts", approve, [
  {
    rule: "a form that nobody answered before is not answered already",
    off: ["consent?.answeredQueryHash !== undefined &&", "consent?.answeredQueryHash === undefined ||"],
    holds: ({ isAnsweredAlready }) => {
      expect(isAnsweredAlready({ queryHash, answeredBefore: 3 }, consentOf())).toBe(true);
      expect(isAnsweredAlready(form, undefined)).toBe(false);
    },
  },
  {
    rule: "a form drawn after the last answer may be answered",
    off: ["form.answeredBefore < consent.answered &&", ""],
    holds: ({ isAnsweredAlready }) => {
      expect(isAnsweredAlready(form, consentOf())).toBe(false);
    },
  },
  {
    rule: "a form of another request may be answered",
    off: ["Buffer.from(form.queryHash).equals(consent.answeredQueryHash)", "true"],
    holds: ({ isAnsweredAlready }) => {
      expect(isAnsweredAlready({ queryHash: otherHash, answeredBefore: 3 }, consentOf())).toBe(false);
    },
  },
  {
    rule: "it is applied only while the user's epoch stands",
    off: ["userEpoch: user.epoch", "userEpoch: 0"],
    holds: (decide) => {
      expect(on(decide)).toMatchObject({ userEpoch: 6 });
    },
  },
  {
    rule: "it is applied only while the application's epoch stands",
    off: ["applicationEpoch: application.epoch", "applicationEpoch: 0"],
    holds: (decide) => {
      expect(on(decide)).toMatchObject({ applicationEpoch: 2 });
    },
  },
  {
    rule: "it is applied only while the consent's epoch stands",
    off: ["consentEpoch: consent?.epoch ?? 0", "consentEpoch: 0"],
    holds: (decide) => {
      expect(on(decide)).toMatchObject({ consentEpoch: 1 });
    },
  },
  {
    rule: "it is applied only while nobody answered meanwhile",
    off: ["consentAnswered: consent?.answered ?? 0", "consentAnswered: 0"],
    holds: (decide) => {
      expect(on(decide)).toMatchObject({ consentAnswered: 4 });
    },
  },
  {
    rule: "a device's approval answers its request",
    off: ["approval.deviceRequestId = facts.deviceRequestId", ""],
    holds: (decide) => {
      expect(on(decide, { deviceRequestId: 12 })).toMatchObject({ deviceRequestId: 12 });
    },
  },
  {
    rule: "without a page nothing is remembered",
    off: ["form !== undefined", "true"],
    holds: (decide) => {
      const { form: _, ...withoutForm } = facts;
      expect(decide.decideApproval(withoutForm)).not.toHaveProperty("remember");
    },
  },
  {
    rule: "what was approved is added to what was approved before",
    off: ["scopes: union(before?.scopes, scopes)", "scopes"],
    holds: (decide) => {
      expect(on(decide).remember?.scopes).toEqual(["read", "write"]);
    },
  },
  {
    rule: "so are resources",
    off: ["resources: union(before?.resources, resources)", "resources"],
    holds: (decide) => {
      expect(on(decide).remember?.resources).toEqual(["https://api.example", "https://photos.example"]);
    },
  },
  {
    rule: "so is the redirect URI that was shown",
    off: ["registeredRedirectUri === undefined ? [] : [registeredRedirectUri]", "[]"],
    holds: (decide) => {
      expect(on(decide).remember?.redirectUris).toEqual([redirectUri, "https://client.example.com/other"]);
    },
  },
  {
    rule: "after a Disconnect nothing of before is remembered",
    off: ["consent?.since === undefined ? undefined : consent", "consent"],
    holds: (decide) => {
      const { since: _, ...disconnected } = consentOf();
      expect(on(decide, { consent: disconnected }).remember?.scopes).toEqual(["write"]);
    },
  },
  {
    rule: "an answered form is known by its query",
    off: ["answeredQueryHash: form.queryHash", "answeredQueryHash: new Uint8Array()"],
    holds: (decide) => {
      expect(on(decide).remember?.answeredQueryHash).toEqual(queryHash);
    },
  },
  {
    rule: "the row holds only the end of the proof chain",
    off: ["proof: rowProofOf(id, accessProof)", "proof: accessProof"],
    holds: (decide) => {
      const end = rowProofOf(grantId, accessProofOf(grantId, refreshProofOf(grantId, codeSecret)));
      expect(grantOn(decide).proof).toEqual(end);
    },
  },
  {
    rule: "the grant belongs to the consent's epoch",
    off: ["consentEpoch: facts.consent?.epoch ?? 0", "consentEpoch: 0"],
    holds: (decide) => {
      expect(grantOn(decide)).toMatchObject({ consentEpoch: 1 });
    },
  },
  {
    rule: "the grant belongs to the application's epoch",
    off: ["applicationEpoch: facts.application.epoch", "applicationEpoch: 0"],
    holds: (decide) => {
      expect(grantOn(decide)).toMatchObject({ applicationEpoch: 2 });
    },
  },
  {
    rule: "the code is bound to its redirect URI",
    off: [": { redirectUri, codeChallenge, failedTries: 0 }", ': { redirectUri: "", codeChallenge, failedTries: 0 }'],
    holds: (decide) => {
      expect(grantOn(decide).code).toEqual({ redirectUri, codeChallenge, failedTries: 0 });
    },
  },
  {
    rule: "the code is bound to its challenge",
    off: ["codeChallenge === undefined ?", "true ?"],
    holds: (decide) => {
      expect(grantOn(decide).code).toMatchObject({ codeChallenge });
    },
  },
  {
    rule: "a replay is known by the code's hash for the grant's life",
    off: ["codeHash: codeHashOf(id, facts.codeSecret)", "codeHash: new Uint8Array(12)"],
    holds: (decide) => {
      expect(grantOn(decide).codeHash).toEqual(codeHashOf(grantId, codeSecret));
    },
  },
  {
    rule: "and by the start of its challenge",
    off: ["challengePrefix: challengePrefixOf(facts.codeChallenge)", "challengePrefix: new Uint8Array()"],
    holds: (decide) => {
      expect(grantOn(decide).challengePrefix).toEqual(challengePrefixOf(codeChallenge));
    },
  },
  {
    rule: "a code that nobody exchanges dies after its lifetime",
    off: ["facts.now + facts.codeLifetimeSeconds", "facts.now + 86_400"],
    holds: (decide) => {
      expect(grantOn(decide)).toMatchObject({ expiresAt: now + 60, refreshExpiresAt: now + 60 });
    },
  },
]);
