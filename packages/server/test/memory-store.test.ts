import { storeContract } from "@codegrant/server/contract";
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../src/memory-store.ts";

describe("the memory store", () => {
  const kept = storeContract.filter(({ needsReopen }) => !needsReopen);

  it.each(kept)("$name", async ({ run }) => {
    await expect(run(async () => createMemoryStore())).resolves.toBeUndefined();
  });

  it("forgets: another one starts empty", async () => {
    await createMemoryStore().addKey({ id: 1, checkValue: new Uint8Array(16), createdAt: 1_700_000_000 });
    expect(await createMemoryStore().listKeys()).toEqual([]);
  });
});
