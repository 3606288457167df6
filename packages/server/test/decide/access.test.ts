import { expect } from "vitest";
import * as access from "../../src/decide/access.ts";
import * as applicationToken from "../../src/decide/application-token.ts";
import * as liveness from "../../src/decide/liveness.ts";
import type { Application, Consent, Grant } from "../../src/records.ts";
import type { Token } from "../../src/tokens/token.ts";
import { accessProof, applicationOf, consentOf, grantOf, noProof, now, refreshProof, tokenOf } from "./facts.ts";
import { describeRules } from "./switched-off.ts";

interface Changes {
  readonly token?: Partial<Token>;
  readonly grant?: Partial<Grant>;
  readonly consent?: Partial<Consent>;
  readonly application?: Partial<Application>;
}

type Access = typeof access;

function isAccess({ isAccessTokenActive }: Access, { token, grant, consent, application }: Changes): boolean {
  const facts = { grant: grantOf(grant), consent: consentOf(consent) };
  return isAccessTokenActive(tokenOf("access", token), facts, applicationOf(application), now);
}

function isRefresh({ isRefreshTokenActive }: Access, { token, grant, consent, application }: Changes): boolean {
  const facts = { grant: grantOf(grant), consent: consentOf(consent) };
  return isRefreshTokenActive(tokenOf("refresh", token), facts, applicationOf(application), now);
}

/** Good as it is, and no longer with the change. */
function expectOnlyWithout(isGood: (changes: Changes) => boolean, changes: Changes): void {
  expect(isGood({})).toBe(true);
  expect(isGood(changes)).toBe(false);
}

const ended: Changes = { grant: { ended: { at: now, why: "theft" } } };

describeRules<Access>("access.ts", access, [
  {
    rule: "a refresh token is no access token",
    off: ['token.kind === "access" &&', ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isAccess(decide, changes), { token: { kind: "refresh" } });
    },
  },
  {
    rule: "an access token needs its proof",
    off: ["isAccessProofOf(grant, token.proof) &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isAccess(decide, changes), { token: { proof: noProof } });
    },
  },
  {
    rule: "an access token ends with the second of its expiry",
    off: ["now < token.expiresAt &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isAccess(decide, changes), { token: { expiresAt: now } });
    },
  },
  {
    rule: "a revoked access token is dead, and its elders with it",
    off: ["token.generation > grant.accessRevokedThrough &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isAccess(decide, changes), { grant: { accessRevokedThrough: 6 } });
    },
  },
  {
    rule: "an access token rests while its application is disabled",
    off: ["accessRevokedThrough &&\n    !application.disabled &&", "accessRevokedThrough &&"],
    holds: (decide) => {
      expectOnlyWithout((changes) => isAccess(decide, changes), { application: { disabled: true } });
    },
  },
  {
    rule: "an access token ends with its grant",
    off: [
      "accessRevokedThrough &&\n    !application.disabled &&\n    isAlive({ grant, consent, application }, now)",
      "accessRevokedThrough &&\n    !application.disabled",
    ],
    holds: (decide) => {
      expectOnlyWithout((changes) => isAccess(decide, changes), ended);
    },
  },
  {
    rule: "an access token is no refresh token",
    off: ['token.kind === "refresh" &&', ""],
    holds: (decide) => {
      const changes: Changes = { token: { kind: "access", proof: refreshProof } };
      expectOnlyWithout((changed) => isRefresh(decide, changed), changes);
    },
  },
  {
    rule: "a refresh token needs its proof",
    off: ["isRefreshProofOf(grant, token.proof) &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isRefresh(decide, changes), { token: { proof: accessProof } });
    },
  },
  {
    rule: "only the current refresh token counts as active",
    off: ["token.generation >= grant.generation &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isRefresh(decide, changes), { token: { generation: 4 } });
    },
  },
  {
    rule: "a refresh token rests while its application is disabled",
    off: [
      "token.generation >= grant.generation &&\n    !application.disabled &&",
      "token.generation >= grant.generation &&",
    ],
    holds: (decide) => {
      expectOnlyWithout((changes) => isRefresh(decide, changes), { application: { disabled: true } });
    },
  },
  {
    rule: "a refresh token ends with its grant",
    off: [
      "grant.generation &&\n    !application.disabled &&\n    isAlive({ grant, consent, application }, now)",
      "grant.generation &&\n    !application.disabled",
    ],
    holds: (decide) => {
      expectOnlyWithout((changes) => isRefresh(decide, changes), ended);
    },
  },
]);

type Liveness = typeof liveness;

function lives({ isAlive }: Liveness, { grant, consent, application }: Changes): boolean {
  const facts = { grant: grantOf(grant), consent: consentOf(consent), application: applicationOf(application) };
  return isAlive(facts, now);
}

describeRules<Liveness>("liveness.ts", liveness, [
  {
    rule: "a grant that ended is over",
    off: ["grant.ended === undefined &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => lives(decide, changes), ended);
    },
  },
  {
    rule: "a Disconnect ends every grant of its consent",
    off: ["grant.consentEpoch === consent.epoch &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => lives(decide, changes), { consent: { epoch: 2 } });
    },
  },
  {
    rule: "a deleted application ends every grant made to it",
    off: ["grant.applicationEpoch === application.epoch &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => lives(decide, changes), { application: { epoch: 3 } });
    },
  },
  {
    rule: "a grant lives by its own consent only",
    off: ["grant.consentId === consent.id &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => lives(decide, changes), { consent: { id: 6 } });
    },
  },
  {
    rule: "a grant that was unused for its time is over",
    off: ["now < grant.expiresAt", "true"],
    holds: (decide) => {
      expectOnlyWithout((changes) => lives(decide, changes), { grant: { expiresAt: now } });
    },
  },
]);

type ApplicationToken = typeof applicationToken;

function isOwn({ isApplicationTokenActive }: ApplicationToken, { token, application }: Changes): boolean {
  return isApplicationTokenActive(tokenOf("application", token), applicationOf(application), now);
}

describeRules<ApplicationToken>("application-token.ts", applicationToken, [
  {
    rule: "a user's token is no application token",
    off: ['token.kind === "application" &&', ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isOwn(decide, changes), { token: { kind: "access" } });
    },
  },
  {
    rule: "an application token is its own application's",
    off: ["token.grantId === application.id &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isOwn(decide, changes), { application: { id: 4 } });
    },
  },
  {
    rule: "an application token of an earlier epoch is dead",
    off: ["token.generation === application.tokenEpoch &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isOwn(decide, changes), { application: { tokenEpoch: 10 } });
    },
  },
  {
    rule: "an application token ends with the second of its expiry",
    off: ["now < token.expiresAt &&", ""],
    holds: (decide) => {
      expectOnlyWithout((changes) => isOwn(decide, changes), { token: { expiresAt: now } });
    },
  },
  {
    rule: "an application token rests while its application is disabled",
    off: ["!application.disabled", "true"],
    holds: (decide) => {
      expectOnlyWithout((changes) => isOwn(decide, changes), { application: { disabled: true } });
    },
  },
]);
