import type { ClientStore } from "@codegrant/client";
import { clientStoreContract } from "@codegrant/client/contract";
import { describe, expect, it } from "vitest";
import { createWorkerStore } from "../src/worker-store.ts";
import { createStorage } from "./durable-storage.ts";

describe("the worker's store, over a stand-in for a durable object's storage", () => {
  const storages = new Map<ClientStore, ReturnType<typeof createStorage>>();
  const openOver = async (storage = createStorage()): Promise<ClientStore> => {
    const store = createWorkerStore(storage);
    storages.set(store, storage);
    return store;
  };
  const open = Object.assign(() => openOver(), { again: (store: ClientStore) => openOver(storages.get(store)) });
  it.each(clientStoreContract)("$name", async ({ run }) => {
    await expect(run(open)).resolves.toBeUndefined();
  });
});
