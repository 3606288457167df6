import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { disconnect } from "@codegrant/server";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  answer,
  at,
  bot,
  connected,
  createWorld,
  type Dialect,
  dialects,
  loginOf,
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

/** As the user does it on the Connections page. */
async function disconnectNinja({ server: { platform } }: World, { id }: Registered): Promise<void> {
  expect(await disconnect(platform, "1", id)).toBe("disconnected");
}

describe.each(dialects)("a connection, in %s", (dialect: Dialect) => {
  it("prints its token and nothing else, and the same one while it is good", async () => {
    const [world] = await connectedWorld(dialect);
    const first = await world.run(["token", ...at(world, dialect)]);
    expect(first).toEqual({ code: 0, stdout: expect.stringMatching(/^cga_\S+\n$/), stderr: "" });
    expect(await world.run(["token", ...at(world, dialect)])).toEqual(first);
    const { stdout } = await world.run(["token", ...at(world, dialect), "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ access_token: first.stdout.trim(), expires_at: expect.any(String) });
  });

  it("refreshes an expired token by itself, without the secret being given again", async () => {
    const [world] = await connectedWorld(dialect, 2);
    const first = await world.run(["token", ...at(world, dialect)]);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const second = await world.run(["token", ...at(world, dialect)]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.stdout).not.toBe(first.stdout);
  });

  it("refreshes when it is told to", async () => {
    const [world] = await connectedWorld(dialect);
    const first = await world.run(["token", ...at(world, dialect)]);
    const refreshed = await world.run(["refresh", ...at(world, dialect), "--json"]);
    expect(refreshed.code).toBe(0);
    expect(JSON.parse(refreshed.stdout)).toMatchObject({ state: "active", usable: true, user: { login: "ninja" } });
    expect((await world.run(["token", ...at(world, dialect)])).stdout).not.toBe(first.stdout);
  });

  it("ends with 4 once the user has disconnected it, says the command that mends it, and that one does", async () => {
    const [world, application] = await connectedWorld(dialect);
    await disconnectNinja(world, application);
    const refreshed = await world.run(["refresh", ...at(world, dialect)]);
    expect(refreshed).toMatchObject({ code: 4, stdout: "" });
    expect(refreshed.stderr).toContain(`codegrant login ${dialect === "twitch" ? "twitch " : ""}--server ${world.url}`);
    const status = await world.run(["status", ...at(world, dialect), "--json"]);
    expect(status.code).toBe(4);
    expect(JSON.parse(status.stdout)).toMatchObject([{ state: "needs_login", cause: { code: "invalid_grant" } }]);
    const login = world.start(["login", ...at(world, dialect)]);
    await answer(await login.opened(), "approve");
    expect((await login.ended).code).toBe(0);
    expect((await world.run(["token", ...at(world, dialect)])).code).toBe(0);
  });

  it("is revoked and forgotten at logout, with every file of it (CT-24)", async () => {
    const [world] = await connectedWorld(dialect);
    const { stdout: token } = await world.run(["token", ...at(world, dialect)]);
    const logout = await world.run(["logout", ...at(world, dialect), "--json"]);
    expect(logout).toMatchObject({ code: 0, stderr: "Revoked at the provider, and forgotten here.\n" });
    expect(JSON.parse(logout.stdout)).toEqual({ account: "default", revoked: "revoked", forgotten: true });
    const state = path.join(world.folder, "state", "codegrant");
    expect(readdirSync(state).flatMap((folder) => readdirSync(path.join(state, folder)))).toEqual([]);
    if (dialect === "twitch") expect(await validate(world, token.trim())).toBe(401);
    expect((await world.run(["token", ...at(world, dialect)])).code).toBe(4);
    expect(await world.run(["logout", ...at(world, dialect)])).toMatchObject({ code: 0, stdout: "" });
  });
});

describe("two accounts of one application", () => {
  it("live side by side: each has its own token, and one logs out without the other", async () => {
    const [world, application] = await connectedWorld("twitch");
    await connected(world, "twitch", application, { account: "bot", user: bot });
    const { stdout } = await world.run(["status"]);
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/).slice(1, 4))).toEqual([
      ["ACCOUNT", "USER", "STATE"],
      ["bot", "robot (2)", "active"],
      ["default", "ninja (1)", "active"],
      [],
    ]);
    const who = async (...account: string[]) =>
      (await world.run(["fetch", ...at(world, "twitch"), "/oauth2/validate", ...account])).stdout;
    expect(JSON.parse(await who())).toMatchObject({ login: "ninja" });
    expect(JSON.parse(await who("--account", "bot"))).toMatchObject({ login: "robot" });
    expect((await world.run(["logout", ...at(world, "twitch"), "--account", "bot"])).code).toBe(0);
    expect((await world.run(["token", ...at(world, "twitch"), "--account", "bot"])).code).toBe(4);
    expect((await world.run(["token", ...at(world, "twitch")])).code).toBe(0);
  });

  it("may be of two applications, and then the command asks which", async () => {
    const [world, first] = await connectedWorld("twitch");
    const second = await world.register();
    await connected(world, "twitch", second);
    const unclear = await world.run(["token", ...at(world, "twitch")]);
    expect(unclear.code).toBe(1);
    for (const { clientId } of [first, second]) {
      expect(unclear.stderr).toContain(clientId);
      expect((await world.run(["token", ...at(world, "twitch"), "--client-id", clientId])).code).toBe(0);
    }
  });
});

