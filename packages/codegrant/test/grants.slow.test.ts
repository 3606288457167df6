import path from "node:path";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it } from "vitest";
import { run, runJson, temporaryFolder } from "./command.ts";
import { addGrants } from "./grants.ts";

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** A database in which user1, user2 and so on let the printer act for them. */
async function databaseWithGrants(count: number): Promise<string> {
  const db = path.join(temporaryFolder(), "platform.db");
  const store = await openStore({ file: db });
  await addGrants(
    store,
    Array.from({ length: count }, () => 1),
    nowSeconds() - 60,
  );
  await store.close();
  return db;
}

describe("codegrant grants", () => {
  it("list shows who lets which application do what, and filters by user and application", async () => {
    const db = await databaseWithGrants(2);
    const all: readonly object[] = await runJson(["grants", "list", "--db", db]);
    expect(all).toEqual([
      {
        id: 1,
        user_id: "1",
        login: "user1",
        application_id: 1,
        client_id: "printer",
        application: "Printer",
        scopes: ["user_read"],
        key: 1,
        granted_at: expect.any(String),
        exchanged_at: expect.any(String),
        expires_at: expect.any(String),
      },
      expect.objectContaining({ id: 2, login: "user2" }),
    ]);
    expect(await runJson(["grants", "list", "--db", db, "--user", "user2", "--app", "printer"])).toEqual([all[1]]);
    expect(await runJson(["grants", "show", "2", "--db", db])).toEqual(all[1]);
    const { stdout } = await run(["grants", "list", "--db", db]);
    expect(stdout).toMatch(/^ID +USER +APPLICATION +GRANTED +LAST USED\n1 +user1 +Printer +20\S+Z +never\n2 /);
  });

  it("end ends one, once, and ended tells who was cut off, when and why", async () => {
    const db = await databaseWithGrants(2);
    const ended = await run(["grants", "end", "1", "--db", db]);
    expect(ended).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "Grant 1 is over. user1 must approve Printer again for it.\n",
    });
    expect((await run(["grants", "end", "1", "--db", db])).stderr).toMatch(/was over already at .*\(operator\)/);
    expect(await runJson(["grants", "ended", "--db", db, "--since", "1h", "--why", "operator"])).toMatchObject([
      { id: 1, login: "user1", why: "operator", ended_at: expect.any(String) },
    ]);
    expect(await runJson(["grants", "ended", "--db", db, "--why", "theft"])).toEqual([]);
    expect(await runJson(["grants", "list", "--db", db])).toMatchObject([{ id: 2 }]);
  });

  it("end --all ends every one, and each is told by ended", async () => {
    const db = await databaseWithGrants(3);
    expect(await runJson(["grants", "end", "--all", "--yes", "--db", db])).toEqual({ ended: 3 });
    expect(await runJson(["grants", "list", "--db", db])).toEqual([]);
    const { stdout } = await run(["grants", "ended", "--db", db]);
    expect(stdout).toMatch(
      /^ID +USER +APPLICATION +ENDED +WHY +LAST USED\n(\d +user\d +Printer +20\S+Z +operator +never\n){3}$/,
    );
  });

  it.each([
    ["neither id nor --all", ["end"], 2, /the id of one grant, or --all/],
    ["an id and --all", ["end", "1", "--all"], 2, /the id of one grant, or --all/],
    ["an id that is none", ["end", "one"], 2, /is a number/],
    ["a grant that is not there", ["end", "9"], 1, /no grant 9/],
    ["a grant to show that is not there", ["show", "9"], 1, /no grant 9/],
    ["a user who is not there", ["list", "--user", "nobody"], 1, /no user nobody/],
    ["an application that is not there", ["ended", "--app", "nothing"], 1, /no application/],
    ["a reason that is none", ["ended", "--why", "boredom"], 2, /disconnect/],
    ["a time that is none", ["ended", "--since", "yesterday"], 2, /such as 90s/],
  ])("refuses %s with a sentence", async (_, args, code, sentence) => {
    const db = await databaseWithGrants(1);
    const ended = await run(["grants", ...args, "--db", db]);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toMatch(sentence);
  });
});
