import { expect } from "vitest";
import * as refresh from "../../src/decide/refresh.ts";
import { applicationOf, consentOf, day, grantOf, noProof, now, refreshProof, tokenOf } from "./facts.ts";
import { describeRules, refusalOf } from "./switched-off.ts";

type Decide = typeof refresh;
type Facts = refresh.RefreshFacts;

function factsOf(changes: Partial<Facts> = {}): Facts {
  return {
    token: tokenOf("refresh"),
    found: { grant: grantOf(), consent: consentOf() },
    application: applicationOf(),
    rotates: true,
    windows: { retrySeconds: 30, lateSeconds: 90 * day },
    now,
    ...changes,
  };
}

const predecessor = { token: tokenOf("refresh", { generation: 4 }) };
const stale = { token: tokenOf("refresh", { generation: 3 }) };
const ahead = { token: tokenOf("refresh", { generation: 8, expiresAt: now + 99 }) };
const rotatedBefore = (seconds: number) => ({
  found: { grant: grantOf({ rotatedAt: now - seconds }), consent: consentOf() },
});
const foundWith = (changes: Parameters<typeof grantOf>[0]) => ({
  found: { grant: grantOf(changes), consent: consentOf() },
});

const on = ({ decideRefresh }: Decide, changes: Partial<Facts> = {}) => decideRefresh(factsOf(changes));
const refusal = (decide: Decide, changes: Partial<Facts>): string => refusalOf(() => on(decide, changes));

