import assert from "node:assert/strict";
import type { EndReason, Grant } from "../records.ts";
import type { GrantFacts, Store } from "../store.ts";
import { assertSame, found, twenty } from "./assertions.ts";
import {
  approval,
  approve,
  approveAndRedeem,
  exchange,
  findGrant,
  now,
  type Pair,
  pair,
  passwordChange,
  remember,
  rotation,
  user,
} from "./samples.ts";
import { type StoreCase, storeCase } from "./store-case.ts";

/** What an operator asks of all grants, and what ends many at once. */
export const operatorCases: readonly StoreCase[] = [
  storeCase("lists the grants that live, with their consents, by ascending id", async (store) => {
    const between = await pair(store);
    const living = await approveAndRedeem(between, { remember });
    const ended = await approveAndRedeem(between);
    await store.endGrant(ended.id, { at: now, why: "revoke" });
    const waiting = await approve(between, { newGrant: { expiresAt: now + 31 } });
    await approve(between, { newGrant: { expiresAt: now + 30 } });
    const listed = await store.listGrants({ now: now + 30, limit: 10 });
    assertSame(listed, [await store.findGrant(living.id), await store.findGrant(waiting.id)]);
  }),

  storeCase("lists no grant whose consent, user or application ended, stamped or not", async (store) => {
    const [disconnected, ofUser, ofApplication, stays] = await fourPairs(store);
    for (const one of [disconnected, ofUser, ofApplication]) await approveAndRedeem(one);
    const { id } = await approveAndRedeem(stays);
    await store.endConsent(disconnected.userId, disconnected.application.id, { at: now, why: "disconnect" });
    await store.endUserGrants(ofUser.userId, { at: now, why: "user" });
    await store.deleteApplication(ofApplication.application.id, now);
    assert.deepEqual(idsOf(await store.listGrants({ now, limit: 10 })), [id]);
    await clean(store);
    assert.deepEqual(idsOf(await store.listGrants({ now, limit: 10 })), [id]);
  }),

  storeCase("lists the grants of one user, of one application, and of both", async (store) => {
    const one = await pair(store, { userId: "host|42 ü" });
    const otherUser = { ...one, userId: "bob" };
    const otherApplication = { ...(await pair(store, { clientId: "client2" })), userId: one.userId };
    const ids: number[] = [];
    for (const between of [one, otherUser, otherApplication, one]) ids.push((await approveAndRedeem(between)).id);
    const [first, ofBob, ofOther, last] = ids;
    const {
      userId,
      application: { id: applicationId },
    } = one;
    assert.deepEqual(idsOf(await store.listGrants({ now, limit: 10, userId })), [first, ofOther, last]);
    assert.deepEqual(idsOf(await store.listGrants({ now, limit: 10, applicationId })), [first, ofBob, last]);
    assert.deepEqual(idsOf(await store.listGrants({ now, limit: 10, userId, applicationId })), [first, last]);
    assert.deepEqual(idsOf(await store.listGrants({ now, limit: 10, userId: "nobody" })), []);
  }),

  storeCase("lists grants page after page, at most 200 a page", async (store) => {
    const between = await pair(store);
    await approve(between);
    await twenty(async () => twentyMore(between));
    const first = await store.listGrants({ now, limit: 1_000 });
    const second = await store.listGrants({ now, limit: 1_000, afterId: found(first.at(-1)).grant.id });
    const third = await store.listGrants({ now, limit: 1_000, afterId: found(second.at(-1)).grant.id });
    assert.deepEqual([first.length, second.length, third.length], [200, 200, 1]);
    const ids = idsOf([...first, ...second, ...third]);
    assert.deepEqual(
      ids,
      [...new Set(ids)].toSorted((a, b) => a - b),
    );
    assert.equal((await store.listGrants({ now, limit: 3 })).length, 3);
    assert.equal((await store.listGrants({ now, limit: 0 })).length, 1, "a page has room for one");
  }),

  ...endedCases(),

  storeCase("a grant that ends and is over by its time too is told as what came first", async (store) => {
    const between = await pair(store);
    const redeemed = await approveAndRedeem(between, { remember });
    await store.endConsent("ada", between.application.id, { at: now + 20, why: "disconnect" });
    const after = { now: redeemed.expiresAt + 1, since: now, limit: 10 };
    const [listed] = await store.listEndedGrants(after);
    assert.deepEqual(found(listed).grant.ended, { at: now + 20, why: "disconnect" });
  }),

  storeCase(
    "a grant that nobody used in time has ended at its expiry, and a code never exchanged is no grant",
    async (store) => {
      const between = await pair(store);
      const { id, expiresAt } = await approveAndRedeem(between);
      await approve(between);
      assert.deepEqual(await store.listEndedGrants({ now: expiresAt - 1, since: now, limit: 10 }), []);
      const listed = await store.listEndedGrants({ now: expiresAt, since: now, limit: 10 });
      assert.deepEqual(endingsOf(listed), [[id, { at: expiresAt, why: "expiry" }]]);
    },
  ),

  storeCase("lists ended grants since then, by reason, user and application, page after page", async (store) => {
    const one = await pair(store);
    const other = { ...(await pair(store, { clientId: "client2" })), userId: "bob" };
    const early = await end(one, "theft", now + 10);
    const late = await end(one, "revoke", now + 20);
    const ofBob = await end(other, "theft", now + 20);
    const list = async (change: Partial<Parameters<Store["listEndedGrants"]>[0]>) =>
      idsOf(await store.listEndedGrants({ now: now + 30, since: 0, limit: 10, ...change }));
    assert.deepEqual(await list({}), [early, late, ofBob]);
    assert.deepEqual(await list({ since: now + 20 }), [late, ofBob]);
    assert.deepEqual(await list({ since: now + 21 }), []);
    assert.deepEqual(await list({ why: "theft" }), [early, ofBob]);
    assert.deepEqual(await list({ why: "theft", userId: "ada" }), [early]);
    assert.deepEqual(await list({ applicationId: other.application.id }), [ofBob]);
    assert.deepEqual(await list({ limit: 1 }), [early]);
    assert.deepEqual(await list({ limit: 2, afterId: early }), [late, ofBob]);
    assert.deepEqual(await list({ why: "theft", limit: 1, afterId: early }), [ofBob]);
  }),

  storeCase("tells a user what ended, newest first, each with its application", async (store) => {
    const created = await store.createUser(user());
    const userId = created === "taken" ? "" : created.id;
    const one = { ...(await pair(store)), userId };
    const other = { ...(await pair(store, { clientId: "client2" })), userId };
    const stranger = { ...one, userId: "bob" };
    for (const between of [one, other, stranger]) await approveAndRedeem(between, { remember });
    assert.deepEqual(await store.listEndings(userId, 0), []);
    await end(one, "theft", now + 1);
    await store.endConsent(userId, one.application.id, { at: now + 2, why: "disconnect" });
    await store.changePassword(userId, passwordChange({ at: now + 3, endGrants: true }));
    await store.deleteApplication(other.application.id, now + 4);
    const told = await store.listEndings(userId, 0);
    assert.deepEqual(reasonsOf(told.filter(({ why }) => why !== "password")), [
      [other.application.id, now + 4, "application"],
      [one.application.id, now + 2, "disconnect"],
      [one.application.id, now + 1, "theft"],
    ]);
    assert.equal(told[0]?.application.name, "Printer");
    assert.deepEqual(
      told.map(({ at }) => at),
      [now + 4, now + 3, now + 3, now + 2, now + 1],
    );
    assert.deepEqual(
      (await store.listEndings(userId, now + 3)).map(({ at }) => at),
      [now + 4, now + 3, now + 3],
    );
    assert.deepEqual(await store.listEndings("nobody", 0), []);
  }),

  storeCase("tells what ended also once the grant itself was removed", async (store) => {
    const between = await pair(store);
    await end(between, "theft", now + 1);
    await approve(between);
    await clean(store, { removeEndedBefore: now + 2 });
    assert.deepEqual(reasonsOf(await store.listEndings("ada", now)), [[between.application.id, now + 1, "theft"]]);
  }),

  storeCase("tells at most the 50 last endings", async (store) => {
    const between = await pair(store);
    for (let index = 1; index <= 52; index += 1) await end(between, "revoke", now + index);
    const told = await store.listEndings("ada", 0);
    assert.deepEqual([told.length, told[0]?.at, told.at(-1)?.at], [50, now + 52, now + 3]);
  }),

  storeCase("ending everything ends every grant, consent and application token, with its reason", async (store) => {
    const [one, other] = await fourPairs(store);
    const codes = [await approve(one, { remember }), await approve(other, { remember })];
    const redeemed = await approveAndRedeem(other, { remember });
    const tokenEpochs = await epochsOf(store);
    const decided = await approval(one);
    await store.endEverything({ at: now + 20, why: "operator" });
    assert.deepEqual(await store.listGrants({ now, limit: 10 }), []);
    assert.deepEqual(await store.listConsents(one.userId, { limit: 10 }), []);
    assert.deepEqual(
      await epochsOf(store),
      tokenEpochs.map((epoch) => (epoch + 1 + now + 20) % 2 ** 32),
    );
    assert.equal(found(await store.findConsent(one.userId, one.application.id)).epoch, 1);
    assert.equal((await store.approve(decided)).outcome, "changed");
    assert.deepEqual(reasonsOf(await store.listEndings(other.userId, 0)), [
      [other.application.id, now + 20, "operator"],
    ]);
    assert.deepEqual(
      endingsOf(await clean(store)),
      [...codes, redeemed].map(({ id }) => [id, { at: now + 20, why: "operator" }]),
    );
    for (const { id, revision } of codes) assert.equal(await store.redeemCode(id, revision, exchange()), "lost");
  }),

  storeCase("what is approved after everything ended lives, and its own ending is its reason", async (store) => {
    const between = await pair(store);
    const reasons: (EndReason | undefined)[] = [];
    await store.endEverything({ at: now, why: "operator" });
    for (const why of ["disconnect", "operator", "user"] as const) {
      await approveAndRedeem(between, { remember });
      assert.equal((await store.listGrants({ now, limit: 10 })).length, 1);
      if (why === "operator") await store.endEverything({ at: now + 1, why });
      else if (why === "user") await store.endUserGrants("ada", { at: now + 1, why });
      else await store.endConsent("ada", between.application.id, { at: now + 1, why });
      // The last one ends again what is over: the first ending after the approval stays its reason.
      await store.endEverything({ at: now + 2, why: "operator" });
      reasons.push(...(await clean(store)).map(({ grant }) => grant.ended?.why));
    }
    assert.deepEqual(reasons, ["disconnect", "operator", "user"]);
  }),

  storeCase("counts the living grants on each key", async (store) => {
    const between = await pair(store);
    assert.deepEqual(await store.countGrantsByKey(now), []);
    await approve(between, { newGrant: { keyId: 9 } });
    for (const keyId of [4, 2, 4]) await approveAndRedeem(between, {}, { keyId });
    await store.endGrant((await approveAndRedeem(between, {}, { keyId: 2 })).id, { at: now, why: "revoke" });
    const counts = [
      { keyId: 2, grants: 1 },
      { keyId: 4, grants: 2 },
    ];
    assert.deepEqual(await store.countGrantsByKey(now), [...counts, { keyId: 9, grants: 1 }]);
    assert.deepEqual(await store.countGrantsByKey(now + 60), counts, "the code has expired");
    await store.endConsent("ada", between.application.id, { at: now, why: "disconnect" });
    assert.deepEqual(await store.countGrantsByKey(now), []);
  }),

  storeCase("names each user with a living grant on a key once, up to the limit", async (store) => {
    const between = await pair(store);
    for (const userId of ["ada", "bob", "ada", "eve"]) await approveAndRedeem({ ...between, userId }, {}, { keyId: 5 });
    await approveAndRedeem({ ...between, userId: "zoe" }, {}, { keyId: 6 });
    await store.endUserGrants("bob", { at: now, why: "user" });
    assert.deepEqual((await store.listUsersOfKey(5, { now, limit: 10 })).toSorted(), ["ada", "eve"]);
    assert.equal((await store.listUsersOfKey(5, { now, limit: 1 })).length, 1);
    assert.deepEqual(await store.listUsersOfKey(5, { now: now + 10 ** 9, limit: 10 }), []);
  }),

  storeCase("ends the living grants of one key, each with its reason, and leaves the others", async (store) => {
    const between = await pair(store);
    const before = await approveAndRedeem(between, {}, { keyId: 5 });
    const waiting = await approve(between, { newGrant: { keyId: 5 } });
    const ended = await end(between, "theft", now, { keyId: 5 });
    const other = await approveAndRedeem(between, {}, { keyId: 6 });
    const ending = { at: now + 30, why: "key" } as const;
    assert.equal(await store.endGrantsOfKey(5, ending), 2);
    assert.equal(await store.endGrantsOfKey(5, ending), 0);
    assert.deepEqual((await findGrant(store, before.id)).ended, ending);
    assert.deepEqual((await findGrant(store, waiting.id)).ended, ending);
    assert.equal((await findGrant(store, ended)).ended?.why, "theft");
    assertSame(await findGrant(store, other.id), other);
    assert.equal(await store.rotate(before.id, before.revision, rotation()), "lost");
    const told = reasonsOf(await store.listEndings("ada", now + 30));
    assert.deepEqual(
      told,
      [1, 2].map(() => [between.application.id, now + 30, "key"]),
    );
  }),
];

