import assert from "node:assert/strict";
import { assertCounts, assertSame, twenty } from "./assertions.ts";
import { approve, approveAndRedeem, bytes, exchange, findGrant, now, pair, remember, rotation } from "./samples.ts";
import { storeCase } from "./store-case.ts";

const revoked = { at: now + 9, why: "revoke" } as const;

export const grantCases = [
  storeCase("finds no grant by an id that it never gave", async (store) => {
    const { id } = await approve(await pair(store));
    for (const other of [0, -1, id + 1, 2 ** 32 + id, 2 ** 48 - 1])
      assert.equal(await store.findGrant(other), undefined);
  }),

  storeCase(
    "redeeming a code writes the exchange, forgets what the code needed, and keeps what knows a replay",
    async (store) => {
      const challengePrefix = bytes(8);
      const before = await approve(await pair(store), { newGrant: { challengePrefix } });
      assert.equal(await store.redeemCode(before.id, before.revision, exchange()), "redeemed");
      const { code: _, ...kept } = before;
      const after = await findGrant(store, before.id);
      assertSame(after, { ...kept, ...exchange(), revision: after.revision });
      assert.notEqual(after.revision, before.revision);
      assertSame([after.codeHash, after.challengePrefix], [before.codeHash, challengePrefix]);
    },
  ),

  storeCase("of twenty exchanges of one code at once exactly one redeems it", async (store) => {
    const { id, revision } = await approve(await pair(store));
    const outcomes = await twenty((index) => store.redeemCode(id, revision, exchange({ proof: bytes(index) })));
    assertCounts(outcomes, { redeemed: 1, lost: 19 });
    assertSame((await findGrant(store, id)).proof, bytes(outcomes.indexOf("redeemed")));
  }),

  storeCase("a code is redeemed once, also by one who knows the row as it is now", async (store) => {
    const between = await pair(store);
    const redeemed = await approveAndRedeem(between);
    assert.equal(await store.redeemCode(redeemed.id, redeemed.revision, exchange({ keyId: 9 })), "lost");
    assert.equal(await store.countFailedTry(redeemed.id, redeemed.revision), "lost");
    assertSame(await findGrant(store, redeemed.id), redeemed);
  }),

  storeCase("a step decided on an older row, or on none, is lost and changes nothing", async (store) => {
    const waiting = await approve(await pair(store));
    await store.countFailedTry(waiting.id, waiting.revision);
    const before = await findGrant(store, waiting.id);
    assert.equal(await store.redeemCode(waiting.id, waiting.revision, exchange()), "lost");
    assert.equal(await store.countFailedTry(waiting.id, waiting.revision), "lost");
    assert.equal(await store.rotate(waiting.id, waiting.revision, rotation()), "lost");
    assertSame(await findGrant(store, waiting.id), before);
    assert.equal(await store.redeemCode(waiting.id + 1, 0, exchange()), "lost");
    assert.equal(await store.countFailedTry(waiting.id + 1, 0), "lost");
    assert.equal(await store.rotate(waiting.id + 1, 0, rotation()), "lost");
  }),

  storeCase("counts wrong verifiers one by one, and keeps the rest of the code", async (store) => {
    const code = { redirectUri: 'https://x.example/ü?a="b"', codeChallenge: "c".repeat(43), failedTries: 0 };
    const { id } = await approve(await pair(store), { newGrant: { code } });
    for (const failedTries of [1, 2, 3, 4, 5]) {
      assert.equal(await store.countFailedTry(id, (await findGrant(store, id)).revision), "counted");
      assert.deepEqual((await findGrant(store, id)).code, { ...code, failedTries });
    }
  }),

  storeCase("of twenty wrong verifiers at once one is counted, so that the others decide again", async (store) => {
    const { id, revision } = await approve(await pair(store));
    assertCounts(await twenty(() => store.countFailedTry(id, revision)), { counted: 1, lost: 19 });
  }),

  storeCase("a guess and the exchange at once: one of them happens", async (store) => {
    const { id, revision } = await approve(await pair(store));
    const outcomes = await Promise.all([
      store.countFailedTry(id, revision),
      store.redeemCode(id, revision, exchange()),
    ]);
    assert.equal(outcomes.filter((outcome) => outcome === "lost").length, 1);
    const { code } = await findGrant(store, id);
    assert.equal(code?.failedTries, outcomes[0] === "counted" ? 1 : undefined);
  }),

  storeCase("a rotation writes what it gives and leaves the rest", async (store) => {
    const before = await approveAndRedeem(await pair(store));
    assert.equal(await store.rotate(before.id, before.revision, rotation()), "rotated");
    const after = await findGrant(store, before.id);
    assertSame(after, { ...before, ...rotation(), revision: after.revision });
    assert.notEqual(after.revision, before.revision);
  }),

  storeCase("keeps an expiry of the refresh token that differs from the row's", async (store) => {
    const { id, revision } = await approveAndRedeem(await pair(store), {}, { refreshExpiresAt: now + 7 });
    assert.equal((await findGrant(store, id)).refreshExpiresAt, now + 7);
    await store.rotate(id, revision, rotation({ expiresAt: now + 500, refreshExpiresAt: now + 400 }));
    const { expiresAt, refreshExpiresAt } = await findGrant(store, id);
    assert.deepEqual([expiresAt, refreshExpiresAt], [now + 500, now + 400]);
  }),

  storeCase("of twenty rotations at once exactly one happens", async (store) => {
    const { id, revision } = await approveAndRedeem(await pair(store));
    const outcomes = await twenty((index) => store.rotate(id, revision, rotation({ generation: 100 + index })));
    assertCounts(outcomes, { rotated: 1, lost: 19 });
    assert.equal((await findGrant(store, id)).generation, 100 + outcomes.indexOf("rotated"));
  }),

  storeCase("counters hold 32 bits and times hold centuries", async (store) => {
    const { id, revision } = await approveAndRedeem(await pair(store));
    const far = rotation({
      generation: 2 ** 32 - 1,
      predecessor: 2 ** 32 - 2,
      accessGeneration: 2 ** 32 - 1,
      rotatedAt: now + 10 ** 10,
      expiresAt: now + 10 ** 10 + 1,
      refreshExpiresAt: now + 10 ** 10 + 2,
      keyId: 255,
    });
    await store.rotate(id, revision, far);
    await store.revokeAccessTokens(id, 2 ** 32 - 1);
    const after = await findGrant(store, id);
    assertSame(after, { ...after, ...far, accessRevokedThrough: 2 ** 32 - 1 });
  }),

  storeCase("revoking access tokens only ever goes up, and leaves the grant alive", async (store) => {
    const { id } = await approveAndRedeem(await pair(store));
    for (const [through, expected] of [
      [3, 3],
      [2, 3],
      [3, 3],
      [5, 5],
      [0, 5],
    ] as const) {
      await store.revokeAccessTokens(id, through);
      assert.equal((await findGrant(store, id)).accessRevokedThrough, expected);
    }
    const { ended, generation } = await findGrant(store, id);
    assert.deepEqual([ended, generation], [undefined, 1]);
    await store.revokeAccessTokens(id + 1, 5);
  }),

  storeCase("a revocation of access tokens makes a refresh that was decided before it decide again", async (store) => {
    const { id, revision } = await approveAndRedeem(await pair(store));
    await store.revokeAccessTokens(id, 1);
    assert.equal(await store.rotate(id, revision, rotation()), "lost");
  }),

  storeCase("revoking what is revoked already disturbs no refresh", async (store) => {
    const { id } = await approveAndRedeem(await pair(store));
    await store.revokeAccessTokens(id, 4);
    const { revision } = await findGrant(store, id);
    await store.revokeAccessTokens(id, 4);
    assert.equal(await store.rotate(id, revision, rotation()), "rotated");
  }),

  storeCase("refreshes and revocations of access tokens at once: the highest revocation stands", async (store) => {
    const { id, revision } = await approveAndRedeem(await pair(store));
    await Promise.all([
      twenty((index) => store.rotate(id, revision, rotation({ accessGeneration: index }))),
      twenty((index) => store.revokeAccessTokens(id, index)),
    ]);
    assert.equal((await findGrant(store, id)).accessRevokedThrough, 19);
  }),

  storeCase("ending a grant says when and why, and the first reason stays", async (store) => {
    const { id } = await approveAndRedeem(await pair(store));
    assert.equal(await store.endGrant(id, { at: now + 9, why: "theft" }), "ended");
    assert.equal(await store.endGrant(id, { at: now + 8, why: "revoke" }), "already");
    assert.deepEqual((await findGrant(store, id)).ended, { at: now + 9, why: "theft" });
    assert.equal(await store.endGrant(id + 1, revoked), "unknown");
  }),

  storeCase("of twenty ends of a grant at once one ends it", async (store) => {
    const { id } = await approveAndRedeem(await pair(store));
    assertCounts(await twenty(() => store.endGrant(id, revoked)), { ended: 1, already: 19 });
  }),

  storeCase("a grant whose consent is over is over already, and keeps that reason", async (store) => {
    const between = await pair(store);
    const { id } = await approveAndRedeem(between, { remember });
    await store.endConsent("ada", between.application.id, { at: now + 5, why: "disconnect" });
    assert.equal(await store.endGrant(id, revoked), "already");
    assert.equal((await findGrant(store, id)).ended, undefined, "the cleaner writes the reason");
  }),

  storeCase("ending one grant leaves the others of its consent", async (store) => {
    const between = await pair(store);
    const one = await approveAndRedeem(between);
    const other = await approveAndRedeem(between);
    await store.endGrant(one.id, revoked);
    assertSame(await findGrant(store, other.id), other);
  }),

  storeCase("a grant that ended never changes again", async (store) => {
    const { id } = await approveAndRedeem(await pair(store));
    await store.endGrant(id, revoked);
    const ended = await findGrant(store, id);
    assert.equal(await store.rotate(id, ended.revision, rotation()), "lost");
    await store.revokeAccessTokens(id, 9);
    assertSame(await findGrant(store, id), ended);
  }),

  storeCase("a code whose grant ended is not redeemed", async (store) => {
    const { id } = await approve(await pair(store));
    await store.endGrant(id, revoked);
    const { revision } = await findGrant(store, id);
    assert.equal(await store.redeemCode(id, revision, exchange()), "lost");
    assert.equal(await store.countFailedTry(id, revision), "lost");
  }),

  storeCase("refreshes and the end of the grant at once: it has ended", async (store) => {
    const { id, revision } = await approveAndRedeem(await pair(store));
    const outcomes = await twenty<string>((index) =>
      index === 7 ? store.endGrant(id, revoked) : store.rotate(id, revision, rotation()),
    );
    assert.equal(outcomes[7], "ended");
    assert.deepEqual((await findGrant(store, id)).ended, revoked);
  }),

  storeCase("an exchange and the end of the grant at once: it has ended", async (store) => {
    const { id, revision } = await approve(await pair(store));
    await Promise.all([store.redeemCode(id, revision, exchange()), store.endGrant(id, revoked)]);
    assert.deepEqual((await findGrant(store, id)).ended, revoked);
  }),
];
