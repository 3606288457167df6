import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it } from "vitest";
import { loadDriver } from "../src/driver.ts";
import { prepareStatement } from "../src/statement.ts";
import { temporaryFiles } from "./temporary-folder.ts";

const newFile = temporaryFiles({ onDisk: true });
const writer = fileURLToPath(new URL("children/writer.mjs", import.meta.url));

interface Writing {
  readonly file: string;
  readonly round: number;
  /** Milliseconds between the flows of each of its eight workers. */
  readonly pause?: number;
  /** It is killed after so many answers. */
  readonly answers: number;
}

/** Starts a writer, kills it in the middle of its work, and returns what it had answered until then. */
async function writeUntilKilled({ file, round, pause = 0, answers }: Writing): Promise<readonly string[]> {
  const args = [writer, file, String(round), String(pause)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text += more;
    if (text.split("\n").length > answers) child.kill("SIGKILL");
  });
  await ended(child);
  return text.split("\n").slice(0, -1);
}

async function ended(child: ChildProcess): Promise<void> {
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
}

describe("two processes on one file", () => {
  it("both write all the while, and neither is refused (ST-09)", async () => {
    const file = newFile();
    const store = await openStore({ file });
    const other = writeUntilKilled({ file, round: 0, pause: 40, answers: 400 });
    const signUps: ReturnType<typeof store.createUser>[] = [];
    const timer = setInterval(() => {
      signUps.push(store.createUser({ login: `user${signUps.length}`, displayName: "U", createdAt: 1 }));
    }, 5);
    const answers = await other;
    clearInterval(timer);
    expect(answers.length).toBeGreaterThanOrEqual(400);
    expect(signUps.length).toBeGreaterThan(10);
    expect(await Promise.all(signUps)).not.toContain("taken");
    await store.close();
  });
});

describe("a killed process", () => {
  it("loses nothing that it had answered, and leaves nothing half done (ST-08)", async () => {
    const file = newFile();
    const promised: string[] = [];
    for (const [round, answers] of [1, 40, 333, 700].entries()) {
      promised.push(...(await writeUntilKilled({ file, round, answers })));
    }
    const raw = new (await loadDriver())(file);
    const integrity = prepareStatement<{ integrity_check: string }>(raw, "PRAGMA integrity_check").get();
    expect(integrity?.integrity_check).toBe("ok");
    raw.close();

    const store = await openStore({ file });
    const answeredOf = new Map<string, number>();
    for (const line of promised) {
      const [what, id = "", userId = "", answered = ""] = line.split(" ");
      const facts = await store.findGrant(Number(id));
      expect(facts?.consent.answered, line).toBeGreaterThan(0);
      if (what === "approved") answeredOf.set(userId, Number(answered));
      if (what === "redeemed") expect(facts?.grant.generation, line).toBeGreaterThanOrEqual(1);
      if (what === "rotated") expect(facts?.grant.generation, line).toBe(2);
      if (what === "ended") expect(facts?.grant.ended, line).toEqual({ at: 1_700_000_000, why: "revoke" });
    }
    for (const [userId, answered] of answeredOf) {
      expect((await store.findConsent(userId, 1))?.answered).toBeGreaterThanOrEqual(answered);
    }
    expect(promised.length).toBeGreaterThan(1_000);
    await store.close();
  });
});
