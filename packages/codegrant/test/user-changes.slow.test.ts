import path from "node:path";
import { describe, expect, it } from "vitest";
import { run, runJson, temporaryFolder } from "./command.ts";

const password = "correct horse battery";

async function databaseWithUser(): Promise<string> {
  const db = path.join(temporaryFolder(), "platform.db");
  await run(["user", "create", "--db", db, "--login", "ninja", "--password-stdin"], { input: password });
  return db;
}

describe("codegrant user", () => {
  it("disables, enables and deletes a user, and says so", async () => {
    const db = await databaseWithUser();
    expect(await runJson(["user", "disable", "ninja", "--db", db])).toEqual({ login: "ninja", disabled: true });
    expect(await runJson(["user", "enable", "ninja", "--db", db])).toEqual({ login: "ninja", disabled: false });
    const gone = await runJson(["user", "delete", "ninja", "--db", db]);
    expect(gone).toEqual({ login: "ninja", deleted: true, applications: 0 });
    const { code, stderr } = await run(["user", "delete", "ninja", "--db", db]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("There is no user with this login.")]);
  });

  it("keeps a user who owns applications, unless these are to go too", async () => {
    const db = await databaseWithUser();
    const app = [
      "app",
      "create",
      "--db",
      db,
      "--name",
      "Printer",
      "--redirect-uri",
      "http://localhost/",
      "--owner",
      "ninja",
    ];
    expect((await run(app)).code).toBe(0);
    const { code, stderr } = await run(["user", "delete", "ninja", "--db", db]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("owns one application")]);
    const gone = await runJson(["user", "delete", "ninja", "--db", db, "--with-applications"]);
    expect(gone).toMatchObject({ applications: 1 });
  });
});
