import { describe, expect, it } from "vitest";
import { run, runJson } from "./command.ts";
import { connect, refresh, type ServedPlatform, startPlatform, statusOfAccess, user } from "./served-platform.ts";

type Shown = Readonly<Record<string, unknown>>;

const list = ({ db }: ServedPlatform, ...args: readonly string[]): Promise<readonly Shown[]> =>
  runJson(["grants", "list", "--db", db, ...args]);
const ended = ({ db }: ServedPlatform, ...args: readonly string[]): Promise<readonly Shown[]> =>
  runJson(["grants", "ended", "--db", db, ...args]);

describe("codegrant grants beside a running server", () => {
  it("lists who lets which application do what, by user and application, and shows one", async () => {
    const platform = await startPlatform();
    const tokens = await connect(platform);
    const expected = { id: 1, login: user.login, application: "Old script", client_id: platform.clientId, key: 1 };
    expect(await list(platform)).toMatchObject([expected]);
    expect(await list(platform, "--user", "NINJA", "--app", platform.clientId)).toHaveLength(1);
    const shown: Shown = await runJson(["grants", "show", "1", "--db", platform.db]);
    expect(shown).toMatchObject(expected);
    const { stdout } = await run(["grants", "list", "--db", platform.db]);
    expect(stdout).toMatch(/^ID +USER +APPLICATION +GRANTED +LAST USED\n1 +ninja +Old script /);
    for (const token of Object.values(tokens)) expect(JSON.stringify(shown) + stdout).not.toContain(token);
  });

  it("ends one at once, and tells when and why", async () => {
    const platform = await startPlatform();
    const [first, second] = [await connect(platform), await connect(platform)];
    const { code, stderr } = await run(["grants", "end", "1", "--db", platform.db]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("ninja must approve Old script again")]);
    expect(await statusOfAccess(platform, first)).toBe(401);
    expect((await refresh(platform, first)).status).toBe(400);
    expect(await statusOfAccess(platform, second)).toBe(200);
    expect(await ended(platform)).toMatchObject([{ id: 1, why: "operator", ended_at: expect.any(String) }]);
    expect((await run(["grants", "end", "1", "--db", platform.db])).stderr).toContain("was over already");
  });

  it("finds those whom a theft cut off", async () => {
    const platform = await startPlatform();
    const stolen = await connect(platform);
    const second = (await (await refresh(platform, stolen)).json()) as typeof stolen;
    await refresh(platform, second);
    expect((await refresh(platform, stolen)).status).toBe(400);
    expect(await ended(platform, "--since", "1h", "--why", "theft")).toMatchObject([{ login: "ninja", why: "theft" }]);
    expect(await ended(platform, "--why", "disconnect")).toEqual([]);
    const { stdout } = await run(["grants", "ended", "--db", platform.db, "--since", "7d"]);
    expect(stdout).toMatch(/^1 +ninja +Old script +\S+Z +theft/m);
  });

  it("ends everything with --all", async () => {
    const platform = await startPlatform();
    const tokens = await connect(platform);
    expect(await runJson(["grants", "end", "--all", "--yes", "--db", platform.db])).toEqual({ ended: 1 });
    expect(await statusOfAccess(platform, tokens)).toBe(401);
    expect(await list(platform)).toEqual([]);
    expect(await ended(platform)).toHaveLength(1);
    expect(await statusOfAccess(platform, await connect(platform))).toBe(200);
  });

  it("refuses what it does not understand with a sentence", async () => {
    const { db } = await startPlatform();
    for (const [args, code, sentence] of [
      [["show", "9"], 1, "There is no grant 9"],
      [["show", "first"], 2, "A grant's id is a number"],
      [["end"], 2, "the id of one grant, or --all"],
      [["end", "1", "--all"], 2, "the id of one grant, or --all"],
      [["list", "--user", "nobody"], 1, "There is no user nobody"],
      [["ended", "--since", "soon"], 2, "90s, 30m, 4h or 7d"],
      [["ended", "--why", "whim"], 2, "theft"],
    ] as const) {
      const answer = await run(["grants", ...args, "--db", db]);
      expect([answer.code, answer.stderr]).toEqual([code, expect.stringContaining(sentence)]);
    }
  });
});
