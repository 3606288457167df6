import assert from "node:assert/strict";
import type { EndReason, Grant } from "../records.ts";
import type { CleanStep, Store } from "../store.ts";
import { assertSame, found, twenty } from "./assertions.ts";
import {
  approve,
  approveAndRedeem,
  bytes,
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

/** Any time at which no sample has expired. */
const soon = now + 30;
/** Any time at which every sample has. */
const muchLater = now + 10 ** 9;

export const cleanerCases = [
  ...reasonCases(),

  storeCase("stamps each ended grant once, and returns it as it then is", async (store) => {
    const between = await pair(store);
    const { id } = await approveAndRedeem(between, { remember });
    await disconnect(between, now + 11);
    const { ended, removed } = await walk(store);
    assert.deepEqual([ended.length, removed, ended[0]?.why], [1, 0, "disconnect"]);
    assertSame(ended[0]?.grant, await findGrant(store, id));
    assertSame(ended[0]?.consent, await store.findConsent("ada", between.application.id));
    assert.deepEqual(ended[0]?.grant.ended, { at: now + 11, why: "disconnect" });
    assert.deepEqual((await walk(store)).ended, []);
  }),

  storeCase("of twenty cleaners at once one tells of a grant", async (store) => {
    const between = await pair(store);
    await approveAndRedeem(between, { remember });
    await disconnect(between);
    const steps = await twenty(() => step(store, { removeEndedBefore: 0 }));
    assert.equal(steps.flatMap(({ ended }) => ended).length, 1);
  }),

  storeCase("leaves alone what is alive", async (store) => {
    const between = await pair(store);
    const idle = await approveAndRedeem(between);
    const waiting = await approve(between);
    assert.deepEqual(await walk(store, { now: soon, removeEndedBefore: muchLater }), { ended: [], removed: 0 });
    assertSame(await findGrant(store, idle.id), idle);
    assertSame(await findGrant(store, waiting.id), waiting);
    const lastDay = await walk(store, { now: idle.expiresAt - 1 });
    assert.deepEqual(lastDay.ended, [], "idle for long, but not for too long");
  }),

  storeCase("a grant that nobody used in time ends by expiry, at its expiry", async (store) => {
    const { id, expiresAt } = await approveAndRedeem(await pair(store));
    const { ended } = await walk(store, { now: expiresAt + 5000 });
    assert.deepEqual(
      ended.map(({ why }) => why),
      ["expiry"],
    );
    assert.deepEqual((await findGrant(store, id)).ended, { at: expiresAt, why: "expiry" });
  }),

  storeCase("of several endings the first that ended a grant is its reason", async (store) => {
    const between = await pair(store);
    const { application } = between;
    const grants: Grant[] = [];
    const again = async (userEpoch: number) => grants.push(await approveAndRedeem(between, { remember, userEpoch }));
    await again(0);
    await store.endUserGrants("ada", { at: now + 1, why: "user" });
    await again(1);
    await disconnect(between, now + 2);
    await again(1);
    await store.endUserGrants("ada", { at: now + 3, why: "operator" });
    await store.endUserGrants("ada", { at: now + 4, why: "password" });
    await again(3);
    await store.deleteApplication(application.id, now + 5);
    await store.endUserGrants("ada", { at: now + 6, why: "user" });
    const { ended } = await walk(store);
    assert.deepEqual(
      ended.map(({ grant }) => [grant.id, grant.ended]),
      grants.map(({ id }, index) => [
        id,
        [
          { at: now + 1, why: "user" },
          { at: now + 2, why: "disconnect" },
          { at: now + 3, why: "operator" },
          { at: now + 5, why: "application" },
        ][index],
      ]),
    );
  }),

  storeCase("the order of endings counts, not what the clock said", async (store) => {
    const between = await pair(store);
    await approveAndRedeem(between, { remember });
    await disconnect(between, now + 5000);
    await store.endUserGrants("ada", { at: now - 5000, why: "operator" });
    assert.deepEqual(
      (await walk(store)).ended.map(({ grant }) => grant.ended),
      [{ at: now + 5000, why: "disconnect" }],
    );
  }),

  storeCase("tells of nobody who was not cut off: other users, other applications, later approvals", async (store) => {
    const between = await pair(store);
    const { id } = await approveAndRedeem(between, { remember });
    await approveAndRedeem({ ...between, userId: "bob" }, { remember });
    await approveAndRedeem(await pair(store, { clientId: "client2" }), { remember });
    await disconnect(between);
    await approveAndRedeem(between, { remember });
    assert.deepEqual(
      (await walk(store)).ended.map(({ grant }) => grant.id),
      [id],
    );
  }),

  storeCase("what was ended by itself is told when it is ended, not by the cleaner", async (store) => {
    const { id } = await approveAndRedeem(await pair(store));
    await store.endGrant(id, { at: now, why: "theft" });
    assert.deepEqual((await walk(store)).ended, []);
    assert.deepEqual((await findGrant(store, id)).ended, { at: now, why: "theft" });
  }),

  storeCase(
    "what was ended for the cleaner to tell is told by one of twenty cleaners, and kept until then",
    async (store) => {
      const between = await pair(store);
      const one = await approveAndRedeem(between);
      const onKey = await approveAndRedeem(between, {}, { keyId: 5 });
      await approve(between);
      await store.endGrant(one.id, { at: now, why: "operator" }, { whoTells: "cleaner" });
      await store.endGrant(one.id, { at: now + 1, why: "operator" }, { whoTells: "cleaner" });
      await store.endGrantsOfKey(5, { at: now + 2, why: "key" });
      const eager = { removeEndedBefore: muchLater };
      const steps = await twenty(() => step(store, eager));
      assert.deepEqual(
        steps.flatMap(({ ended }) => ended).map(({ grant, why }) => [grant.id, grant.ended, why]),
        [
          [one.id, { at: now, why: "operator" }, "operator"],
          [onKey.id, { at: now + 2, why: "key" }, "key"],
        ],
      );
      assert.equal((steps[0]?.removed ?? 0) + (steps[1]?.removed ?? 0), 2, "removed by the step after");
    },
  ),

  storeCase("a walk in short steps tells of each that was left to it once", async (store) => {
    const between = await pair(store);
    const ids: number[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await approveAndRedeem(between)).id);
    for (const id of ids) await store.endGrant(id, { at: now, why: "operator" }, { whoTells: "cleaner" });
    assert.deepEqual(
      (await walk(store)).ended.map(({ grant }) => grant.id),
      ids,
    );
    assert.deepEqual((await walk(store)).ended, []);
  }),

  storeCase("removes a code that nobody exchanged once it expired, and tells nobody", async (store) => {
    const between = await pair(store);
    const waiting = await approve(between);
    const redeemed = await approveAndRedeem(between);
    assert.deepEqual(await walk(store, { now: now + 59 }), { ended: [], removed: 0 });
    assert.deepEqual(await walk(store, { now: now + 60 }), { ended: [], removed: 1 });
    assert.equal(await store.findGrant(waiting.id), undefined);
    assertSame(await findGrant(store, redeemed.id), redeemed);
  }),

  storeCase("removes an ended grant in a later step than the one that told of it", async (store) => {
    const between = await pair(store);
    const { id } = await approveAndRedeem(between, { remember });
    await disconnect(between, now + 5);
    await approve(between, { remember });
    const eager = { removeEndedBefore: muchLater };
    const first = await walk(store, eager);
    assert.deepEqual([first.ended.length, first.removed], [1, 0]);
    assert.equal((await walk(store, { removeEndedBefore: now + 5 })).removed, 0, "it ended no earlier than that");
    assert.equal((await walk(store, eager)).removed, 1);
    assert.equal(await store.findGrant(id), undefined);
  }),

  storeCase("the newest grant always stays, so that its id is not given again", async (store) => {
    const between = await pair(store);
    const first = await approveAndRedeem(between);
    const newest = await approve(between);
    await store.endGrant(first.id, { at: now, why: "revoke" });
    await walk(store, { now: muchLater, removeEndedBefore: muchLater });
    await walk(store, { now: muchLater, removeEndedBefore: muchLater });
    assert.equal(await store.findGrant(first.id), undefined);
    assert.equal((await findGrant(store, newest.id)).id, newest.id);
    const next = await approve(between);
    assert.ok(next.id > newest.id);
    assert.equal((await walk(store, { now: muchLater })).removed, 1, "and goes once it is not the newest");
  }),

  storeCase("walks by ascending id, step after step, and meets every grant once", async (store) => {
    const between = await pair(store);
    const ids: number[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await approveAndRedeem(between, { remember })).id);
    await disconnect(between);
    const told: number[][] = [];
    let afterId: number | undefined = 0;
    while (afterId !== undefined) {
      const { nextAfterId, ended } = await step(store, { afterId, limit: 2 });
      told.push(ended.map(({ grant }) => grant.id));
      afterId = nextAfterId;
    }
    assert.deepEqual(told.flat(), ids);
    assert.ok(told.every((some) => some.length <= 2));
  }),

  storeCase("a walk over nothing is through at once", async (store) => {
    const nothing = { nextAfterId: undefined, ended: [], removed: 0 };
    assert.deepEqual(await step(store, {}), nothing);
    await approveAndRedeem(await pair(store));
    assert.deepEqual(await step(store, { afterId: 2 ** 48 - 1 }), nothing);
  }),

  storeCase("a stamp makes a refresh that was decided before it decide again", async (store) => {
    const { id, revision } = await approveAndRedeem(await pair(store));
    await walk(store, { now: muchLater });
    assert.equal(await store.rotate(id, revision, rotation()), "lost");
  }),

  storeCase("no reason is forgotten before it is stamped, however old it is", async (store) => {
    const between = await pair(store);
    await approveAndRedeem(between, { remember });
    await approveAndRedeem(between, { remember });
    await disconnect(between, now + 7);
    await store.cleanRest(muchLater, muchLater);
    const { nextAfterId } = await step(store, { limit: 1 });
    await store.cleanRest(muchLater, muchLater);
    const { ended } = await step(store, { afterId: found(nextAfterId) });
    assert.deepEqual(
      ended.map(({ grant }) => grant.ended),
      [{ at: now + 7, why: "disconnect" }],
    );
  }),

  storeCase("a reason that is stamped may be forgotten, and later ones are still found", async (store) => {
    const between = await pair(store);
    const reasons: (EndReason | undefined)[] = [];
    for (const why of ["disconnect", "operator", "disconnect"] as const) {
      await approveAndRedeem(between, { remember });
      await store.endConsent("ada", between.application.id, { at: now, why });
      const { ended } = await walk(store);
      reasons.push(...ended.map((one) => one.why));
      await store.cleanRest(muchLater, muchLater);
    }
    assert.deepEqual(reasons, ["disconnect", "operator", "disconnect"]);
  }),

  storeCase("removes sessions and reset links that expired, and no others", async (store) => {
    const created = await store.createUser(user());
    const userId = created === "taken" ? "" : created.id;
    await store.createSession({ secretHash: bytes(1, 32), userId, createdAt: now, expiresAt: now + 60 });
    await store.createSession({ secretHash: bytes(2, 32), userId, createdAt: now, expiresAt: now + 61 });
    await store.createResetLink({ secretHash: bytes(3, 32), userId, expiresAt: now + 61 });
    await store.cleanRest(now + 60, now);
    assert.equal(await store.findSession(bytes(1, 32), now), undefined);
    assert.equal(found(await store.findSession(bytes(2, 32), now)).user.id, userId);
    assert.equal(found(await store.findResetLink(bytes(3, 32), now)).id, userId);
    await store.cleanRest(now + 61, now);
    assert.equal(await store.findResetLink(bytes(3, 32), now), undefined);
  }),
];