describeRules("refresh.ts", refresh, [
  {
    rule: "only a refresh token refreshes",
    off: ['token?.kind !== "refresh"', "token === undefined"],
    holds: (decide) => {
      expect(refusal(decide, { token: tokenOf("access", { proof: refreshProof }) })).toMatch(/not a refresh token/);
    },
  },
  {
    rule: "a grant that is gone is refused",
    off: ['if (found === undefined) throw refused("no such grant");', "if (found === undefined) throw new Error();"],
    holds: (decide) => {
      expect(refusal(decide, { found: undefined })).toMatch(/no such grant/);
    },
  },
  {
    rule: "another application is refused",
    off: ["consent.applicationId !== application.id", "false"],
    holds: (decide) => {
      const { grant } = factsOf().found ?? { grant: grantOf() };
      const found = { grant, consent: consentOf({ applicationId: 4 }) };
      expect(refusal(decide, { found })).toMatch(/another application/);
    },
  },
  {
    rule: "the proof must fit the row",
    off: ["!isRefreshProofOf(grant, token.proof)", "false"],
    holds: (decide) => {
      expect(refusal(decide, { token: tokenOf("refresh", { proof: noProof }) })).toMatch(/proof/);
    },
  },
  {
    rule: "a grant that is over is refused",
    off: ["!isAlive({ grant, consent, application }, now)", "false"],
    holds: (decide) => {
      expect(refusal(decide, foundWith({ ended: { at: now, why: "revoke" } }))).toMatch(/ended/);
    },
  },
  {
    rule: "a token above the row, from before a restored backup, is good until its own expiry",
    off: ['if (presented > grant.generation && token.expiresAt <= now) throw refused("expired");', ""],
    holds: (decide) => {
      expect(refusal(decide, { token: { ...ahead.token, expiresAt: now } })).toMatch(/expired/);
    },
  },
  {
    rule: "a token above the row counts as current",
    off: ["presented >= grant.generation", "presented === grant.generation"],
    holds: (decide) => {
      expect(on(decide, ahead)).toMatchObject({ next: "rotate", generation: 9, predecessor: 8 });
    },
  },
  {
    rule: "the current token rotates",
    off: ["generation: presented + 1", "generation: presented"],
    holds: (decide) => {
      expect(on(decide)).toMatchObject({ next: "rotate", generation: 6, predecessor: 5 });
    },
  },
  {
    rule: "with rotation off the current token is prolonged",
    off: ["return rotates\n", "return true\n"],
    holds: (decide) => {
      expect(on(decide, { rotates: false })).toMatchObject({ next: "prolong", generation: 5 });
    },
  },
  {
    rule: "an older token than the predecessor is theft",
    off: ["presented !== grant.predecessor", "false"],
    holds: (decide) => {
      expect(on(decide, { ...stale, ...rotatedBefore(1) })).toMatchObject({ next: "end" });
    },
  },
  {
    rule: "with rotation off the predecessor is answered at any age",
    off: ["if (!rotates) return prolong(grant, token, now);", ""],
    holds: (decide) => {
      expect(on(decide, { ...predecessor, rotates: false })).toMatchObject({ next: "prolong", generation: 5 });
    },
  },
  {
    rule: "the predecessor within the retry window gets the current token again",
    off: ["ageSeconds <= windows.retrySeconds", "ageSeconds < windows.retrySeconds"],
    holds: (decide) => {
      expect(on(decide, { ...predecessor, ...rotatedBefore(30) })).toMatchObject({ next: "repeat" });
    },
  },
  {
    rule: "the predecessor after the retry window rotates once more and skips the lost one",
    off: ["ageSeconds <= windows.retrySeconds", "true"],
    holds: (decide) => {
      const decision = on(decide, { ...predecessor, ...rotatedBefore(31) });
      expect(decision).toMatchObject({ next: "rotate", generation: 6, predecessor: 4 });
    },
  },
  {
    rule: "a skipped token is older than its own predecessor",
    off: [
      "generation: grant.generation + 1, predecessor: presented",
      "generation: grant.generation, predecessor: presented",
    ],
    holds: (decide) => {
      expect(on(decide, predecessor)).toMatchObject({ generation: 6 });
    },
  },
  {
    rule: "a retry window of 0 answers no retry, not even in the same second",
    off: ["windows.retrySeconds > 0 && ", ""],
    holds: (decide) => {
      const windows = { retrySeconds: 0, lateSeconds: 0 };
      expect(on(decide, { ...predecessor, ...rotatedBefore(0), windows })).toMatchObject({ next: "end" });
    },
  },
  {
    rule: "a late window of 0 answers nobody late, not even in the same second",
    off: ["windows.lateSeconds > 0 && ", ""],
    holds: (decide) => {
      const windows = { retrySeconds: 0, lateSeconds: 0 };
      expect(on(decide, { ...predecessor, ...rotatedBefore(0), windows })).toMatchObject({ next: "end" });
    },
  },
  {
    rule: "the predecessor after the late window is theft",
    off: ["ageSeconds <= windows.lateSeconds", "true"],
    holds: (decide) => {
      const windows = { retrySeconds: 30, lateSeconds: 3_599 };
      expect(on(decide, { ...predecessor, windows })).toMatchObject({ next: "end" });
    },
  },
  {
    rule: "an application that asked for it is told of a reuse, and its grant lives",
    off: ['settings.onReuse === "refuse"', "false"],
    holds: (decide) => {
      expect(refusal(decide, { ...stale, application: applicationOf({ settings: { onReuse: "refuse" } }) })).toMatch(
        /old/,
      );
    },
  },
  {
    rule: "a public application's grant ends at a reuse, whatever it asked for",
    off: ['type === "confidential" && ', ""],
    holds: (decide) => {
      const application = applicationOf({ type: "public", settings: { onReuse: "refuse" } });
      expect(on(decide, { ...stale, application })).toMatchObject({ next: "end" });
    },
  },
  {
    rule: "with rotation off any number of workers write once a second",
    off: ["grant.rotatedAt === now", "false"],
    holds: (decide) => {
      expect(on(decide, { rotates: false, ...rotatedBefore(0) })).toMatchObject({ next: "repeat" });
    },
  },
  {
    rule: "with rotation off a token above the row is written down, even in the same second",
    off: ["!isAbove && ", ""],
    holds: (decide) => {
      expect(on(decide, { ...ahead, rotates: false, ...rotatedBefore(0) })).toMatchObject({ next: "prolong" });
    },
  },
  {
    rule: "with rotation off a token above the row becomes the row's",
    off: ["isAbove ? token.generation : grant.generation", "grant.generation"],
    holds: (decide) => {
      expect(on(decide, { ...ahead, rotates: false })).toMatchObject({ generation: 8 });
    },
  },
  {
    rule: "and keeps its own expiry",
    off: ["isAbove ? token.expiresAt : grant.refreshExpiresAt", "grant.refreshExpiresAt"],
    holds: (decide) => {
      expect(on(decide, { ...ahead, rotates: false })).toMatchObject({ refreshExpiresAt: now + 99 });
    },
  },
]);
