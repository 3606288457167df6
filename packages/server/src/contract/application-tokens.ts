import assert from "node:assert/strict";
import type { ApplicationTokenRevocation, NewApplication, Store } from "../store.ts";
import { found, twenty } from "./assertions.ts";
import { application, bytes, now } from "./samples.ts";
import { type StoreCase, storeCase } from "./store-case.ts";

const page = "https://page.example";

export const applicationTokenCases: readonly StoreCase[] = [
  storeCase("lists the resources of enabled resource servers, each once", async (store) => {
    assert.deepEqual(await store.listResources(), []);
    const one = await register(store, 1, { settings: resourceServer("https://a.example/", "https://b.example/ü") });
    await register(store, 2, { settings: resourceServer("https://b.example/ü", "https://c.example/") });
    await register(store, 3, { settings: { resources: ["https://no-server.example/"] } });
    await register(store, 4, { settings: { resourceServer: false, resources: ["https://off.example/"] } });
    await register(store, 5, { settings: { resourceServer: true } });
    const all = ["https://a.example/", "https://b.example/ü", "https://c.example/"];
    assert.deepEqual(await listResources(store), all);
    await store.changeApplication(one, { disabled: true });
    assert.deepEqual(await listResources(store), all.slice(1));
    await store.changeApplication(one, { disabled: false });
    assert.deepEqual(await listResources(store), all);
    await store.deleteApplication(one, now);
    assert.deepEqual(await listResources(store), all.slice(1));
  }),

  storeCase("lists at most 200 resources", async (store) => {
    const resources = Array.from({ length: 150 }, (_, index) => `https://${index}.example/`);
    await register(store, 1, { settings: resourceServer(...resources) });
    await register(store, 2, { settings: resourceServer(...resources.map((uri) => `${uri}more`)) });
    assert.equal((await store.listResources()).length, 200);
  }),

  storeCase("knows the browser origins of enabled public applications, to the letter", async (store) => {
    assert.equal(await store.hasOrigin(page), false);
    await registerPublic(store, 1, "https://other.example", page);
    for (const origin of [page, "https://other.example"]) assert.equal(await store.hasOrigin(origin), true, origin);
    for (const origin of ["", "null", `${page}/`, `${page}:443`, "https://PAGE.example", "https://page.exampl"])
      assert.equal(await store.hasOrigin(origin), false, origin);
  }),

  storeCase("a confidential application's origins count for nothing", async (store) => {
    await register(store, 1, { settings: { origins: [page] } });
    assert.equal(await store.hasOrigin(page), false);
  }),

  storeCase("an origin goes and comes with the settings that list it", async (store) => {
    const id = await registerPublic(store, 1, page);
    await store.changeApplication(id, { settings: { origins: ["https://new.example"] } });
    assert.deepEqual([await store.hasOrigin(page), await store.hasOrigin("https://new.example")], [false, true]);
    await store.changeApplication(id, { settings: {} });
    assert.equal(await store.hasOrigin("https://new.example"), false);
    await store.changeApplication(id, { settings: { origins: [page, page] } });
    await store.changeApplication(id, { name: "Renamed" });
    assert.equal(await store.hasOrigin(page), true);
  }),

  storeCase("an origin rests while its application is disabled, and ends with it", async (store) => {
    const id = await registerPublic(store, 1, page);
    await store.changeApplication(id, { disabled: true });
    assert.equal(await store.hasOrigin(page), false);
    await store.changeApplication(id, { disabled: false });
    assert.equal(await store.hasOrigin(page), true);
    await store.deleteApplication(id, now);
    assert.equal(await store.hasOrigin(page), false);
  }),

  storeCase("an origin that two applications list is there until the last of them is gone", async (store) => {
    const ids = [await registerPublic(store, 1, page), await registerPublic(store, 2, page)] as const;
    await store.deleteApplication(ids[0], now);
    assert.equal(await store.hasOrigin(page), true);
    await store.changeApplication(ids[1], { settings: {} });
    assert.equal(await store.hasOrigin(page), false);
  }),

  storeCase("a revoked application token is known by application and serial, and no other", async (store) => {
    const one = await register(store, 1);
    const other = await register(store, 2);
    assert.equal(await store.isApplicationTokenRevoked(one, bytes(1)), false);
    await store.revokeApplicationToken(revocation(one, 1));
    assert.equal(await store.isApplicationTokenRevoked(one, bytes(1)), true);
    assert.equal(await store.isApplicationTokenRevoked(one, bytes(2)), false);
    assert.equal(await store.isApplicationTokenRevoked(other, bytes(1)), false);
  }),

  storeCase("revoking an application token again, or one of nobody, changes nothing", async (store) => {
    const id = await register(store, 1);
    await twenty(() => store.revokeApplicationToken(revocation(id, 1, { maximum: 1 })));
    await store.revokeApplicationToken(revocation(id + 1, 1, { maximum: 0 }));
    assert.equal(await tokenEpoch(store, id), 4_000_000_000);
    assert.equal(await store.isApplicationTokenRevoked(id, bytes(1)), true);
    assert.equal(await store.isApplicationTokenRevoked(id + 1, bytes(1)), false);
  }),

  storeCase("one revocation beyond the maximum ends every token of the application, and of no other", async (store) => {
    const id = await register(store, 1);
    const other = await register(store, 2);
    for (const seed of [1, 2, 3]) await store.revokeApplicationToken(revocation(id, seed, { maximum: 3 }));
    assert.equal(await tokenEpoch(store, id), 4_000_000_000);
    await store.revokeApplicationToken(revocation(id, 4, { maximum: 3 }));
    assert.equal(await tokenEpoch(store, id), 4_000_000_001);
    assert.equal(await tokenEpoch(store, other), 4_000_000_000);
    assert.equal(found(await store.findApplication("client1")).tokenEpoch, 4_000_000_001);
    for (const seed of [5, 6, 7]) await store.revokeApplicationToken(revocation(id, seed, { maximum: 3 }));
    assert.equal(await tokenEpoch(store, id), 4_000_000_001, "counting starts again");
  }),

  storeCase("the token epoch starts over after the last that 32 bits hold", async (store) => {
    const id = await register(store, 1, { tokenEpoch: 2 ** 32 - 1 });
    await store.revokeApplicationToken(revocation(id, 1, { maximum: 0 }));
    assert.equal(await tokenEpoch(store, id), 0);
  }),

  storeCase("revoked tokens that expired no longer count, and the cleaner removes them", async (store) => {
    const id = await register(store, 1);
    for (const seed of [1, 2]) await store.revokeApplicationToken(revocation(id, seed, { maximum: 2 }));
    const late = { now: now + 60, expiresAt: now + 120, maximum: 2 };
    for (const seed of [3, 4]) await store.revokeApplicationToken(revocation(id, seed, late));
    assert.equal(await tokenEpoch(store, id), 4_000_000_000);
    await store.cleanRest(now + 119, now);
    assert.equal(await store.isApplicationTokenRevoked(id, bytes(3)), true);
    await store.cleanRest(now + 120, now);
    for (const seed of [1, 2, 3, 4]) assert.equal(await store.isApplicationTokenRevoked(id, bytes(seed)), false);
  }),
];

const resourceServer = (...resources: readonly string[]) => ({ resourceServer: true, resources });

const listResources = async (store: Store): Promise<readonly string[]> => (await store.listResources()).toSorted();

async function register(store: Store, index: number, change: Partial<NewApplication> = {}): Promise<number> {
  return (await store.createApplication(application({ clientId: `client${index}`, ...change }))).id;
}

const registerPublic = (store: Store, index: number, ...origins: readonly string[]): Promise<number> =>
  register(store, index, { type: "public", secrets: [], settings: { origins } });

const tokenEpoch = async (store: Store, id: number): Promise<number> =>
  found(await store.findApplicationById(id)).tokenEpoch;

function revocation(
  applicationId: number,
  seed: number,
  change: Partial<ApplicationTokenRevocation> = {},
): ApplicationTokenRevocation {
  return { applicationId, serial: bytes(seed), expiresAt: now + 60, now, maximum: 1_000, ...change };
}
