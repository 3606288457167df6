import assert from "node:assert/strict";
import type { NewDeviceRequest } from "../store.ts";
import { assertCounts, assertSame, found, twenty } from "./assertions.ts";
import { approval, approve, bytes, grant, now, type Pair, pair } from "./samples.ts";
import { type StoreCase, storeCase } from "./store-case.ts";

export const deviceCases: readonly StoreCase[] = [
  storeCase("gives a device's request back as it was made, to the device and to its person", async (store) => {
    const between = await pair(store);
    const request = deviceRequest(between, 1, {
      family: "twitch",
      scopes: ["user:read:email", "channel_read"],
      resources: ["https://api.example/ü"],
    });
    assert.equal(await store.createDeviceRequest(request, { maximum: 1 }), "created");
    const kept = await findDevice(between, 1);
    assertSame(kept, { ...request, id: kept.id });
    assertSame(await store.findDeviceRequestByUserCode(userCodeHash(1), now), kept);
  }),

  storeCase("finds no request by another code, and none by the other kind of code", async (store) => {
    const between = await pair(store);
    await create(between, 1);
    for (const hash of [bytes(99, 32), userCodeHash(1)]) assert.equal(await store.findDeviceRequest(hash), undefined);
    for (const hash of [bytes(99, 32), deviceCodeHash(1)])
      assert.equal(await store.findDeviceRequestByUserCode(hash, now), undefined);
  }),

  storeCase(
    "an expired request is found by its device until the cleaner came, and not by its person",
    async (store) => {
      const between = await pair(store);
      await create(between, 1, { expiresAt: now + 60 });
      await create(between, 2, { expiresAt: now + 61 });
      assert.equal((await store.findDeviceRequestByUserCode(userCodeHash(1), now + 60)) === undefined, true);
      assert.equal((await store.findDeviceRequestByUserCode(userCodeHash(1), now + 59)) === undefined, false);
      await findDevice(between, 1);
      await store.cleanRest(now + 60, now);
      assert.equal(await store.findDeviceRequest(deviceCodeHash(1)), undefined);
      await findDevice(between, 2);
    },
  ),

  storeCase("an application has no more requests waiting than the maximum, each application its own", async (store) => {
    const [one, other] = [await pair(store), await pair(store, { clientId: "client2" })];
    for (const seed of [1, 2]) assert.equal(await create(one, seed), "created");
    assert.equal(await create(one, 3), "full");
    assert.equal(await store.findDeviceRequest(deviceCodeHash(3)), undefined);
    assert.equal(await create(other, 4), "created");
    assert.equal(await create(one, 5, { createdAt: now + 600, expiresAt: now + 1200 }), "created", "the first expired");
  }),

  storeCase("of twenty requests at once no more are made than the maximum", async (store) => {
    const between = await pair(store);
    assertCounts(await twenty((index) => create(between, index)), { created: 2, full: 18 });
  }),

  storeCase("a user code in use is taken, for every application, until it expired", async (store) => {
    const [one, other] = [await pair(store), await pair(store, { clientId: "client2" })];
    await create(one, 1);
    assert.equal(await create(other, 2, { userCodeHash: userCodeHash(1) }), "taken");
    await store.declineDeviceRequest((await findDevice(one, 1)).id);
    assert.equal(await create(other, 2, { userCodeHash: userCodeHash(1) }), "taken", "also once it was answered");
    const later = { createdAt: now + 600, expiresAt: now + 1200, userCodeHash: userCodeHash(1) };
    assert.equal(await create(other, 2, later), "created");
    const second = await findDevice(other, 2);
    assertSame(await store.findDeviceRequestByUserCode(userCodeHash(1), now + 600), second);
  }),

  storeCase("a request declined is answered, once and for good", async (store) => {
    const between = await pair(store);
    await create(between, 1);
    const { id } = await findDevice(between, 1);
    assertCounts(await twenty(() => store.declineDeviceRequest(id)), { declined: 1, answered: 19 });
    assert.equal((await findDevice(between, 1)).answer, "declined");
    assert.equal(await store.findDeviceRequestByUserCode(userCodeHash(1), now), undefined);
    assert.equal((await store.approve(await approval(between, { deviceRequestId: id }))).outcome, "changed");
    assert.equal(await store.declineDeviceRequest(id + 1), "answered", "one that is not there has nothing to decline");
  }),

  storeCase("a request approved names its grant, once and for good", async (store) => {
    const between = await pair(store);
    await create(between, 1);
    await create(between, 2);
    const { id } = await findDevice(between, 1);
    const { id: grantId } = await approve(between, { deviceRequestId: id });
    assert.deepEqual((await findDevice(between, 1)).answer, { grantId });
    assert.equal((await findDevice(between, 2)).answer, undefined);
    assert.equal(await store.findDeviceRequestByUserCode(userCodeHash(1), now), undefined);
    assert.equal(await store.declineDeviceRequest(id), "answered");
    assert.equal((await store.approve(await approval(between, { deviceRequestId: id }))).outcome, "changed");
    assert.deepEqual((await findDevice(between, 1)).answer, { grantId });
  }),

  storeCase(
    "of twenty approvals and denials of a device at once one counts, and one grant at most is made",
    async (store) => {
      const between = await pair(store);
      await approve(between);
      await create(between, 1);
      const { id } = await findDevice(between, 1);
      const decided = await approval(between, { deviceRequestId: id });
      const outcomes = await twenty(async (index) =>
        index % 2 === 0 ? (await store.approve(decided)).outcome : store.declineDeviceRequest(id),
      );
      assertCounts(
        outcomes.filter((outcome) => outcome === "approved" || outcome === "declined"),
        { [(await findDevice(between, 1)).answer === "declined" ? "declined" : "approved"]: 1 },
      );
    },
  ),

  storeCase("an approval that is refused answers no device, and one that fails neither", async (store) => {
    const between = await pair(store);
    await create(between, 1);
    const { id } = await findDevice(between, 1);
    const stale = await approval(between, { deviceRequestId: id, consentEpoch: 7 });
    assert.equal((await store.approve(stale)).outcome, "changed");
    const failing = await approval(between, {
      deviceRequestId: id,
      grant: () => {
        throw new RangeError("no");
      },
    });
    await assert.rejects(store.approve(failing), RangeError);
    assert.equal((await findDevice(between, 1)).answer, undefined);
    assert.equal(await store.findConsent(between.userId, between.application.id), undefined);
    assert.equal((await store.approve(await approval(between, { deviceRequestId: id }))).outcome, "approved");
  }),

  storeCase("a request removed is gone, and its id is not given again", async (store) => {
    const between = await pair(store);
    await create(between, 1);
    const { id } = await findDevice(between, 1);
    await store.removeDeviceRequest(id);
    await store.removeDeviceRequest(id);
    assert.equal(await store.findDeviceRequest(deviceCodeHash(1)), undefined);
    assert.equal(await create(between, 2), "created");
    assert.ok((await findDevice(between, 2)).id > id);
    const late = { ...(await approval(between, { deviceRequestId: id })), grant: () => grant() };
    assert.equal((await store.approve(late)).outcome, "changed");
  }),
];

const deviceCodeHash = (seed: number): Uint8Array => bytes(seed, 32);
const userCodeHash = (seed: number): Uint8Array => bytes(seed + 100, 16);

function deviceRequest({ application }: Pair, seed: number, change: Partial<NewDeviceRequest> = {}): NewDeviceRequest {
  return {
    deviceCodeHash: deviceCodeHash(seed),
    userCodeHash: userCodeHash(seed),
    applicationId: application.id,
    family: "rfc6749",
    scopes: [],
    resources: [],
    createdAt: now,
    expiresAt: now + 600,
    ...change,
  };
}

const create = (between: Pair, seed: number, change: Partial<NewDeviceRequest> = {}) =>
  between.store.createDeviceRequest(deviceRequest(between, seed, change), { maximum: 2 });

const findDevice = async ({ store }: Pair, seed: number) => found(await store.findDeviceRequest(deviceCodeHash(seed)));
