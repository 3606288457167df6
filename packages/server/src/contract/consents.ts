import assert from "node:assert/strict";
import { assertCounts, assertSame, found, twenty } from "./assertions.ts";
import { approval, approve, bytes, now, type Pair, pair, remember } from "./samples.ts";
import { storeCase } from "./store-case.ts";

export const consentCases = [
  storeCase("the first answered page makes the consent, as it was approved", async (store) => {
    const between = await pair(store, { userId: "host|42 ü" });
    assert.equal(await findConsent(between), undefined);
    const { consentId } = await approve(between, { remember, at: now + 7 });
    assertSame(await findConsent(between), {
      ...remember,
      id: consentId,
      userId: "host|42 ü",
      applicationId: between.application.id,
      since: now + 7,
      answered: 1,
      epoch: 0,
    });
  }),

  storeCase(
    "another answered page replaces what was remembered, counts itself, and keeps since when",
    async (store) => {
      const between = await pair(store);
      await approve(between, { remember, at: now });
      const before = found(await findConsent(between));
      const wider = { ...remember, scopes: ["a", "b", "c"], resources: [], answeredQueryHash: bytes(6, 32) };
      await approve(between, { remember: wider, at: now + 50 });
      assertSame(await findConsent(between), { ...before, ...wider, answered: 2 });
    },
  ),

  storeCase("an approval without a page leaves the consent as it was", async (store) => {
    const between = await pair(store);
    await approve(between, { remember });
    const before = await findConsent(between);
    await approve(between, { at: now + 50 });
    assertSame(await findConsent(between), before);
  }),

  storeCase("an approval that never needed a page makes a living consent that remembers nothing", async (store) => {
    const between = await pair(store);
    const { consentId } = await approve(between, { at: now + 3 });
    const consent = found(await findConsent(between));
    assert.deepEqual([consent.id, consent.since, consent.answered, consent.epoch], [consentId, now + 3, 0, 0]);
    assert.deepEqual([consent.scopes, consent.resources, consent.redirectUris], [[], [], []]);
    assert.equal("answeredQueryHash" in consent, false);
  }),

  storeCase(
    "ending a consent raises its epoch and forgets what was approved, but not which form was answered",
    async (store) => {
      const between = await pair(store);
      await approve(between, { remember });
      await store.noteConsentsUsed([{ consentId: found(await findConsent(between)).id, day: 19_700 }]);
      const before = found(await findConsent(between));
      assert.equal(await end(between), "ended");
      const { since: _, ...rest } = before;
      assertSame(await findConsent(between), { ...rest, scopes: [], resources: [], redirectUris: [], epoch: 1 });
    },
  ),

  storeCase("a consent that never was, or is over, is not ended", async (store) => {
    const between = await pair(store);
    assert.equal(await end(between), "unknown");
    await approve(between, { remember });
    await end(between);
    const after = await findConsent(between);
    assert.equal(await end(between), "unknown");
    assertSame(await findConsent(between), after);
  }),

  storeCase("of twenty presses of Disconnect at once one ends the consent", async (store) => {
    const between = await pair(store);
    await approve(between, { remember });
    assertCounts(await twenty(() => end(between)), { ended: 1, unknown: 19 });
    assert.equal(found(await findConsent(between)).epoch, 1);
  }),

  storeCase("approving again after a Disconnect revives the same consent at its new epoch", async (store) => {
    const between = await pair(store);
    const { consentId } = await approve(between, { remember, at: now });
    await end(between);
    await approve(between, { remember, at: now + 99 });
    const consent = found(await findConsent(between));
    assert.deepEqual([consent.id, consent.epoch, consent.answered, consent.since], [consentId, 1, 2, now + 99]);
    assert.equal(await end(between), "ended");
    await approve(between, { at: now + 200 });
    assert.equal(found(await findConsent(between)).since, now + 200, "also without a page");
  }),

  storeCase("ending one consent leaves the user's others and the application's others", async (store) => {
    const between = await pair(store);
    const otherUser = { ...between, userId: "bob" };
    const otherApplication = await pair(store, { clientId: "client2" });
    for (const one of [between, otherUser, otherApplication]) await approve(one, { remember });
    await end(between);
    assert.equal(found(await findConsent(otherUser)).epoch, 0);
    assert.equal(found(await findConsent(otherApplication)).epoch, 0);
  }),

  storeCase("ending a user's grants raises all of that user's consents and nobody else's", async (store) => {
    const between = await pair(store);
    const otherUser = { ...between, userId: "bob" };
    const otherApplication = await pair(store, { clientId: "client2" });
    for (const one of [between, otherUser, otherApplication]) await approve(one, { remember });
    await store.endUserGrants("ada", { at: now, why: "operator" });
    assert.deepEqual(await store.listConsents("ada", { limit: 10 }), []);
    assert.equal(found(await findConsent(between)).epoch, 1);
    assert.equal(found(await findConsent(otherApplication)).epoch, 1);
    assert.equal(found(await findConsent(otherUser)).epoch, 0);
    assert.equal((await store.listConsents("bob", { limit: 10 })).length, 1);
  }),

  storeCase("lists a user's living consents with their applications, by application id", async (store) => {
    const clientIds = ["client1", "client2", "client3", "client4"];
    const pairs = await Promise.all(clientIds.map((clientId) => pair(store, { clientId })));
    for (const one of pairs.toReversed()) await approve(one, { remember });
    await approve({ ...(pairs[0] as Pair), userId: "bob" }, { remember });
    await end(pairs[1] as Pair);
    await store.deleteApplication((pairs[2] as Pair).application.id, now);
    const listed = await store.listConsents("ada", { limit: 10 });
    assertSame(
      listed.map(({ application }) => application),
      [pairs[0]?.application, pairs[3]?.application],
    );
    assertSame(listed[0]?.consent, await findConsent(pairs[0] as Pair));
    const rest = await store.listConsents("ada", { limit: 10, afterId: found(listed[0]).application.id });
    assertSame(rest, listed.slice(1));
  }),

  storeCase("lists at most 200 consents a page", async (store) => {
    const clientIds = Array.from({ length: 202 }, (_, index) => `client${index}`);
    const pairs = await Promise.all(clientIds.map((clientId) => pair(store, { clientId })));
    await Promise.all(pairs.map((one) => approve(one)));
    const first = await store.listConsents("ada", { limit: 500 });
    const second = await store.listConsents("ada", { limit: 500, afterId: found(first.at(-1)).application.id });
    assert.deepEqual([first.length, second.length], [200, 2]);
  }),

  storeCase("keeps the latest day of use, whatever the order in which days are told", async (store) => {
    const between = await pair(store);
    const { consentId } = await approve(between);
    assert.equal("lastUsedDay" in found(await findConsent(between)), false);
    await store.noteConsentsUsed([
      { consentId, day: 19_800 },
      { consentId: consentId + 999, day: 19_800 },
    ]);
    await store.noteConsentsUsed([{ consentId, day: 19_799 }]);
    assert.equal(found(await findConsent(between)).lastUsedDay, 19_800);
    await store.noteConsentsUsed([{ consentId, day: 19_801 }]);
    await store.noteConsentsUsed([]);
    assert.equal(found(await findConsent(between)).lastUsedDay, 19_801);
  }),

  storeCase("a day of use changes nothing that an approval was decided on", async (store) => {
    const between = await pair(store);
    const { consentId } = await approve(between, { remember });
    const decided = await approval(between, { remember });
    await store.noteConsentsUsed([{ consentId, day: 19_800 }]);
    assert.equal((await store.approve(decided)).outcome, "approved");
  }),
];

const findConsent = ({ store, userId, application }: Pair) => store.findConsent(userId, application.id);

const end = ({ store, userId, application }: Pair) =>
  store.endConsent(userId, application.id, { at: now + 10, why: "disconnect" });
