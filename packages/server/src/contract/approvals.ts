import assert from "node:assert/strict";
import type { ApprovalOutcome, Store } from "../store.ts";
import { assertCounts, assertRefused, assertSame, found, twenty } from "./assertions.ts";
import { approval, approve, approveAndRedeem, bytes, grant, now, type Pair, pair, remember } from "./samples.ts";
import { type StoreCase, storeCase } from "./store-case.ts";

export const approvalCases = [
  storeCase("an approval is a grant, kept as it was decided, with its consent beside it", async (store) => {
    const between = await pair(store);
    const decided = grant({
      scopes: ["chat:read", "a-b.c/d"],
      resources: ["https://api.example/x", "urn:x:y"],
      code: {
        redirectUri: "http://localhost/?a=ü b",
        codeChallenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        failedTries: 0,
      },
      challengePrefix: bytes(9),
    });
    const outcome = await store.approve(await approval(between, { remember, grant: () => decided }));
    assert.equal(outcome.outcome, "approved");
    const facts = found(await store.findGrant(outcome.outcome === "approved" ? outcome.grantId : 0));
    assertSame(facts.consent, await store.findConsent("ada", between.application.id));
    assertSame(facts.grant, { ...decided, id: facts.grant.id, consentId: facts.consent.id, revision: 0 });
  }),

  storeCase("the decision is told the id that its grant will have", async (store) => {
    const between = await pair(store);
    const told: number[] = [];
    const given: number[] = [];
    for (let index = 0; index < 3; index += 1) {
      const remembered = index === 0 ? { remember } : {};
      const decided = await approval(between, {
        ...remembered,
        grant: (id) => {
          told.push(id);
          return grant();
        },
      });
      const outcome = await store.approve(decided);
      if (outcome.outcome === "approved") given.push(outcome.grantId);
    }
    assert.deepEqual(told, given);
    assert.equal(new Set(given).size, 3);
  }),

  ...staleCases(),

  storeCase("an approval whose decision throws writes nothing", async (store) => {
    const between = await pair(store);
    const decided = await approval(between, {
      remember,
      grant: () => {
        throw new RangeError("no");
      },
    });
    await assertRefused(store.approve(decided));
    assert.equal(await store.findConsent("ada", between.application.id), undefined);
    assert.deepEqual((await walkAll(store)).ended, []);
  }),

  storeCase("one approval that throws does not take along those beside it", async (store) => {
    const between = await pair(store);
    const decided = await approval(between);
    const outcomes = await Promise.allSettled(
      [0, 1, 2, 3].map((index) =>
        store.approve({
          ...decided,
          grant: () => {
            if (index === 2) throw new RangeError("no");
            return grant();
          },
        }),
      ),
    );
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "fulfilled", "rejected", "fulfilled"],
    );
  }),

  storeCase("twenty approvals without a page at once are twenty grants of one consent", async (store) => {
    const between = await pair(store);
    const decided = await approval(between);
    const outcomes = await twenty(() => store.approve(decided));
    const ids = outcomes.map((outcome) => (outcome.outcome === "approved" ? outcome.grantId : 0));
    assert.equal(new Set(ids).size, 20);
    const consents = await Promise.all(ids.map(async (id) => found(await store.findGrant(id)).consent.id));
    assert.equal(new Set(consents).size, 1);
  }),

  storeCase("of twenty answers to one page at once one is taken", async (store) => {
    const between = await pair(store);
    const decided = await approval(between, { remember });
    const outcomes = await twenty(() => store.approve(decided));
    assertCounts(
      outcomes.map(({ outcome }) => outcome),
      { approved: 1, changed: 19 },
    );
    assert.equal(found(await store.findConsent("ada", between.application.id)).answered, 1);
  }),

  ...raceCases(),

  storeCase("ids of grants are never reused, whatever the cleaner removes", async (store) => {
    const between = await pair(store);
    const ids: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { id } = await approveAndRedeem(between);
      ids.push(id);
      await store.endGrant(id, { at: now, why: "revoke" });
      await store.cleanGrants({ afterId: 0, limit: 100, now: now + 10 ** 9, removeEndedBefore: now + 10 ** 9 });
    }
    assert.deepEqual(
      ids,
      [...new Set(ids)].toSorted((one, other) => one - other),
    );
  }),
];

/** Each takes one fact away after the approval was decided on it. */
function staleCases(): StoreCase[] {
  const changes: readonly [string, (between: Pair) => Promise<unknown>][] = [
    [
      "the consent was ended",
      ({ store, application }) => store.endConsent("ada", application.id, { at: now, why: "disconnect" }),
    ],
    ["the user's grants were ended", ({ store }) => store.endUserGrants("ada", { at: now, why: "user" })],
    ["the application was deleted", ({ store, application }) => store.deleteApplication(application.id, now)],
    ["another page was answered", (between) => approve(between, { remember })],
  ];
  return changes.map(([what, change]) =>
    storeCase(`an approval changes nothing when ${what} after it was decided`, async (store) => {
      const between = await pair(store);
      await approve(between, { remember });
      const decided = await approval(between, { remember });
      await change(between);
      const consent = await store.findConsent("ada", between.application.id);
      assert.deepEqual(await store.approve(decided), { outcome: "changed" });
      const { remember: _, ...withoutPage } = decided;
      assert.deepEqual(await store.approve(withoutPage), { outcome: "changed" });
      assertSame(await store.findConsent("ada", between.application.id), consent);
    }),
  );
}

/** Whichever comes first: once the ending has answered, nothing that was approved beside it is alive. */
function raceCases(): StoreCase[] {
  const endings: readonly [string, (between: Pair) => Promise<unknown>][] = [
    [
      "a Disconnect",
      ({ store, application }) => store.endConsent("ada", application.id, { at: now, why: "disconnect" }),
    ],
    ["the end of all the user's grants", ({ store }) => store.endUserGrants("ada", { at: now, why: "operator" })],
    ["the deletion of the application", ({ store, application }) => store.deleteApplication(application.id, now)],
  ];
  return endings.map(([what, end]) =>
    storeCase(`no approval that races ${what} lives on after it`, async (store) => {
      const between = await pair(store);
      await approve(between, { remember });
      const decided = await approval(between);
      const outcomes = await twenty((index) => (index === 10 ? endThen(end(between)) : store.approve(decided)));
      for (const outcome of outcomes) {
        if (outcome.outcome === "approved") assert.equal(await isLeftBehind(between, outcome.grantId), true);
      }
    }),
  );
}

async function endThen(ending: Promise<unknown>): Promise<ApprovalOutcome> {
  await ending;
  return { outcome: "changed" };
}

async function isLeftBehind({ store, application }: Pair, id: number): Promise<boolean> {
  const facts = found(await store.findGrant(id));
  const epoch = (await store.findApplicationById(application.id))?.epoch;
  return facts.grant.consentEpoch !== facts.consent.epoch || facts.grant.applicationEpoch !== epoch;
}

const walkAll = (store: Store) => store.cleanGrants({ afterId: 0, limit: 100, now, removeEndedBefore: 0 });
