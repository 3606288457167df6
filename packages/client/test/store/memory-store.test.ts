import { clientStoreContract } from "@codegrant/client/contract";
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/index.ts";

describe("the memory store", () => {
  const cases = clientStoreContract.filter(({ needsAgain }) => !needsAgain);
  it.each(cases)("$name", async ({ run }) => {
    await expect(run(async () => createMemoryStore())).resolves.toBeUndefined();
  });

  it("says that it forgets", () => {
    expect(createMemoryStore().description).toContain("gone when it ends");
  });
});