/** Whatever ends grants is told in the same words before the cleaner came and after. */
function endedCases(): StoreCase[] {
  const at = now + 20;
  const ways: readonly [EndReason, (between: Pair, grant: Grant) => Promise<unknown>][] = [
    ["disconnect", ({ store, userId, application: { id } }) => store.endConsent(userId, id, { at, why: "disconnect" })],
    ["user", ({ store, userId }) => store.endUserGrants(userId, { at, why: "user" })],
    ["application", ({ store, application: { id } }) => store.deleteApplication(id, at)],
    ["theft", ({ store }, { id }) => store.endGrant(id, { at, why: "theft" })],
    ["key", ({ store }, { keyId }) => store.endGrantsOfKey(keyId, { at, why: "key" })],
    ["operator", ({ store }) => store.endEverything({ at, why: "operator" })],
  ];
  return ways.map(([why, endIt]) =>
    storeCase(`an ended grant is told with its reason, stamped or not: ${why}`, async (store) => {
      const between = await pair(store);
      const { id } = await approveAndRedeem(between, { remember });
      assert.deepEqual(await store.listEndedGrants({ now: now + 30, since: 0, limit: 10 }), []);
      await endIt(between, await findGrant(store, id));
      const before = await store.listEndedGrants({ now: now + 30, since: 0, limit: 10 });
      assert.deepEqual(endingsOf(before), [[id, { at, why }]]);
      assertSame(before[0]?.consent, await store.findConsent("ada", between.application.id));
      await clean(store);
      const after = await store.listEndedGrants({ now: now + 30, since: 0, limit: 10 });
      assertSame(after, [await store.findGrant(id)]);
      assert.deepEqual(endingsOf(after), endingsOf(before));
    }),
  );
}

