import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadDriver } from "../../sqlite/src/driver.ts";
import { formatKeys, newKey } from "../src/key-file.ts";
import { run, runJson, serve, stalled, temporaryFolder, unwritable } from "./command.ts";

const database = (): string => path.join(temporaryFolder(), "platform.db");

describe("codegrant serve", () => {
  it("says in one line what it serves and where, and answers /healthz", async () => {
    const db = database();
    const server = await serve(["--db", db]);
    expect(server.stdout()).toMatch(
      /^Codegrant serves twitch at http:\/\/localhost:\d+ \(database .*platform\.db\)\n$/,
    );
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  it("leaves database and key file to their owner alone, whatever the umask (ST-03)", async () => {
    const before = process.umask(0);
    const db = path.join(temporaryFolder(), "data", "platform.db");
    try {
      await serve(["--db", db]);
    } finally {
      process.umask(before);
    }
    const modes = [path.dirname(db), db, `${db}-wal`, `${db}-shm`, `${db}.keys`].map(
      (file) => statSync(file).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600, 0o600]);
  });

  it.each(["twitch", "rfc6749"])("speaks %s at its token endpoint", async (dialect) => {
    const server = await serve(["--db", database(), "--dialect", dialect]);
    const answer = await fetch(`${server.url}/oauth2/token`, { method: "POST", body: new URLSearchParams() });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.json()).toHaveProperty(dialect === "twitch" ? "message" : "error");
  });

  it("does what its configuration says", async () => {
    const db = database();
    const config = path.join(path.dirname(db), "config.json");
    writeFileSync(
      config,
      '{"name":"Photo Platform","scopes":[{"name":"photos:read","description":"see your photos"}]}',
    );
    const server = await serve(["--db", db, "--config", config]);
    const page = await (await fetch(`${server.url}/docs/scopes`)).text();
    expect(page).toContain("Photo Platform");
    expect(page).toContain("see your photos");
    expect(page).not.toContain("user_read");
  });

  it("takes its keys from CODEGRANT_KEYS and then makes no key file", async () => {
    const db = database();
    const keys = formatKeys([newKey(1, 1_800_000_000)]);
    const server = await serve(["--db", db], { env: { CODEGRANT_KEYS: keys } });
    expect(existsSync(`${db}.keys`)).toBe(false);
    expect(await server.stop()).toBe(0);
    const { code, stderr } = await run(["serve", "--db", db, "--port", "0"]); // now without
    expect(code).toBe(1);
    expect(stderr).toMatch(/key file .* is not there.*--key-file FILE/);
  });

  it.each(["SIGTERM", "SIGINT"] as const)("finishes a request under way at %s and ends with 0", async (signal) => {
    const server = await serve(["--db", database()]);
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += String(chunk);
    });
    const body = "grant_type=authorization_code&code=x&client_id=y";
    socket.write(`POST /oauth2/token HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n`);
    socket.write(
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    await (await fetch(`${server.url}/healthz`)).text(); // answered after it has our first half
    const ended = server.stop(signal);
    await refusesConnections(server.url);
    socket.write(body.slice(10));
    expect(await ended).toBe(0);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [^]*\{"status":400,"message":/);
  });

  it("ends at once at a second signal", async () => {
    const server = await serve(["--db", database()]);
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
    await (await fetch(`${server.url}/healthz`)).text();
    server.child.kill("SIGTERM");
    await refusesConnections(server.url);
    await new Promise((resolve) => setTimeout(resolve, 400)); // later than one key press arriving twice
    expect(await server.stop("SIGTERM")).toBe(143);
  });

  it("logs lines of JSON on stderr, and nothing when asked to be silent", async () => {
    const talking = await serve(["--db", database()]);
    await talking.stop();
    const silent = await serve(["--db", database(), "--log-level", "silent"]);
    await fetch(`${silent.url}/nowhere`);
    await silent.stop();
    const lines = silent
      .stderr()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    expect(lines).toEqual([]);
  });

  it("goes on where its log cannot be written, and ends well", async () => {
    const server = await serve(["--db", database(), "--log-level", "info"], { stderr: unwritable() });
    const refused = (): Promise<Response> => fetch(`${server.url}/oauth2/token`, { method: "POST", body: "x" });
    expect((await refused()).status).toBe(400); // each a line for the log
    expect((await refused()).status).toBe(400);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  it("that meets a mistake nothing caught ends, and its log has all lines and why", async () => {
    const config = path.join(temporaryFolder(), "failing.mjs");
    const failing = "for (const what of ['first', 'second']) setImmediate(() => { throw new Error(what); });";
    writeFileSync(config, `process.once("SIGUSR2", () => { ${failing} });\nexport default {};\n`);
    const server = await serve(["--db", database(), "--log-level", "info", "--config", config]);
    await fetch(`${server.url}/oauth2/token`, { method: "POST", body: "x" });
    expect(await server.stop("SIGUSR2")).toBe(1);
    const lines = server.stderr().trim().split("\n").slice(-2);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ event: "request.refused" }),
      expect.objectContaining({ event: "process.failed", cause: [expect.objectContaining({ message: "first" })] }),
    ]);
  });

  it.each([
    ["at a signal", 1, 0],
    ["at a second signal", 2, 143],
  ])("ends %s where nobody takes the lines of its log any more", async (_name, signals, code) => {
    const stderr = stalled();
    const server = await serve(["--db", database(), "--log-level", "info"], { stderr: stderr.descriptor });
    stderr.fill();
    for (const _ of ["being written", "waiting"]) {
      await fetch(`${server.url}/oauth2/token`, { method: "POST", body: "x" }); // a line for the log
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    if (signals === 2) {
      server.child.kill("SIGTERM");
      await new Promise((resolve) => setTimeout(resolve, 400)); // later than one key press arriving twice
    }
    expect(await server.stop()).toBe(code);
  });
});

