import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Fetch, spotify, twitch } from "@codegrant/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkMachine } from "../src/doctor/check-machine.ts";
import { checkProvider, type Examined } from "../src/doctor/check-provider.ts";
import type { Finding } from "../src/doctor/finding.ts";
import { colorsFor } from "../src/terminal-colors.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "codegrant-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const client = { clientId: "c", clientSecret: "s" };
const answering =
  (status: number, message: string, secondsApart = 0): Fetch =>
  async () =>
    Response.json(
      { status, message },
      { status, headers: { date: new Date(Date.now() - secondsApart * 1_000).toUTCString() } },
    );
const unreachable: Fetch = async () => Promise.reject(new TypeError("fetch failed"));

async function outcomes(more: Partial<Examined>): Promise<Record<string, Finding["outcome"]>> {
  const fetch = answering(400, "Invalid authorization code");
  const redirectUri = "https://app.example/callback";
  const findings = await checkProvider({ provider: twitch, redirectUri, client, fetch, ...more });
  return Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
}

describe("the doctor", () => {
  it("finds nothing where nothing is wrong", async () => {
    expect(new Set(Object.values(await outcomes({})))).toEqual(new Set(["ok"]));
  });

  it.each<[string, Partial<Examined>, string, Finding["outcome"]]>([
    ["a wrong secret", { fetch: answering(403, "invalid client secret") }, "secret", "problem"],
    ["an unknown client", { fetch: answering(400, "invalid client") }, "secret", "problem"],
    ["a secret with a line break", { client: { ...client, clientSecret: "s\n" } }, "secret", "problem"],
    ["an answer that does not tell", { fetch: answering(503, "busy") }, "secret", "warning"],
    ["a clock that is ahead", { fetch: answering(400, "Invalid authorization code", 400) }, "clock", "problem"],
    ["a clock that is behind", { fetch: answering(400, "Invalid authorization code", -400) }, "clock", "problem"],
    ["a provider out of reach", { fetch: unreachable }, "way", "problem"],
    ["one out of reach, before any login", { fetch: unreachable, client: undefined }, "way", "problem"],
    ["http beyond this machine", { redirectUri: "http://app.example/callback" }, "redirect URI", "problem"],
    ["localhost at Spotify", { provider: spotify, redirectUri: "http://localhost:0/" }, "redirect URI", "warning"],
  ])("finds %s", async (_what, more, check, outcome) => {
    expect(await outcomes(more)).toMatchObject({ [check]: outcome });
  });

  it("finds a port that another program has", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    expect(await outcomes({ redirectUri: `http://127.0.0.1:${port}/` })).toMatchObject({ port: "problem" });
  });

  it("asks with a code that cannot exist, once, and sends no secret where none may be asked with", async () => {
    const bodies: string[] = [];
    const fetch: Fetch = async (_url, init) => {
      bodies.push(typeof init.body === "string" ? init.body : "");
      return Response.json({ status: 400, message: "Invalid authorization code" }, { status: 400 });
    };
    await outcomes({ fetch });
    await outcomes({ fetch, client: { clientId: "c" } });
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toContain("code=codegrant-doctor");
    expect(bodies[1]).toBe("");
  });

  it.skipIf(process.platform === "win32")("finds a store that others can enter", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "connections"), { mode: 0o700 });
    const found = async (): Promise<readonly string[]> =>
      (await checkMachine(folder, {})).filter(({ check }) => check === "store").map(({ outcome }) => outcome);
    expect(await found()).toEqual(["ok", "ok"]);
    chmodSync(path.join(folder, "connections"), 0o755);
    expect(await found()).toEqual(["problem", "ok"]);
  });

  it.each<[string, NodeJS.ProcessEnv, string, string]>([
    ["a secret in quotes", { CODEGRANT_CLIENT_SECRET: '"abc"' }, "secret", "warning"],
    ["a secret as it should be", { CODEGRANT_CLIENT_SECRET: "abc" }, "secret", "ok"],
  ])("tells of %s in the environment, and never the secret", async (_what, env, check, outcome) => {
    const findings = await checkMachine(temporaryFolder(), env);
    expect(findings.find((one) => one.check === check)?.outcome).toBe(outcome);
    expect(JSON.stringify(findings)).not.toContain("abc");
  });

  it("keeps a proxy's password to itself", async () => {
    const findings = await checkMachine(temporaryFolder(), { HTTPS_PROXY: "http://me:secret@proxy.example:3128" });
    expect(JSON.stringify(findings)).toContain("http://proxy.example:3128");
    expect(JSON.stringify(findings)).not.toContain("me:secret");
  });
});

describe("colour", () => {
  it.each<[string, { isTTY?: boolean }, NodeJS.ProcessEnv, boolean]>([
    ["a terminal", { isTTY: true }, {}, true],
    ["a pipe", {}, {}, false],
    ["a terminal with NO_COLOR", { isTTY: true }, { NO_COLOR: "1" }, false],
    ["a terminal that is dumb", { isTTY: true }, { TERM: "dumb" }, false],
  ])("is for %s: %s", (_where, stream, env, isColored) => {
    expect(colorsFor(stream, env).good("yes").includes("\u001b")).toBe(isColored);
  });
});
