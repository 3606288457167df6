import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { run, runJson, type Serving, serve, temporaryFolder } from "./command.ts";
import { type Answers, createUserAgent, type UserAgent } from "./user-agent.ts";

const user: Answers = { login: "ninja", password: "correct horse battery", decision: "approve" };

interface Platform {
  readonly folder: string;
  readonly server: Serving;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** As the how-to begins: a user, and an application registered with `http://localhost/`. */
async function startPlatform(): Promise<Platform> {
  const folder = temporaryFolder();
  const db = path.join(folder, "platform.db");
  const server = await serve(["--db", db, "--log-level", "info"]);
  await run(["user", "create", "--db", db, "--login", user.login, "--password-stdin"], { input: user.password });
  const application: { client_id: string; client_secret: string } = await runJson([
    "app",
    "create",
    "--db",
    db,
    "--name",
    "Old script",
    "--redirect-uri",
    "http://localhost/",
  ]);
  return { folder, server, clientId: application.client_id, clientSecret: application.client_secret };
}

function authorizeUrl({ server, clientId }: Platform, more: Readonly<Record<string, string>> = {}): string {
  const query = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: "http://localhost/",
    scope: "user_read channel_read",
    state: "c3ab8aa609ea11e793ae92361f002671",
    ...more,
  };
  return `${server.url}/kraken/oauth2/authorize?${new URLSearchParams(query).toString()}`;
}

async function getCode(platform: Platform, agent: UserAgent = createUserAgent()): Promise<string> {
  const { left } = await agent.walk(authorizeUrl(platform), user);
  return left?.searchParams.get("code") ?? "";
}

async function exchange({ server, clientId, clientSecret }: Platform, code: string): Promise<Response> {
  const form = {
    client_id: clientId,
    client_secret: clientSecret,
    grant_type: "authorization_code",
    redirect_uri: "http://localhost/",
    code,
  };
  return fetch(`${server.url}/kraken/oauth2/token`, { method: "POST", body: new URLSearchParams(form) });
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: readonly string[];
}

describe("Twitch's old how-to, with nothing changed but the host", () => {
  it("leads from the authorize address to a token, and a request on the user's behalf", async () => {
    const platform = await startPlatform();
    const agent = createUserAgent();
    const { left, pages } = await agent.walk(authorizeUrl(platform), user);
    expect(pages).toHaveLength(2); // sign-in and consent
    expect(left?.origin).toBe("http://localhost");
    expect(left?.searchParams.get("scope")).toBe("user_read channel_read");
    expect(left?.searchParams.get("state")).toBe("c3ab8aa609ea11e793ae92361f002671");

    const answer = await exchange(platform, left?.searchParams.get("code") ?? "");
    expect(answer.status).toBe(200);
    const tokens = (await answer.json()) as Tokens;
    expect(tokens).toMatchObject({
      access_token: expect.stringMatching(/\S{20}/),
      refresh_token: expect.stringMatching(/\S{20}/),
      scope: ["user_read", "channel_read"],
    });

    const get = async (address: string, scheme: string): Promise<unknown> =>
      (
        await fetch(platform.server.url + address, { headers: { authorization: `${scheme} ${tokens.access_token}` } })
      ).json();
    expect(await get("/kraken", "OAuth")).toMatchObject({ token: { valid: true, user_name: "ninja" } });
    expect(await get("/kraken/user", "OAuth")).toMatchObject({ name: "ninja" });
    expect(await get("/oauth2/validate", "OAuth")).toMatchObject({ login: "ninja", client_id: platform.clientId });

    const again = await agent.walk(authorizeUrl(platform), user);
    expect(again.pages).toEqual([]); // granted before: sent straight back
    expect(again.left?.searchParams.has("code")).toBe(true);
    const asked = await agent.walk(authorizeUrl(platform, { force_verify: "true" }), user);
    expect(asked.pages.length).toBeGreaterThan(0);
  });

  it("brings a no back as access_denied", async () => {
    const platform = await startPlatform();
    const { left } = await createUserAgent().walk(authorizeUrl(platform), { ...user, decision: "decline" });
    expect(Object.fromEntries(left?.searchParams ?? [])).toEqual({
      error: "access_denied",
      error_description: "The user denied you access",
      state: "c3ab8aa609ea11e793ae92361f002671",
    });
  });

  it("works with its PHP script, which echoes the tokens as JSON", async () => {
    const php = spawnSync("php", ["-m"], { encoding: "utf8" });
    if (php.error || !php.stdout.includes("curl")) {
      console.warn("php with curl is not installed here, so the PHP script was NOT run. Its requests were, by Node.");
      expect(php.stdout ?? "").not.toContain("curl");
      return;
    }
    const platform = await startPlatform();
    const site = await servePhp(platform);
    const agent = createUserAgent();
    for (const multipart of ["", "&multipart=1"]) {
      const code = await getCode(platform, agent);
      const echoed = (await (
        await fetch(`${site}/how-to.php?code=${code}&scope=user_read${multipart}`)
      ).json()) as Tokens;
      expect(echoed).toMatchObject({ scope: ["user_read", "channel_read"] });
      expect(echoed.access_token).toMatch(/\S{20}/);
      expect(echoed.refresh_token).toMatch(/\S{20}/);
    }
  });
});

describe("secrets", () => {
  it("stand in no log line and in no file, in clear, hex or base64 (LG-01, ST-01)", async () => {
    const platform = await startPlatform();
    const agent = createUserAgent();
    const code = await getCode(platform, agent);
    const tokens = (await (await exchange(platform, code)).json()) as Tokens;
    await exchange(platform, code); // a replay, which is reported
    await createUserAgent().walk(authorizeUrl(platform), { ...user, login: "nobody" });
    const { server, folder } = platform;
    expect(await server.stop()).toBe(0);

    const secrets = [
      user.password,
      platform.clientSecret,
      code,
      tokens.access_token,
      tokens.refresh_token,
      ...agent.cookies.values(),
    ];
    expect(secrets.every((secret) => secret.length > 15)).toBe(true);
    const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "latin1"));
    const places = [server.stdout(), server.stderr(), ...files];
    for (const secret of secrets) {
      const bytes = Buffer.from(secret);
      for (const form of [secret, bytes.toString("hex"), bytes.toString("base64"), bytes.toString("base64url")]) {
        expect(places.filter((text) => text.includes(form.replace(/=+$/, "")))).toEqual([]);
      }
    }
    const lines = server
      .stderr()
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(
      expect.arrayContaining(["user.signedIn", "consent.approved", "code.issued", "code.redeemed"]),
    );
  });
});

/** PHP's own little server, as the redirect URI's host; it is gone after the test. */
async function servePhp({ server, clientId, clientSecret }: Platform): Promise<string> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  const host = `127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  probe.close();
  const child = spawn("php", ["-S", host, "-t", fileURLToPath(new URL("fixtures", import.meta.url))], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, PLATFORM: server.url, CLIENT_ID: clientId, CLIENT_SECRET: clientSecret },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  while (!said.includes("started")) said += String((await once(child.stderr, "data"))[0]);
  return `http://${host}`;
}