describe("codegrant serve refuses with a sentence, exit code and no trace:", () => {
  const refused = async (args: readonly string[], options = {}): Promise<{ code: number | null; sentence: string }> => {
    const { code, stdout, stderr } = await run(
      ["serve", ...(args.includes("--port") ? [] : ["--port", "0"]), ...args],
      options,
    );
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/\n\s+at |Error:/);
    return { code, sentence: stderr };
  };

  it("a database that cannot be written", async () => {
    const db = database();
    await run(["user", "create", "--db", db, "--login", "ninja"]);
    chmodSync(db, 0o400);
    chmodSync(path.dirname(db), 0o500);
    const { code, sentence } = await refused(["--db", db], { boundByModes: true });
    chmodSync(path.dirname(db), 0o700);
    expect(code).toBe(1);
    expect(sentence).toMatch(/platform\.db cannot be written.*writable/);
  });

  it("a folder in the database's place", async () => {
    const { code, sentence } = await refused(["--db", temporaryFolder()]);
    expect(code).toBe(1);
    expect(sentence).toMatch(/that is a folder/);
  });

  it("a file that is no database, which stays as it was", async () => {
    const db = database();
    const text = "Dear diary, ".repeat(100);
    writeFileSync(db, text);
    const { code, sentence } = await refused(["--db", db]);
    expect(code).toBe(1);
    expect(sentence).toMatch(/is not a database/);
    expect(readFileSync(db, "utf8")).toBe(text);
    expect(existsSync(`${db}.keys`)).toBe(false);
  });

  it("a database that another process holds", async () => {
    const db = database();
    await run(["user", "create", "--db", db, "--login", "ninja"]);
    const Database = await loadDriver();
    const holder = new Database(db);
    holder.exec("BEGIN IMMEDIATE");
    const { code, sentence } = await refused(["--db", db]);
    holder.close();
    expect(code).toBe(1);
    expect(sentence).toMatch(/holds the database/);
  });

  it("a key file that was lost", async () => {
    const db = database();
    await (await serve(["--db", db])).stop();
    rmSync(`${db}.keys`);
    const { code, sentence } = await refused(["--db", db]);
    expect(code).toBe(1);
    expect(sentence).toMatch(/key file .*platform\.db\.keys is not there.*--key-file FILE/);
    expect(existsSync(`${db}.keys`)).toBe(false);
  });

  it("a key file that cannot be read", async () => {
    const db = database();
    await (await serve(["--db", db])).stop();
    chmodSync(`${db}.keys`, 0o000);
    const { code, sentence } = await refused(["--db", db], { boundByModes: true });
    expect(code).toBe(1);
    expect(sentence).toMatch(/cannot be read \(EACCES\).*right to read it/);
  });

  it("a key file that others can read", async () => {
    const db = database();
    await (await serve(["--db", db])).stop();
    chmodSync(`${db}.keys`, 0o644);
    const { code, sentence } = await refused(["--db", db]);
    expect(code).toBe(1);
    expect(sentence).toMatch(/open to other users.*chmod 600/);
  });

  it("a folder for keys that cannot be written", async () => {
    const folder = path.join(temporaryFolder(), "closed");
    mkdirSync(folder, { mode: 0o500 });
    const { code, sentence } = await refused(["--db", database(), "--key-file", path.join(folder, "k")], {
      boundByModes: true,
    });
    expect(code).toBe(1);
    expect(sentence).toMatch(/cannot be made \(EACCES\).*--key-file FILE/);
  });

  it("a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { code, sentence } = await refused(["--db", database(), "--port", String(port)]);
    other.close();
    expect(code).toBe(1);
    expect(sentence).toMatch(new RegExp(`Port ${port} is taken.*--port N`));
  });

  it.each([
    ["an issuer that is no URL", ["--issuer", "id.example.com"], /--issuer must be/],
    [
      "an issuer with a slash at its end",
      ["--issuer", "https://id.example.com/"],
      /like this: https:\/\/id\.example\.com\n/,
    ],
    ["plain http beyond this machine", ["--host", "0.0.0.0"], /--insecure-http/],
    ["a proxy that is no address", ["--trusted-proxy", "proxy.example"], /proxy\.example is not an address/],
  ])("%s, as a command line that is wrong", async (_, args, sentence) => {
    const db = database();
    const ended = await refused(["--db", db, ...args]);
    expect(ended.code).toBe(2);
    expect(ended.sentence).toMatch(sentence);
    expect(existsSync(db)).toBe(false);
  });

  it.each([
    ["a setting nobody knows", '{"lifetime":{}}', /lifetime: there is no such setting/],
    [
      "a scope that means something else",
      '{"scopes":[{"name":"openid","description":"x"}]}',
      /"openid" has a meaning of its own/,
    ],
  ])("a configuration with %s", async (_, text, said) => {
    const db = database();
    const config = path.join(path.dirname(db), "config.json");
    writeFileSync(config, text);
    const { code, sentence } = await refused(["--db", db, "--config", config]);
    expect(code).toBe(1);
    expect(sentence).toMatch(said);
  });
});

