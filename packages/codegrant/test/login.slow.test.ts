import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  answer,
  at,
  bot,
  connected,
  createWorld,
  type Dialect,
  dialects,
  type Ended,
  loginOf,
  withSecret,
} from "./connection-world.ts";
import { createUserAgent } from "./user-agent.ts";

/** As over SSH: nothing that could open an address. */
const noBrowser = { BROWSER: "", DISPLAY: "", WAYLAND_DISPLAY: "" };

describe.each(dialects)("codegrant login, in %s", (dialect: Dialect) => {
  it("says the redirect URI, opens the browser, takes the answer and shows who approved (CC-17, CC-19)", async () => {
    const world = await createWorld(dialect);
    const application = await world.register();
    const login = world.start(loginOf(world, dialect, application, "--json"), withSecret(application));
    const { page, address } = await answer(await login.opened(), "approve");
    const { code, stdout, stderr } = await login.ended;
    expect(code).toBe(0);
    const [before, after] = stderr.split("Your browser was opened");
    expect(before).toBe(`Register this redirect URI, exactly: ${application.redirectUri}\n`);
    expect(after).toBeDefined();
    expect(JSON.parse(stdout)).toMatchObject({ status: "approved", account: "default", user: { login: "ninja" } });
    expect(page).toContain("You are connected");
    expect(address).not.toMatch(/[?#]|code|state/);
  });

  it("ends with 2 when the user declines, and keeps nothing", async () => {
    const world = await createWorld(dialect);
    const application = await world.register();
    const login = world.start(loginOf(world, dialect, application, "--json"), withSecret(application));
    const { page } = await answer(await login.opened(), "decline");
    const { code, stdout } = await login.ended;
    expect({ code, told: JSON.parse(stdout) as unknown, page }).toMatchObject({
      code: 2,
      told: { status: "declined" },
      page: expect.stringContaining("You said no"),
    });
    expect(await world.run(["status", ...at(world, dialect)])).toMatchObject({ code: 4, stdout: "" });
  });

  it("shows one address and one code with --device, and needs neither secret nor redirect URI", async () => {
    const world = await createWorld(dialect);
    const application = await world.register("public");
    const login = world.start(loginOf(world, dialect, application, "--device"));
    const told = await login.said(/enter the code [A-Z0-9-]+\n/);
    expect(told).toMatch(/^Open http\S+\nand check or enter the code [A-Z0-9-]+\n$/);
    const { walked } = await answer(await login.opened(), "approve");
    expect(walked.status).toBe(200);
    expect((await login.ended).code).toBe(0);
    expect((await world.run(["token", ...at(world, dialect)])).stdout).toMatch(/^cga_\S+\n$/);
  });
});

describe("codegrant login", () => {
  it("ends with 3 when nobody answers in time, and says the likely causes", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const ended = await world.run(loginOf(world, "twitch", application, "--timeout", "1"), withSecret(application));
    expect(ended).toMatchObject({ code: 3, stdout: "" });
    expect(ended.stderr).toContain(
      `The redirect URI registered at Codegrant is not exactly ${application.redirectUri}`,
    );
    expect(ended.stderr).toContain("The browser is on another machine");
  });

  it("takes the address that a person pastes, and what is no answer changes nothing (CC-29)", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const env = { ...withSecret(application).env, ...noBrowser };
    const login = world.start(loginOf(world, "twitch", application), { env });
    const told = await login.said(/paste the address/);
    const { left } = await createUserAgent().walk(/^ {2}(http\S+)$/m.exec(told)?.[1] ?? "", approving);
    login.type("what do I paste here?");
    await login.said(/no answer to this login/);
    login.type(String(left));
    expect(await login.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("ninja (1)") });
    expect(told).toMatch(/^Open this address:$/m);
  });

  it("goes on waiting after stray hits at the redirect URI (CC-01, CC-05)", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const login = world.start(loginOf(world, "twitch", application), withSecret(application));
    const url = await login.opened();
    for (const stray of ["?code=x&state=y", "?error=access_denied", "?state=y", "/favicon.ico"]) {
      expect((await fetch(application.redirectUri + stray)).ok).toBe(false);
    }
    await answer(url, "approve");
    expect((await login.ended).code).toBe(0);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends cleanly at %s", async (signal) => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const login = world.start(loginOf(world, "twitch", application), withSecret(application));
    await login.opened();
    login.child.kill(signal);
    const { code, stdout, stderr } = await login.ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/\nStopped\. Nothing was changed\.\n$/);
  });

  it("ends cleanly while it still waits for the secret", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const interruptAfter = async (milliseconds: number): Promise<Ended> => {
      const login = world.start(loginOf(world, "twitch", application, "--secret-file", "-"));
      await new Promise((resolve) => setTimeout(resolve, milliseconds)); // it has nothing to say yet
      login.child.kill("SIGINT");
      const ended = await login.ended;
      // Node itself ended a program that had not begun.
      return ended.code === null ? interruptAfter(2 * milliseconds) : ended;
    };
    expect(await interruptAfter(1_000)).toEqual({
      code: 1,
      stdout: "",
      stderr: "Stopped. Nothing was changed.\n",
    });
  });

  it("refuses another user than the account's or the expected one, and keeps what it has", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const first = world.start(loginOf(world, "twitch", application), withSecret(application));
    await answer(await first.opened(), "approve");
    await first.ended;
    for (const more of [["--again"], ["--account", "other", "--expect", "ninja"]]) {
      const login = world.start(loginOf(world, "twitch", application, ...more));
      const { page } = await answer(await login.opened(), "approve", bot);
      expect(page).toContain("Another account");
      const { code, stderr } = await login.ended;
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining("robot approved, but ninja was to"),
      });
    }
    const { stdout } = await world.run(["status", ...at(world, "twitch"), "--json"]);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ account: "default", user: { id: "1", login: "ninja" } }),
    ]);
  });

  it("asks once however many commands ask, and all end with the same", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const first = world.start(loginOf(world, "twitch", application), withSecret(application));
    const url = await first.opened();
    const others = [1, 2].map(() => world.start(loginOf(world, "twitch", application), withSecret(application)));
    await Promise.all(others.map((other) => other.said(/^Another process is asking/)));
    await answer(url, "approve");
    for (const { ended } of [first, ...others]) {
      expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining("ninja (1)") });
    }
    for (const other of others) expect(other.stderr()).not.toContain("browser was opened");
  });

  it("asks nobody when the account is connected with these scopes", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const first = world.start(loginOf(world, "twitch", application), withSecret(application));
    await answer(await first.opened(), "approve");
    await first.ended;
    const { code, stderr } = await world.run(["login", ...at(world, "twitch")]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("Already connected") });
  });

  it("says at once that nothing answers at the server's address, and waits for nobody", async () => {
    const world = await createWorld("twitch");
    const login = ["login", "--server", "http://localhost:1", "--client-id", "x"];
    expect(await world.run(login)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^Nothing answers at http:\/\/localhost:1 \(\w.*\)\. Start that server/),
    });
  });

  it("says where the secret comes from when the server wants one", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    for (const dialect of dialects) {
      const login = world.start(loginOf(world, dialect, application, "--scope", "user:read:email"));
      const { left } = (await answer(await login.opened(), "approve")).walked;
      if (left === undefined) login.child.kill("SIGINT");
      const { code, stderr } = await login.ended;
      expect({ dialect, code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("CODEGRANT_CLIENT_SECRET or --secret-file FILE"),
      });
    }
  });

  it("keeps no secret that nobody has tried: the good one stays", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    await connected(world, "twitch", application);
    const wrong = { env: { CODEGRANT_CLIENT_SECRET: "wrong" }, input: "" };
    expect(await world.run(loginOf(world, "twitch", application), wrong)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("was not tried and is not kept"),
    });
    expect((await world.run(["refresh", ...at(world, "twitch")])).code).toBe(0);
  });

  it("mends itself where the tokens were kept and the application was not: killed in between, or a full disk", async () => {
    const world = await createWorld("rfc6749");
    const application = await world.register();
    await connected(world, "rfc6749", application);
    rmSync(path.join(world.folder, "state", "codegrant", "applications"), { recursive: true });
    const token = ["token", ...at(world, "rfc6749")];
    expect((await world.run(token)).code).toBe(4);
    const again = await world.run(loginOf(world, "rfc6749", application), withSecret(application));
    expect([again.code, again.stderr]).toEqual([0, expect.not.stringContaining("not kept")]);
    expect((await world.run(token)).code).toBe(0);
    expect((await world.run(["refresh", ...at(world, "rfc6749")])).code).toBe(0);
  });

  it("keeps scopes and redirect URI for each account by itself", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    await connected(world, "twitch", application);
    const { clientId, redirectUri } = application;
    const chat = ["login", ...at(world, "twitch"), "--client-id", clientId, "--account", "bot", "--scope", "chat:read"];
    const first = world.start(chat);
    await answer(await first.opened(), "approve", bot);
    expect(await first.ended).toMatchObject({ code: 0, stderr: expect.stringContaining(redirectUri) });
    for (const [account, scope] of [
      ["default", "user:read:email"],
      ["bot", "chat:read"],
    ] as const) {
      const again = world.start(["login", ...at(world, "twitch"), "--account", account, "--again", "--timeout", "1"]);
      expect(new URL(await again.opened()).searchParams.get("scope")).toBe(scope);
      again.child.kill("SIGINT");
      await again.ended;
    }
  });

  it("takes any server by its issuer's address, as the name or as an option", async () => {
    const world = await createWorld("rfc6749");
    const application = await world.register();
    const { clientId, redirectUri } = application;
    const options = ["--client-id", clientId, "--redirect-uri", redirectUri, "--scope", "profile"];
    const login = world.start(["login", world.url, ...options], withSecret(application));
    await answer(await login.opened(), "approve");
    expect(await login.ended).toMatchObject({ code: 0, stdout: expect.stringContaining("ninja") });
    expect((await world.run(["token", "--issuer", world.url])).stdout).toMatch(/^cga_\S+\n$/);
  });

  it.each(["--secret-file FILE", "--secret-file -"])("takes the secret from %s", async (how) => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const file = path.join(world.folder, "secret.txt");
    writeFileSync(file, `${application.clientSecret}\n`);
    const login = world.start(loginOf(world, "twitch", application, ...how.replace("FILE", file).split(" ")));
    if (how.endsWith("-")) login.type(application.clientSecret);
    await answer(await login.opened(), "approve");
    expect((await login.ended).code).toBe(0);
  });

  it("says that the secret is wrong, and keeps nothing", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const login = world.start(
      loginOf(world, "twitch", application),
      withSecret({ ...application, clientSecret: "wrong" }),
    );
    const { page } = await answer(await login.opened(), "approve");
    expect(page).toContain("That did not work");
    const { code, stderr } = await login.ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("The client secret is wrong") });
    expect((await world.run(["status"])).stderr).toBe("There is no connection yet.\n");
  });

  it.each([
    ["no name", [], "Say which provider. There are twitch, github"],
    ["an unknown name", ["twich", "--client-id", "x"], 'No provider is called "twich"'],
    ["no client id", ["twitch"], "--client-id ID, or in CODEGRANT_CLIENT_ID"],
    ["a provider that needs a secret, without one", ["slack", "--client-id", "x"], "needs the client secret"],
    ["a provider without a device login", ["spotify", "--client-id", "x", "--device"], "no login by device"],
    ["an address that is none", ["--server", "localhost:8080", "--client-id", "x"], "--server must be an address"],
    ["http beyond this machine", ["http://id.example.org", "--client-id", "x"], "must be an https address"],
    ["an unknown option", ["twitch", "--secret", "x"], "unknown option '--secret'"],
    ["a time that is none", ["twitch", "--timeout", "soon"], "whole number from 1 to 3600"],
    ["a secret file that is not there", ["twitch", "--client-id", "x", "--secret-file", "/nowhere"], "ENOENT"],
  ])("ends with 1 and a sentence for %s", async (_what, args, sentence) => {
    const world = await createWorld("twitch");
    const { code, stdout, stderr } = await world.run(["login", ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/\n\s+at |mistake of its own/);
  });

  it("keeps what it keeps in files for their owner alone (CT-01)", async () => {
    const world = await createWorld("twitch");
    const application = await world.register();
    const login = world.start(loginOf(world, "twitch", application), withSecret(application));
    await answer(await login.opened(), "approve");
    expect((await login.ended).stdout).toMatch(
      /stored +in files of \S+, readable by their owner alone, not encrypted\n/,
    );
    const state = path.join(world.folder, "state", "codegrant");
    const kept = readdirSync(state).flatMap((folder) => {
      expect(statSync(path.join(state, folder)).mode & 0o777).toBe(0o700);
      return readdirSync(path.join(state, folder)).map((name) => path.join(state, folder, name));
    });
    expect(kept.map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
    expect(kept.map((file) => readFileSync(file, "utf8")).join("")).toContain(application.clientSecret);
  });
});

const approving = { login: "ninja", password: "correct horse battery", decision: "approve" } as const;
