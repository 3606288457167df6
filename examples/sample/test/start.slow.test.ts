import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { playUser } from "../src/robot.ts";

const demo = fileURLToPath(new URL("../dist/start.js", import.meta.url));
const folderOf = ({ pid }: ChildProcess): string =>
  fileURLToPath(new URL(`../../../.cache/demo/${pid}`, import.meta.url));

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout(): string;
  stderr(): string;
}

/** The demo as `npm start` runs it, in a process of its own. */
function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, [demo, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      texts[name] += chunk;
    });
  }
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, ended, stdout: () => texts.stdout, stderr: () => texts.stderr };
}

describe("npm start -- --yes", () => {
  it("prints the token response alone on stdout, draws the flow on stderr, and ends with 0", async () => {
    const { ended, stdout, stderr } = start(["--yes"]);
    expect(await ended).toBe(0);
    const tokens = JSON.parse(stdout()) as Record<string, unknown>;
    expect(tokens).toEqual({
      access_token: expect.stringMatching(/\S{20}/),
      refresh_token: expect.stringMatching(/\S{20}/),
      scope: ["user_read"],
      expires_in: 14_400,
      token_type: "bearer",
    });
    expect(stderr()).toMatch(/browser +→ application[^]*application → platform[^]*platform +→ application/);
    expect(stderr()).toMatch(/GET http:\/\/localhost:\d+\/kraken\/user/);
    expect(stderr()).toContain("demo@example.com"); // what the request on the user's behalf brought
    expect(stderr()).not.toContain(tokens["access_token"]);
    expect(stderr()).not.toContain(tokens["refresh_token"]);
  });
});

describe("npm start -- --decline", () => {
  it("shows what an application sees, prints no token, and ends with 2", async () => {
    const { ended, stdout, stderr } = start(["--decline"]);
    expect(await ended).toBe(2);
    expect(stdout()).toBe("");
    expect(stderr()).toMatch(/error +access_denied/);
    expect(stderr()).toMatch(/The application sees access_denied: .+ Go on without the connection/);
    expect(stderr().match(/The user said no/g)).toHaveLength(1);
  });
});

describe("npm start", () => {
  it("prints where to look and who to be, draws what a person does there, and leaves nothing behind", async () => {
    const { child, ended, stdout } = start([]);
    const application = await found(() => /application +(http:\/\/127\.0\.0\.1:\d+\/)/.exec(stdout()));
    const [, login = "", password = ""] = await found(() => /sign in as +(\S+) +password +(\S+)/.exec(stdout()));
    await found(() => /Ctrl-C ends the demo/.exec(stdout()));
    await playUser({ startUrl: application[1] ?? "", login, password, decision: "approve" });
    for (const sentence of ["the user signs in", "the user approves", "back to the application, with a code"]) {
      expect(stdout()).toContain(sentence);
    }
    expect(existsSync(folderOf(child))).toBe(true);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(existsSync(folderOf(child))).toBe(false);
  });

  it("may run twice at once", async () => {
    const both = [start(["--yes"]), start(["--yes"])];
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
  });

  it.each([
    [["--maybe"], /"--maybe" is not known/],
    [["no"], /"no" is not known/],
    [["--yes", "--decline"], /not both/],
  ])("asked for %s, says what is wrong and what it takes", async (args, problem) => {
    const { ended, stderr } = start(args);
    expect(await ended).toBe(1);
    expect(stderr()).toMatch(problem);
    expect(stderr()).toMatch(/npm start -- --yes/);
  });
});

async function found<Result>(look: () => Result | null): Promise<Result> {
  for (let tries = 0; tries < 500; tries++) {
    const result = look();
    if (result !== null) return result;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("The demo did not say it.");
}
