import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFileStore } from "@codegrant/client/node";
import { expect, it } from "vitest";
import { temporaryFolder } from "./fleet.ts";

const saver = fileURLToPath(new URL("../children/saver.mjs", import.meta.url));
const key = { kind: "connection", provider: "p", server: "s", clientId: "c", name: "n" } as const;

it("a save that is killed at any moment leaves the old text or the new one, and nothing others may read (CT-02)", async () => {
  const folder = temporaryFolder();
  for (let round = 0; round < 15; round++) {
    const child = spawn(process.execPath, [saver, folder], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    await new Promise((resolve) => setTimeout(resolve, round * 3));
    child.kill("SIGKILL");
    await once(child, "exit");
    const store = createFileStore({ folder });
    const found = await store.find(key);
    expect(found?.value).toMatch(/^(\d)\1{49999}$/);
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
    // Whatever lock the dead process held is no obstacle.
    expect(await store.save(key, "9".repeat(50_000), { ifVersion: found?.version })).toMatchObject({ status: "saved" });
  }
  const version = (await createFileStore({ folder }).find(key))?.version ?? "";
  await createFileStore({ folder }).remove(key, version);
  expect(readdirSync(folder)).toEqual([]);
}, 60_000);
