import assert from "node:assert/strict";
import { assertCounts, assertSame, found, twenty } from "./assertions.ts";
import { application, approve, approveAndRedeem, bytes, findGrant, now, pair, remember, user } from "./samples.ts";
import { reopenCase, storeCase } from "./store-case.ts";

const key = (id: number) => ({ id, checkValue: bytes(id, 16), createdAt: now });

export const keyAndByteCases = [
  storeCase("lists every key id ever given, ascending", async (store) => {
    assert.deepEqual(await store.listKeys(), []);
    for (const id of [2, 255, 1]) assert.equal(await store.addKey(key(id)), "added");
    assertSame(await store.listKeys(), [key(1), key(2), key(255)]);
  }),

  storeCase("gives no key id twice, also to twenty at once", async (store) => {
    const outcomes = await twenty((index) => store.addKey({ ...key(1), checkValue: bytes(index, 16) }));
    assertCounts(outcomes, { added: 1, taken: 19 });
    assertSame((await store.listKeys())[0]?.checkValue, bytes(outcomes.indexOf("added"), 16));
  }),

  storeCase("takes events, whole and bare", async (store) => {
    await store.recordEvent({ at: now, event: "sign-up" });
    const rest = { userId: "ada", applicationId: 7, requestId: "r1", detail: "ü 🌸" };
    await store.recordEvent({ at: now, event: "consent", ...rest });
    await store.cleanRest(now + 1, now + 1);
  }),

  storeCase("keeps every byte of a hash and a proof", async (store) => {
    const between = await pair(store);
    for (let first = 0; first < 256; first += 12) {
      const proof = Uint8Array.from({ length: 12 }, (_, index) => (first + index) % 256);
      const { id } = await approve(between, { newGrant: { proof, codeHash: proof.toReversed() } });
      const kept = await findGrant(store, id);
      assertSame([kept.proof, kept.codeHash], [proof, proof.toReversed()]);
    }
  }),

  storeCase("tells no bytes, bytes of zero and missing bytes apart", async (store) => {
    const between = await pair(store);
    for (const challengePrefix of [new Uint8Array(0), new Uint8Array(12)]) {
      const { id } = await approve(between, { newGrant: { challengePrefix } });
      assertSame((await findGrant(store, id)).challengePrefix, challengePrefix);
    }
  }),

  storeCase("never takes a text that goes on after a NUL for what stands before it", async (store) => {
    const between = await pair(store);
    await store.createUser(user({ login: "ada" }));
    await approve(between, { remember });
    assert.equal(await store.findApplication("client1\0x"), undefined);
    assert.equal(await store.findUserByLogin("ada\0x"), undefined);
    assert.equal(await store.findConsent("ada\0x", between.application.id), undefined);
    const end = { at: now, why: "disconnect" } as const;
    assert.equal(await store.endConsent("ada\0x", between.application.id, end), "unknown");
    await store.endUserGrants("ada\0x", end).catch(() => undefined);
    assert.equal(found(await store.findConsent("ada", between.application.id)).epoch, 0);
  }),

  storeCase("takes bytes that are a part of a larger buffer", async (store) => {
    const pool = Buffer.from(bytes(7, 64));
    await store.addKey({ ...key(1), checkValue: pool.subarray(20, 36) });
    assertSame((await store.listKeys())[0]?.checkValue, Uint8Array.from(pool.subarray(20, 36)));
  }),

  storeCase("keeps what it was given, whatever its caller does with it afterwards", async (store) => {
    const proof = bytes(4);
    const scopes = ["a", "b"];
    const { id } = await approve(await pair(store), { newGrant: { proof, scopes } });
    proof.fill(0);
    scopes.push("c");
    const kept = await findGrant(store, id);
    assertSame([kept.proof, kept.scopes], [bytes(4), ["a", "b"]]);
  }),

  storeCase("close waits for what is under way", async (store) => {
    const steps = [store.addKey(key(1)), store.createUser(user()), store.createApplication(application())];
    await store.close();
    assert.equal((await Promise.all(steps))[0], "added");
  }),

  reopenCase(
    "everything is there after a restart",
    async (store) => {
      const between = await pair(store);
      const grant = await approveAndRedeem(between, { remember });
      await store.createUser(user());
      await store.addKey(key(1));
      await store.endUserGrants("bob", { at: now, why: "operator" });
      return { grant, between, consent: await store.findConsent("ada", between.application.id) };
    },
    async (store, { grant, between, consent }) => {
      assertSame(await findGrant(store, grant.id), grant);
      assertSame(await store.findApplication("client1"), between.application);
      assertSame(await store.findConsent("ada", between.application.id), consent);
      assert.equal(found(await store.findUserByLogin("ADA")).displayName, "Ada");
      assertSame(await store.listKeys(), [key(1)]);
      const bob = { ...between, store, userId: "bob" };
      await approve(bob, { userEpoch: 1 });
    },
  ),

  reopenCase(
    "what was under way when it was closed is there after a restart",
    async (store) => {
      void store.addKey(key(1));
      return undefined;
    },
    async (store) => assertSame(await store.listKeys(), [key(1)]),
  ),

  reopenCase(
    "no id is given again after a restart",
    async (store) => {
      const between = await pair(store);
      const grant = await approveAndRedeem(between);
      await store.endGrant(grant.id, { at: now, why: "revoke" });
      const clean = { afterId: 0, limit: 100, now: now + 10 ** 9, removeEndedBefore: now + 10 ** 9 };
      await store.cleanGrants(clean);
      await store.cleanGrants(clean);
      await store.deleteApplication(between.application.id, now);
      return { grant, applicationId: between.application.id };
    },
    async (store, { grant, applicationId }) => {
      const between = await pair(store, { clientId: "client2" });
      assert.ok(between.application.id > applicationId);
      assert.ok((await approve(between)).id > grant.id);
    },
  ),

  reopenCase(
    "a reason that was not stamped before a restart is stamped after it",
    async (store) => {
      const between = await pair(store);
      await approveAndRedeem(between, { remember });
      await store.endConsent("ada", between.application.id, { at: now + 3, why: "disconnect" });
      return undefined;
    },
    async (store) => {
      await store.cleanRest(now + 10 ** 9, now + 10 ** 9);
      const { ended } = await store.cleanGrants({ afterId: 0, limit: 9, now: now + 9, removeEndedBefore: 0 });
      assert.deepEqual(
        ended.map(({ grant }) => grant.ended),
        [{ at: now + 3, why: "disconnect" }],
      );
    },
  ),
];
