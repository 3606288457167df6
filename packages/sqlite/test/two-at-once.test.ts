import type { Store } from "@codegrant/server";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadDriver } from "../src/driver.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles();
const now = 1_700_000_000;

async function open(file: string): Promise<Store> {
  const store = await openStore({ file, lockTimeoutSeconds: 2 });
  onTestFinished(() => store.close());
  return store;
}

function application(clientId: string) {
  return {
    clientId,
    name: "Printer",
    type: "confidential",
    redirectUris: ["https://printer.example/callback"],
    secrets: [],
    settings: {},
    tokenEpoch: 1,
    createdAt: now,
  } as const;
}

/** The server, and a command that works on the same file for a moment. */
describe("two at once on one file", () => {
  it("the server sees what a command changed about an application that it had in memory", async () => {
    const file = newFile();
    const server = await open(file);
    const { id } = await server.createApplication(application("client1"));
    expect((await server.findApplication("client1"))?.disabled).toBe(false);
    const command = await open(file);
    await command.changeApplication(id, { disabled: true, name: "Copier" });
    expect(await server.findApplication("client1")).toMatchObject({ disabled: true, name: "Copier" });
    await command.deleteApplication(id, now);
    expect(await server.findApplication("client1")).toBeUndefined();
    expect(await server.findApplicationById(id)).toBeUndefined();
    await command.createApplication(application("client2"));
    expect(await server.findApplication("client2")).toMatchObject({ clientId: "client2" });
  });

  it("the server sees what it changed itself, at once", async () => {
    const server = await open(newFile());
    const { id } = await server.createApplication(application("client1"));
    await server.findApplication("client1");
    await server.changeApplication(id, { tokenEpoch: 9 });
    expect((await server.findApplicationById(id))?.tokenEpoch).toBe(9);
    await server.deleteApplication(id, now);
    expect(await server.findApplication("client1")).toBeUndefined();
  });

  it("more applications than the memory holds are all found", async () => {
    const server = await open(newFile());
    const ids = Array.from({ length: 1_050 }, (_, index) => `client${index}`);
    await Promise.all(ids.map((clientId) => server.createApplication(application(clientId))));
    for (const clientId of [...ids, ...ids.slice(0, 60)]) {
      expect((await server.findApplication(clientId))?.clientId).toBe(clientId);
    }
  });

  it("nobody's write is refused while both write, and none is lost (ST-09)", async () => {
    const file = newFile();
    const [server, command] = [await open(file), await open(file)];
    const signUps = Array.from({ length: 200 }, async (_, index) => {
      // One after the other turn by turn, so that their transactions interleave.
      await new Promise((resolve) => setTimeout(resolve, index / 4));
      const store = index % 2 === 0 ? server : command;
      return store.createUser({ login: `user${index}`, displayName: "U", createdAt: now });
    });
    expect(await Promise.all(signUps)).not.toContain("taken");
    const users = [
      ...(await command.listUsers({ limit: 200 })),
      ...(await server.listUsers({ limit: 200, afterId: 200 })),
    ];
    expect(new Set(users.map(({ login }) => login)).size).toBe(200);
  });

  it("ids and epochs go on where the other one left them", async () => {
    const file = newFile();
    const [server, command] = [await open(file), await open(file)];
    const first = await server.createApplication(application("client1"));
    await command.deleteApplication(first.id, now);
    const second = await server.createApplication(application("client2"));
    expect(second.id).toBeGreaterThan(first.id);
    await command.endUserGrants("ada", { at: now, why: "operator" });
    await server.endUserGrants("ada", { at: now, why: "operator" });
    const raw = new (await loadDriver())(file);
    const epoch = raw.prepare("SELECT epoch FROM user_epochs") as { get(): { epoch: number } };
    expect(epoch.get().epoch).toBe(2);
    raw.close();
  });
});