describe("codegrant fetch", () => {
  it("prints the body, whatever the status, and ends with 1 if that is no success", async () => {
    const [world] = await connectedWorld("twitch");
    const good = await world.run(["fetch", "--server", world.url, "twitch", "/oauth2/validate"]);
    expect(good).toMatchObject({ code: 0, stderr: "" });
    const missing = await world.run(["fetch", ...at(world, "twitch"), `${world.url}/nowhere`]);
    expect({ ...missing, stdout: missing.stdout.length > 0 }).toEqual({
      code: 1,
      stdout: true,
      stderr: "The API answered 404; what it says is on stdout.\n",
    });
  });

  it("ends with 4 at a 401 right after the login, too, and spends no refresh on it", async () => {
    const [world] = await connectedWorld("twitch");
    const api = await standIn((_request, response) => response.writeHead(401).end("not this one"));
    const token = await world.run(["token", ...at(world, "twitch")]);
    expect(await world.run(["fetch", ...at(world, "twitch"), `${api}/users`, "--api-origin", api])).toEqual({
      code: 4,
      stdout: "not this one",
      stderr: expect.stringContaining("The API answered 401"),
    });
    expect(await world.run(["token", ...at(world, "twitch")])).toEqual(token);
  });

  it.each([
    ["never answers", () => undefined],
    ["stops in the middle", (_request, response) => void response.write("a beginning")],
  ] as const satisfies [string, RequestListener][])("ends with 3 when the API %s", async (_what, listener) => {
    const [world] = await connectedWorld("twitch");
    const api = await standIn(listener);
    const ended = await world.run(["fetch", ...at(world, "twitch"), api, "--api-origin", api, "--timeout", "1"]);
    expect(ended.code).toBe(3);
    expect(ended.stderr).toBe(`${api} did not answer in full within 1 s. Allow more with --timeout SECONDS.\n`);
  });

  it("ends well when its reader has seen enough, as `head` does", async () => {
    const [world] = await connectedWorld("twitch");
    const api = await standIn((_request, response) => {
      response.writeHead(200);
      Readable.from(endlessly()).pipe(response);
    });
    const fetching = world.start(["fetch", ...at(world, "twitch"), api, "--api-origin", api], { input: "" });
    if (fetching.child.stdout !== null) await once(fetching.child.stdout, "data");
    fetching.child.stdout?.destroy();
    expect(await fetching.ended).toMatchObject({ code: 0, stderr: "" });
  });

  it("ends with 4 when the API does not take the token", async () => {
    const [world, application] = await connectedWorld("twitch");
    await disconnectNinja(world, application);
    expect((await world.run(["fetch", ...at(world, "twitch"), "/helix/users"])).code).toBe(4);
  });

  it("sends the token nowhere but to the provider and the origins that were named (CT-21)", async () => {
    const [world] = await connectedWorld("twitch");
    const elsewhere = world.url.replace("localhost", "127.0.0.1");
    const address = `${elsewhere}/oauth2/validate`;
    const refused = await world.run(["fetch", ...at(world, "twitch"), address]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(`add --api-origin ${elsewhere}`);
    const named = await world.run(["fetch", ...at(world, "twitch"), address, "--api-origin", elsewhere]);
    expect(named.code).toBe(0);
    const nobody = ["http://127.0.0.1:1/", "--api-origin", "http://127.0.0.1:1"];
    const unreachable = await world.run(["fetch", ...at(world, "twitch"), ...nobody]);
    expect(unreachable).toMatchObject({ code: 1, stdout: "" });
    expect(unreachable.stderr).toMatch(/could not be reached \(\w.*\)\. Check the address/);
  });
});

describe("a whole life of a connection", () => {
  it("shows no secret, code or token in an argument or an output, but for the token that was asked for (CT-23)", async () => {
    const [world, application] = await connectedWorld("twitch");
    const { stdout } = await world.run(["token", ...at(world, "twitch")]);
    world.heard.splice(world.heard.indexOf(stdout), 1);
    const login = world.start(loginOf(world, "twitch", application, "--again"), withSecret(application));
    const { walked } = await answer(await login.opened(), "approve");
    await login.ended;
    for (const command of ["refresh", "status", "logout"]) await world.run([command, ...at(world, "twitch")]);
    const heard = world.heard.join("\n");
    expect(heard).toContain("Revoked at the provider");
    for (const secret of [application.clientSecret, stdout.trim(), walked.left?.searchParams.get("code") ?? "?"]) {
      expect(heard).not.toContain(secret);
    }
    expect(heard).not.toMatch(/cg[acr]_/);
  });
});

/** An API of somebody else on this machine. */
async function standIn(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

function* endlessly(): Generator<string> {
  for (;;) yield "more and more\n".repeat(1_000);
}

async function validate({ url }: World, token: string): Promise<number> {
  return (await fetch(`${url}/oauth2/validate`, { headers: { authorization: `OAuth ${token}` } })).status;
}
