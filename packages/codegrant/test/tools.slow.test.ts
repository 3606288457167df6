import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { disconnect } from "@codegrant/server";
import { describe, expect, it } from "vitest";
import { run, temporaryFolder } from "./command.ts";
import {
  at,
  connected,
  createWorld,
  type Dialect,
  dialects,
  type Registered,
  type World,
  withSecret,
} from "./connection-world.ts";

async function connectedWorld(dialect: Dialect, accessTokenSeconds = 3_600): Promise<[World, Registered]> {
  const world = await createWorld(dialect, { lifetimes: { accessToken: accessTokenSeconds } });
  const application = await world.register();
  await connected(world, dialect, application);
  return [world, application];
}

describe.each(dialects)("validate, in %s", (dialect: Dialect) => {
  it("says whose the token is while it lives, and ends with 4 once the user has disconnected it", async () => {
    const [world, application] = await connectedWorld(dialect);
    const alive = await world.run(["validate", ...at(world, dialect), "--json"]);
    expect([alive.code, alive.stderr]).toEqual([0, ""]);
    expect(JSON.parse(alive.stdout)).toMatchObject({
      alive: true,
      user: { login: "ninja" },
      client_id: application.clientId,
    });
    await disconnect(world.server.platform, "1", application.id);
    const dead = await world.run(["validate", ...at(world, dialect)]);
    expect(dead).toMatchObject({ code: 4, stdout: "", stderr: expect.stringContaining("codegrant refresh") });
    expect(world.heard.join("\n")).not.toContain(application.clientSecret);
  });
});

/** A program that says what it was given, as JSON, and then what the socket says. */
const program = `
import { connect } from "node:net";
const { ACCESS_TOKEN, CODEGRANT_CLIENT_ID, CODEGRANT_CLIENT_SECRET, CODEGRANT_TOKEN_SOCKET } = process.env;
if (process.env.SAY_READY) console.error("ready");
await new Promise((resolve) => setTimeout(resolve, Number(process.argv[2])));
let line = "";
for await (const chunk of connect(CODEGRANT_TOKEN_SOCKET)) line += chunk;
console.log(JSON.stringify({ token: ACCESS_TOKEN, id: CODEGRANT_CLIENT_ID, secret: CODEGRANT_CLIENT_SECRET, socket: CODEGRANT_TOKEN_SOCKET, fresh: JSON.parse(line), rest: process.argv.slice(3) }));
process.exitCode = 7;
`;

function written(text: string): string {
  const file = path.join(temporaryFolder(), "program.mjs");
  writeFileSync(file, text);
  return file;
}

describe("exec", () => {
  it("gives the program a fresh token at its start and by the socket, no secret, and ends as it does", async () => {
    const [world, application] = await connectedWorld("twitch", 3);
    const line = [process.execPath, written(program), "3500", "--help", "a b"];
    const { code, stdout, stderr } = await world.run(
      ["exec", ...at(world, "twitch"), "--", ...line],
      withSecret(application),
    );
    expect([code, stderr]).toEqual([7, ""]);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ id: application.clientId, rest: ["--help", "a b"] });
    expect(told).not.toHaveProperty("secret");
    expect(told.fresh).toMatchObject({ access_token: expect.stringMatching(/^cga_/), scopes: ["user:read:email"] });
    expect(told.fresh.access_token).not.toBe(told.token);
    expect(existsSync(told.socket)).toBe(false);
  });

  it("tells the program by the socket when the user has to log in again", async () => {
    const [world, application] = await connectedWorld("twitch", 3);
    const line = ["exec", ...at(world, "twitch"), "--", process.execPath, written(program), "4000"];
    const running = world.start(line, { env: { SAY_READY: "1" } });
    await running.said(/ready/);
    await disconnect(world.server.platform, "1", application.id);
    const { stdout } = await running.ended;
    expect(JSON.parse(stdout).fresh).toMatchObject({ error: "ERR_LOGIN_NEEDED", hint: expect.any(String) });
  });

  it("passes signals on, and ends with the code that the program makes of them", async () => {
    const [world] = await connectedWorld("twitch");
    const handling = written(
      `process.on("SIGTERM", () => process.exit(9)); console.error("ready"); setInterval(() => {}, 1000);`,
    );
    const first = world.start(["exec", ...at(world, "twitch"), "--", process.execPath, handling]);
    await first.said(/ready/);
    first.child.kill("SIGTERM");
    expect((await first.ended).code).toBe(9);
    const not = written(`console.error("ready"); setInterval(() => {}, 1000);`);
    const second = world.start(["exec", ...at(world, "twitch"), "--", process.execPath, not]);
    await second.said(/ready/);
    second.child.kill("SIGINT");
    expect((await second.ended).code).toBe(130);
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ["without the dashes", ["node", "x.js"], 1, /Write -- before the program/],
    ["without a program", ["--"], 1, /Write -- before the program/],
    ["with a program that is not there", ["--", "no-such-program-here"], 1, /there is no such program/],
    ["with a variable that is none", ["--env", "A B", "--", "node"], 1, /--env must be a variable's name/],
  ])("%s says what is wrong", async (_what, rest, code, said) => {
    const [world] = await connectedWorld("twitch");
    const ended = await world.run(["exec", ...at(world, "twitch"), ...rest]);
    expect(ended).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(said) });
  });

  it("puts the socket nowhere but into its own folder, and says so where the path is too long", async () => {
    const world = await createWorld("twitch");
    await connected(world, "twitch", await world.register());
    const TMPDIR = path.join(world.folder, "t".repeat(100));
    mkdirSync(TMPDIR);
    const ended = await world.run(["exec", ...at(world, "twitch"), "--", "echo", "started"], { env: { TMPDIR } });
    expect(ended).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("Set TMPDIR to a shorter one"),
    });
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it("starts nothing where nothing is connected", async () => {
    const world = await createWorld("twitch");
    const ended = await world.run(["exec", ...at(world, "twitch"), "--", process.execPath, "-e", "console.log(1)"]);
    expect(ended).toMatchObject({ code: 4, stdout: "" });
  });
});