/** Whatever can end grants from outside, and what those who were cut off are told. */
function reasonCases(): StoreCase[] {
  const endings: readonly [EndReason, (between: Pair) => Promise<unknown>][] = [
    ["disconnect", (between) => disconnect(between, now + 20)],
    [
      "password",
      ({ store, userId }) => store.changePassword(userId, passwordChange({ at: now + 20, endGrants: true })),
    ],
    ["user", ({ store, userId }) => store.endUserGrants(userId, { at: now + 20, why: "user" })],
    ["operator", ({ store, userId }) => store.endUserGrants(userId, { at: now + 20, why: "operator" })],
    ["application", ({ store, application }) => store.deleteApplication(application.id, now + 20)],
  ];
  return endings.map(([why, end]) =>
    storeCase(`whoever was cut off is told the reason: ${why}`, async (store) => {
      const created = await store.createUser(user());
      const between = { ...(await pair(store)), userId: created === "taken" ? "" : created.id };
      const redeemed = await approveAndRedeem(between, { remember });
      const waiting = await approve(between, { remember });
      await end(between);
      const { ended } = await walk(store);
      const stamp = { at: now + 20, why };
      assert.deepEqual(
        ended.map(({ grant }) => [grant.id, grant.ended]),
        [redeemed, waiting].map(({ id }) => [id, stamp]),
      );
      assert.equal(await store.redeemCode(waiting.id, waiting.revision, exchange()), "lost");
    }),
  );
}

function disconnect({ store, userId, application }: Pair, at = now + 10): Promise<"ended" | "unknown"> {
  return store.endConsent(userId, application.id, { at, why: "disconnect" });
}

function step(store: Store, change: Partial<Parameters<Store["cleanGrants"]>[0]>): Promise<CleanStep> {
  return store.cleanGrants({ afterId: 0, limit: 100, now: soon, removeEndedBefore: 0, ...change });
}

/** A whole walk, in steps of three. */
async function walk(
  store: Store,
  change: { readonly now?: number; readonly removeEndedBefore?: number } = {},
): Promise<Pick<CleanStep, "ended" | "removed">> {
  const ended: CleanStep["ended"][number][] = [];
  let removed = 0;
  let afterId: number | undefined = 0;
  while (afterId !== undefined) {
    const done: CleanStep = await step(store, { afterId, limit: 3, ...change });
    ended.push(...done.ended);
    removed += done.removed;
    afterId = done.nextAfterId;
  }
  return { ended, removed };
}
