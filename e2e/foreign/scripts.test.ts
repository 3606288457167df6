import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Registered, register, type Stage, startStage } from "./stage.ts";

// Scripts of other languages, run where the language is installed. Where it is not, the output says so.

const redirectUri = "http://localhost/";
const run = promisify(execFile);

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function runScript(
  command: string,
  script: string,
  { clientId, clientSecret }: Registered,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<readonly Answered[]> {
  const env = { ...process.env, PLATFORM: stage.url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, ...more };
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await run(command, [file, ...args], { env, timeout: 15_000 });
  return JSON.parse(stdout) as readonly Answered[];
}

async function getCode(
  { clientId }: Registered,
  path: string,
  more: Readonly<Record<string, string>>,
): Promise<string> {
  const query = { response_type: "code", client_id: clientId, redirect_uri: redirectUri, ...more };
  return (await stage.approve(`${stage.url}${path}?${new URLSearchParams(query)}`)).searchParams.get("code") ?? "";
}

/** Whether a command answers, and says the word; if not, that is said to whoever reads the run. */
function isThere(command: string, args: readonly string[], word: string): boolean {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8" });
  const found = status === 0 && stdout.includes(word);
  if (!found) console.warn(`${command} with "${word}" is not installed here: its script was NOT run.`);
  return found;
}

describe("PHP with curl", () => {
  it.each([
    ["a string", "1"],
    ["an array", ""],
  ])("gets, refreshes and revokes at /kraken/oauth2, its fields as %s", async (_, asString) => {
    if (!isThere("php", ["-m"], "curl")) return expectAbsent("php", ["-m"], "curl");
    const app = await register(stage, redirectUri);
    const code = await getCode(app, "/kraken/oauth2/authorize", { scope: "user_read channel_read", state: "c3ab8aa6" });
    const [first, second, revoked] = await runScript("php", "how-to.php", app, [code], { AS_STRING: asString });
    expect(first).toMatchObject({ status: 200, body: { scope: ["user_read", "channel_read"] } });
    expect(second).toMatchObject({ status: 200, body: { refresh_token: expect.stringMatching(/\S{20}/) } });
    expect(revoked).toEqual({ status: 200, body: { status: "ok" } });
    expect(await stage.introspect(String(second?.body["access_token"]), "/kraken/oauth2")).toEqual({ active: false });
  });
});

describe("Python's urllib", () => {
  it("finds us by metadata, gets, refreshes and revokes", async () => {
    if (!isThere("python3", ["--version"], "Python 3")) return expectAbsent("python3", ["--version"], "Python 3");
    const app = await register(stage, redirectUri);
    const verifier = "a-verifier-of-a-script-that-is-long-enough~._";
    const code = await getCode(app, "/oauth/authorize", {
      scope: "user:read:email",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    const [first, second, revoked, dead] = await runScript("python3", "stranger.py", app, [code, verifier]);
    expect(first).toMatchObject({ status: 200, body: { token_type: "Bearer", scope: "user:read:email" } });
    expect(second?.status).toBe(200);
    expect(revoked).toEqual({ status: 200, body: {} });
    expect(dead).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await stage.introspect(String(second?.body["access_token"]))).toEqual({ active: false });
  });
});

function expectAbsent(command: string, args: readonly string[], word: string): void {
  expect(spawnSync(command, args, { encoding: "utf8" }).stdout ?? "").not.toContain(word);
}