describe.each(dialects)("doctor, in %s", (dialect: Dialect) => {
  it("finds nothing wrong with a connection that works, and a secret that was replaced", async () => {
    const [world, application] = await connectedWorld(dialect);
    const well = await world.run(["doctor", ...at(world, dialect), "--json"]);
    expect([well.code, well.stderr]).toEqual([0, ""]);
    const findings: readonly { check: string; outcome: string }[] = JSON.parse(well.stdout);
    expect(findings.filter(({ outcome }) => outcome !== "ok")).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["store", "redirect URI", "port", "way", "clock", "secret", "connection"]),
    );
    const ill = await world.run(
      ["doctor", ...at(world, dialect)],
      withSecret({ ...application, clientSecret: "wrong" }),
    );
    expect(ill.code).toBe(1);
    expect(ill.stdout).toMatch(/✗ secret .*\n.*Copy both again/);
    // The login is as good as before.
    expect((await world.run(["refresh", ...at(world, dialect)])).code).toBe(0);
  });
});

describe("explain", () => {
  it("takes the paste from stdin, repeats no code of it, and ends with 1 if it did not understand", async () => {
    const address = "http://localhost:3000/?code=gulfwdmys5lsm6qyz4xiz9q32l10&scope=&state=s";
    const approved = await run(["explain", "twitch"], { input: address });
    expect(approved).toMatchObject({ code: 0, stdout: expect.stringMatching(/^what +The user approved/), stderr: "" });
    expect(approved.stdout).not.toContain("gulf");
    const json = await run(["explain", "--json"], { input: '{"status":403,"message":"invalid client secret"}' });
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: "error", code: "invalid_client", actor: "developer" });
    expect((await run(["explain"], { input: "good morning to you" })).code).toBe(1);
    expect((await run(["explain", "https://id.example"], { input: "x" })).code).toBe(1);
  });
});

describe("providers", () => {
  it("lists them all, and tells of one", async () => {
    const all = await run(["providers"]);
    expect(all.stdout.split("\n").filter((line) => line !== "")).toHaveLength(26);
    const one = await run(["providers", "gitlab@gitlab.example.org"]);
    expect(one.stdout).toContain("https://gitlab.example.org/oauth/token");
    const json = await run(["providers", "dropbox", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ name: "dropbox", refresh: { graceSeconds: "forever" } });
    expect(await run(["providers", "shopify"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("shopify@PLACE"),
    });
    expect(await run(["providers", "shopify@a.b"])).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("completion", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["a command", ["ex"], ["exec", "explain"]],
    ["a command below one", ["app", "c"], ["create", "change"]],
    ["a provider", ["login", "tw"], ["twitch"]],
    ["an option", ["login", "twitch", "--redir"], ["--redirect-uri"]],
    ["a choice", ["app", "create", "--type", ""], ["confidential", "public"]],
    ["nothing, for a value of one's own", ["login", "--account", ""], []],
  ])("in bash completes %s", async (_what, words, expected) => {
    const script = path.join(temporaryFolder(), "completion.bash");
    writeFileSync(script, (await run(["completion", "bash"])).stdout);
    const typed = ["codegrant", ...words].map((word) => `'${word}'`).join(" ");
    const line = `source '${script}'; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _codegrant; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const completed = execFileSync("bash", ["-c", line], { encoding: "utf8" });
    expect(completed.split("\n").filter((word) => word !== "")).toEqual(expected);
  });

  it("knows three shells, and says so for another", async () => {
    expect((await run(["completion", "fish"])).stdout).toContain("complete -c codegrant");
    expect(await run(["completion", "csh"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("bash, zsh, fish"),
    });
  });
});