describe("codegrant serve beyond this machine", () => {
  it("warns at each start with --insecure-http", async () => {
    const db = database();
    for (const _ of [1, 2]) {
      const server = await serve(["--db", db, "--host", "0.0.0.0", "--insecure-http"]);
      expect(server.stderr()).toMatch(/Warning: --insecure-http/);
      await server.stop();
    }
  });
});

describe("commands beside a running server", () => {
  it("change what it serves at once", async () => {
    const db = database();
    const server = await serve(["--db", db]);
    const made: Record<string, string> = await runJson([
      "app",
      "create",
      "--db",
      db,
      "--name",
      "Printer",
      "--redirect-uri",
      "http://localhost/",
    ]);
    await run(["user", "create", "--db", db, "--login", "ninja", "--password-stdin"], {
      input: "correct horse battery",
    });
    const query = new URLSearchParams({
      response_type: "code",
      client_id: made["client_id"] ?? "",
      redirect_uri: "http://localhost/",
      scope: "user_read",
    });
    const authorize = `${server.url}/oauth2/authorize?${query.toString()}`;
    expect(await (await fetch(authorize)).text()).toContain("Printer");
    await run(["app", "delete", made["client_id"] ?? "", "--db", db]);
    expect((await fetch(authorize)).status).toBe(400);
    expect(await server.stop()).toBe(0);
    expect(await runJson(["user", "list", "--db", db])).toMatchObject([{ login: "ninja" }]);
  });
});

async function refusesConnections(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const refused = await fetch(`${url}/healthz`).then(
      async (answer) => {
        await answer.text();
        return false;
      },
      () => true,
    );
    if (refused) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("The server still takes connections.");
}
