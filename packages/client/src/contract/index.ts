import { assertEqual, assertTrue } from "./assertions.ts";
import { type ClientStoreCase, recordKey, saved, sharedCase, storeCase } from "./store-case.ts";

export type { ClientStoreCase, OpenClientStore } from "./store-case.ts";

/**
 * What every store of connections promises, one case a promise. It needs no test runner and nothing of Node: a case
 * that is broken rejects.
 *
 * @example
 * import { createMemoryStore } from "@codegrant/client";
 * import { clientStoreContract } from "@codegrant/client/contract";
 * import { it } from "vitest";
 *
 * const open = async () => createMemoryStore(); // yours
 * it.each(clientStoreContract.filter(({ needsAgain }) => !needsAgain))("$name", ({ run }) => run(open));
 */
export const clientStoreContract: readonly ClientStoreCase[] = [
  storeCase("finds nothing before the first save", async (store) => {
    assertEqual(await store.find(recordKey()), undefined, "an empty store has no record");
    assertTrue(store.description !== "", "a store says where it keeps things");
  }),

  storeCase("finds what was saved, byte for byte, with its key and version", async (store) => {
    const value = JSON.stringify({ text: 'quotes " and \\ and \u0000 and 🌱 and \ud83c', long: "x".repeat(20_000) });
    const key = recordKey({ name: "user/…: 'odd' % name\n" });
    const version = await saved(store, key, value);
    assertEqual(await store.find(key), { key, version, value }, "a record is found as it was saved");
  }),

  storeCase("saves only over the version that was read", async (store) => {
    const key = recordKey();
    const first = await saved(store, key, "one");
    const second = await saved(store, key, "two", { ifVersion: first });
    assertTrue(first !== second, "each save has a version of its own");
    for (const ifVersion of [undefined, first, "never given"]) {
      assertEqual(await store.save(key, "three", { ifVersion }), { status: "changed" }, `${ifVersion} is not current`);
    }
    assertEqual((await store.find(key))?.value, "two", "a save that lost leaves no trace");
  }),

  storeCase("never gives a version twice, also after a removal", async (store) => {
    const key = recordKey();
    const first = await saved(store, key, "one");
    assertEqual(await store.remove(key, first), "removed", "a record at its version is removed");
    assertEqual(await store.find(key), undefined, "a removed record is gone");
    assertEqual(await store.save(key, "late", { ifVersion: first }), { status: "changed" }, "what is gone stays gone");
    const second = await saved(store, key, "two");
    assertTrue(second !== first, "a version is not given twice");
    assertEqual(await store.remove(key, first), "changed", "an old version removes nothing");
    assertEqual((await store.find(key))?.value, "two", "the new record is there");
  }),

  storeCase("of twenty saves at once over one version keeps exactly one", async (store) => {
    const key = recordKey();
    const version = await saved(store, key, "start");
    const tries = Array.from({ length: 20 }, (_, index) => store.save(key, `try ${index}`, { ifVersion: version }));
    const winners = (await Promise.all(tries)).flatMap(({ status }, index) => (status === "saved" ? [index] : []));
    assertEqual(winners.length, 1, "one save wins");
    assertEqual((await store.find(key))?.value, `try ${winners[0]}`, "and it is the winner's that is kept");
  }),

  storeCase("mixes no two providers, servers, clients, kinds or names", async (store) => {
    const keys = [
      recordKey(),
      recordKey({ provider: "other" }),
      recordKey({ server: "https://provider.example/other" }),
      recordKey({ clientId: "other" }),
      recordKey({ kind: "pending" }),
      recordKey({ name: "Default" }),
      recordKey({ provider: "example default", name: "" }),
    ];
    for (const [index, key] of keys.entries()) await saved(store, key, String(index));
    for (const [index, key] of keys.entries()) {
      assertEqual((await store.find(key))?.value, String(index), "each key has its own record");
    }
  }),

  storeCase("lists one owner's records by name, page by page", async (store) => {
    for (const name of ["b", "a", "d", "c"]) await saved(store, recordKey({ name }), name);
    await saved(store, recordKey({ name: "aa", clientId: "other" }), "foreign");
    const names = async (page: { after?: string; limit: number }): Promise<string[]> =>
      (await store.list(recordKey(), page)).map(({ key }) => key.name);
    assertEqual(await names({ limit: 10 }), ["a", "b", "c", "d"], "names ascend");
    assertEqual(await names({ limit: 2 }), ["a", "b"], "no page is longer than asked");
    assertEqual(await names({ after: "b", limit: 2 }), ["c", "d"], "a page goes on after the last name");
  }),

  storeCase("forgets what has expired and nothing else", async (store) => {
    await saved(store, recordKey({ name: "old" }), "old", { ifVersion: undefined, expiresAt: 1_000 });
    await saved(store, recordKey({ name: "new" }), "new", { ifVersion: undefined, expiresAt: 4_000_000_000 });
    await saved(store, recordKey({ name: "kept" }), "kept");
    await store.removeExpired(1_000);
    const names = (await store.list(recordKey(), { limit: 10 })).map(({ key }) => key.name);
    assertEqual(names, ["kept", "new"], "only the expired record is gone");
  }),

  sharedCase("is one place for every process that opens it", async (first, second) => {
    const key = recordKey();
    const version = await saved(first, key, "one");
    assertEqual(await second.find(key), { key, version, value: "one" }, "another process reads it");
    await saved(second, key, "two", { ifVersion: version });
    assertEqual(await first.save(key, "three", { ifVersion: version }), { status: "changed" }, "and its writes count");
    assertEqual((await first.find(key))?.value, "two", "at once");
  }),

  sharedCase("of forty saves from two processes over one version keeps exactly one", async (first, second) => {
    const key = recordKey();
    const version = await saved(first, key, "start");
    const tries = Array.from({ length: 40 }, (_, index) =>
      (index % 2 === 0 ? first : second).save(key, String(index), { ifVersion: version }),
    );
    const winners = (await Promise.all(tries)).filter(({ status }) => status === "saved");
    assertEqual(winners.length, 1, "one save wins");
  }),
];
