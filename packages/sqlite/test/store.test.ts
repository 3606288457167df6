import { type OpenStore, storeContract } from "@codegrant/server/contract";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it } from "vitest";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();

describe("the SQLite store", () => {
  const fileOf = new WeakMap<object, string>();
  const openFile = async (file: string) => {
    const store = await openStore({ file });
    fileOf.set(store, file);
    return store;
  };
  const open: OpenStore = Object.assign(() => openFile(newFile()), {
    reopen: async (store: Awaited<ReturnType<OpenStore>>) => {
      await store.close();
      return openFile(fileOf.get(store) ?? "");
    },
  });

  it.each(storeContract)("$name", async ({ run }) => {
    await expect(run(open)).resolves.toBeUndefined();
  });
});