async function fourPairs(store: Store): Promise<readonly [Pair, Pair, Pair, Pair]> {
  const make = (name: string): Promise<Pair> => pair(store, { userId: name, clientId: `of-${name}` });
  return [await make("ada"), await make("bob"), await make("eve"), await make("zoe")];
}

const twentyMore = (between: Pair) => twenty(async () => approve(between));

/** A grant that lived, and ended by itself. Returns its id. */
async function end(
  between: Pair,
  why: EndReason,
  at: number,
  exchanged: Parameters<typeof approveAndRedeem>[2] = {},
): Promise<number> {
  const { id } = await approveAndRedeem(between, {}, exchanged);
  await between.store.endGrant(id, { at, why });
  return id;
}

async function clean(store: Store, { removeEndedBefore = 0 } = {}): Promise<readonly GrantFacts[]> {
  const { ended } = await store.cleanGrants({ afterId: 0, limit: 100, now: now + 30, removeEndedBefore });
  return ended;
}

const epochsOf = async (store: Store): Promise<readonly number[]> =>
  (await store.listApplications({ limit: 10 })).map(({ tokenEpoch }) => tokenEpoch);

const idsOf = (listed: readonly GrantFacts[]): readonly number[] => listed.map(({ grant }) => grant.id);

const endingsOf = (listed: readonly GrantFacts[]) => listed.map(({ grant }) => [grant.id, grant.ended]);

const reasonsOf = (told: Awaited<ReturnType<Store["listEndings"]>>) =>
  told.map(({ application: { id }, at, why }) => [id, at, why]);
