import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatKeys, type KeyFileKey, newKey, readKeyFile } from "../src/key-file.ts";
import { run, runJson, serve } from "./command.ts";
import {
  connect,
  logged,
  refresh,
  type ServedPlatform,
  startPlatform,
  statusOfAccess,
  type Tokens,
} from "./served-platform.ts";

type Shown = Readonly<Record<string, unknown>>;

const list = ({ db }: ServedPlatform): Promise<readonly Shown[]> => runJson(["keys", "list", "--db", db]);
const idsIn = ({ keyFile }: ServedPlatform): readonly number[] => readKeyFile(keyFile)?.map(({ id }) => id) ?? [];

/** As if the rotation had been a while ago. */
function age({ keyFile }: ServedPlatform): void {
  const older = (readKeyFile(keyFile) ?? []).map((key): KeyFileKey => ({ ...key, createdAt: key.createdAt - 3_600 }));
  writeFileSync(keyFile, formatKeys(older), { mode: 0o600 });
}

async function rotated(platform: ServedPlatform): Promise<void> {
  await runJson(["keys", "rotate", "--db", platform.db]);
  await logged(platform, "keys.changed");
}

describe("codegrant keys rotate beside a running server (ST-05)", () => {
  it("loses no token, and a grant moves to the new key with its refresh", async () => {
    const platform = await startPlatform();
    const before = await connect(platform);
    await rotated(platform);
    expect(await list(platform)).toMatchObject([
      { key: 1, state: "good", grants: 1 },
      { key: 2, state: "current", grants: 0 },
    ]);
    expect(await statusOfAccess(platform, before)).toBe(200);
    const answer = await refresh(platform, before);
    expect(answer.status).toBe(200);
    const after = (await answer.json()) as Tokens;
    expect(await statusOfAccess(platform, after)).toBe(200);
    expect(await statusOfAccess(platform, before)).toBe(200);
    expect(await list(platform)).toMatchObject([
      { key: 1, grants: 0 },
      { key: 2, grants: 1 },
    ]);
    const retry = (await (await refresh(platform, before)).json()) as Tokens;
    expect(retry.refresh_token).toBe(after.refresh_token);
  });

  it("keeps the file closed to others, and gives no number twice", async () => {
    const platform = await startPlatform();
    const made: unknown[] = [];
    for (let i = 0; i < 3; i++) made.push(await runJson(["keys", "rotate", "--db", platform.db]));
    expect(made).toMatchObject([{ key: 2 }, { key: 3 }, { key: 4 }]);
    expect(idsIn(platform)).toEqual([1, 2, 3, 4]);
    expect(statSync(platform.keyFile).mode & 0o777).toBe(0o600);
    const { stdout, stderr } = await run(["keys", "rotate", "--db", platform.db]);
    const secrets = readFileSync(platform.keyFile, "utf8").match(/[\w-]{43}/g) ?? [];
    expect(secrets).toHaveLength(5);
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  });

  it("loses no key when several are given at once: one goes first, the others say so or follow", async () => {
    const platform = await startPlatform();
    const all = await Promise.all([1, 2, 3].map(() => run(["keys", "rotate", "--db", platform.db])));
    const won = all.filter(({ code }) => code === 0);
    expect(won.length).toBeGreaterThan(0);
    expect(idsIn(platform)).toHaveLength(1 + won.length);
    for (const { code, stderr } of all) if (code !== 0) expect(stderr).toContain("Another command is changing");
  });

  it("begins another file only when told that the old one is lost", async () => {
    const platform = await startPlatform();
    await connect(platform);
    await platform.server.stop();
    rmSync(platform.keyFile);
    const refused = await run(["keys", "rotate", "--db", platform.db]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--lost")]);
    await runJson(["keys", "rotate", "--lost", "--db", platform.db]);
    expect(idsIn(platform)).toEqual([2]);

    const again = await serve(["--db", platform.db]);
    expect(again.stderr()).toMatch(/does not hold key 1.*must approve again \(1 grant\): ninja\./);
    const served = { ...platform, server: again };
    expect(await statusOfAccess(served, await connect(served))).toBe(200); // the rest is served
    const unneeded = await run(["keys", "rotate", "--lost", "--db", platform.db]);
    expect([unneeded.code, unneeded.stderr]).toEqual([1, expect.stringContaining("Leave --lost out")]);
  });
});

describe("codegrant keys retire", () => {
  it("refuses while grants need the key, and says how many and whose", async () => {
    const platform = await startPlatform();
    const tokens = await connect(platform);
    await rotated(platform);
    age(platform);
    const refused = await run(["keys", "retire", "1", "--db", platform.db]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/1 grant still needs key 1, of these users: ninja\..*Nothing was changed/s);
    expect(idsIn(platform)).toEqual([1, 2]);

    await refresh(platform, tokens);
    const retired = await run(["keys", "retire", "1", "--db", platform.db]);
    expect([retired.code, retired.stderr]).toEqual([0, expect.stringContaining("Key 1 is retired.")]);
    expect(idsIn(platform)).toEqual([2]);
  });

  it("--now ends the grants on it, and they say why", async () => {
    const platform = await startPlatform();
    const tokens = await connect(platform);
    await rotated(platform);
    const tooSoon = await run(["keys", "retire", "1", "--now", "--db", platform.db]);
    expect([tooSoon.code, tooSoon.stderr]).toEqual([1, expect.stringContaining("Try again in a minute")]);
    age(platform);
    expect(await runJson(["keys", "retire", "1", "--now", "--db", platform.db])).toEqual({
      key: 1,
      retired: true,
      ended_grants: 1,
    });
    expect((await refresh(platform, tokens)).status).toBe(400);
    expect(await runJson(["grants", "ended", "--why", "key", "--db", platform.db])).toMatchObject([
      { login: "ninja", application: "Old script", why: "key" },
    ]);
    await logged(platform, "keys.changed", 2);
    expect(await statusOfAccess(platform, tokens)).toBe(401);
    expect(await statusOfAccess(platform, await connect(platform))).toBe(200);
  });

  it("refuses the current key, one that is not there, and one that a running server may not have replaced yet", async () => {
    const platform = await startPlatform();
    const refusal = async (key: string): Promise<unknown> => {
      const { code, stderr } = await run(["keys", "retire", key, "--db", platform.db]);
      return [code, stderr];
    };
    expect(await refusal("1")).toEqual([1, expect.stringContaining("Begin another first: codegrant keys rotate")]);
    expect(await refusal("9")).toEqual([1, expect.stringContaining("holds no key 9")]);
    expect(await refusal("one")).toEqual([2, expect.stringContaining("from 1 to 255")]);
    await runJson(["keys", "rotate", "--db", platform.db]);
    expect(await refusal("1")).toEqual([1, expect.stringContaining("Try again in a minute")]);
    expect(idsIn(platform)).toEqual([1, 2]);
  });
});

const spoilt: readonly (readonly [what: string, text: string])[] = [
  ["does not hold keys", ""],
  ["does not hold keys", '{"keys":[{"id":1,"secr'],
  ["holds something else as key 1", formatKeys([newKey(1, 1_800_000_000)])],
];

describe("a key file that changes while the server runs", () => {
  it("and is emptied, half written, another database's or gone changes nothing but the log", async () => {
    const platform = await startPlatform();
    const tokens = await connect(platform);
    const good = readFileSync(platform.keyFile);
    for (const [index, [sentence, text]] of spoilt.entries()) {
      writeFileSync(platform.keyFile, text);
      const line = (await logged(platform, "keys.notChanged", index + 1))[index];
      expect(line).toMatchObject({ level: "error", detail: expect.stringContaining(sentence) });
      expect(line?.detail).toContain("The keys read before stay in use.");
    }
    rmSync(platform.keyFile);
    expect((await logged(platform, "keys.notChanged", 4))[3]?.detail).toContain("is gone");
    expect(await statusOfAccess(platform, tokens)).toBe(200);
    expect((await refresh(platform, tokens)).status).toBe(200);

    writeFileSync(platform.keyFile, good, { mode: 0o600 });
    expect((await logged(platform, "keys.changed"))[0]?.detail).toBe("keys 1; key 1 is current");
  });
});
