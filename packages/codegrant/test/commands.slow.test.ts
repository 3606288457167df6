import { existsSync } from "node:fs";
import path from "node:path";
import { openStore } from "@codegrant/sqlite/server";
import { describe, expect, it } from "vitest";
import { run, runJson, temporaryFolder, unwritable } from "./command.ts";

const database = (): string => path.join(temporaryFolder(), "platform.db");
const password = "correct horse battery";
const latin1 = Buffer.from("mot de passe oublié", "latin1");

async function databaseWith(...logins: readonly string[]): Promise<string> {
  const file = database();
  const store = await openStore({ file });
  for (const login of logins) await store.createUser({ login, displayName: login, createdAt: 1_800_000_000 });
  await store.close();
  return file;
}

describe("codegrant app", () => {
  it("create prints a client_id and, this once, a client_secret; list, show and delete follow it", async () => {
    const db = database();
    const registration = [
      "--name",
      "Photo printer",
      "--redirect-uri",
      "http://localhost/",
      "--redirect-uri",
      "https://p.example/cb",
    ];
    const made: Record<string, unknown> = await runJson([
      "app",
      "create",
      "--db",
      db,
      ...registration,
      "--pkce",
      "required",
    ]);
    expect(made).toEqual({
      client_id: expect.stringMatching(/^[a-z0-9]{30}$/),
      client_secret: expect.stringMatching(/^[A-Za-z0-9]{43}$/),
      name: "Photo printer",
      type: "confidential",
      redirect_uris: ["http://localhost/", "https://p.example/cb"],
      pkce: "required",
      secrets: [{ created_at: expect.any(String) }],
      disabled: false,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    const { client_secret: secret, ...shown } = made;
    const clientId = String(made["client_id"]);
    expect(await runJson(["app", "show", clientId, "--db", db])).toEqual(shown);
    const listed: readonly object[] = await runJson(["app", "list", "--db", db]);
    expect(listed).toEqual([expect.objectContaining({ id: 1, client_id: clientId, name: "Photo printer" })]);
    expect(JSON.stringify(listed)).not.toContain(secret);
    expect(await runJson(["app", "delete", clientId, "--db", db])).toEqual({ client_id: clientId, deleted: true });
    expect(await runJson(["app", "list", "--db", db])).toEqual([]);
    expect((await run(["app", "show", clientId, "--db", db])).code).toBe(1);
  });

  it("create prints lines for a person: results on stdout, advice on stderr", async () => {
    const { code, stdout, stderr } = await run([
      "app",
      "create",
      "--db",
      database(),
      "--name",
      "Printer",
      "--redirect-uri",
      "http://localhost/",
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^client_id +[a-z0-9]{30}\nclient_secret +[A-Za-z0-9]{43}\nname +Printer\n/);
    expect(stderr).toMatch(/shown this once/);
  });

  it("create gives a public application no secret, and names an owner", async () => {
    const db = await databaseWith("ninja");
    const made = await runJson([
      "app",
      "create",
      "--db",
      db,
      "--name",
      "Phone",
      "--redirect-uri",
      "com.example.app:/cb",
      "--type",
      "public",
      "--owner",
      "ninja",
    ]);
    expect(made).toMatchObject({ type: "public", owner: "ninja" });
    expect(made).not.toHaveProperty("client_secret");
  });

  it.each([
    ["a redirect URI that is none", ["--name", "Printer", "--redirect-uri", "nonsense"], /redirect URI/i],
    ["a redirect URI over http", ["--name", "Printer", "--redirect-uri", "http://p.example/"], /https/],
    ["a name too short", ["--name", "P", "--redirect-uri", "http://localhost/"], /name/i],
    [
      "an owner who is not there",
      ["--name", "Printer", "--redirect-uri", "http://localhost/", "--owner", "nobody"],
      /no user nobody/,
    ],
  ])("create refuses %s with a sentence and makes nothing", async (_, args, sentence) => {
    const db = database();
    const { code, stdout, stderr } = await run(["app", "create", "--db", db, ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await runJson(["app", "list", "--db", db])).toEqual([]);
  });
});

describe("codegrant user", () => {
  it("create takes a password from stdin and never shows it", async () => {
    const db = database();
    const { code, stdout, stderr } = await run(["user", "create", "--db", db, "--login", "Ninja", "--password-stdin"], {
      input: `${password}\n`,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^login +ninja\nid +\S+\n$/);
    expect(stdout + stderr).not.toContain(password);
    const listed = await runJson(["user", "list", "--db", db]);
    expect(listed).toMatchObject([{ login: "ninja", display_name: "Ninja", has_password: true, disabled: false }]);
  });

  it("create without a password prints a link good once, whole with --issuer and as a path without", async () => {
    const db = database();
    const link = /^\/account\/password\?link=[A-Za-z0-9]{43}$/;
    const made: { password_link: { url: string } } = await runJson(["user", "create", "--db", db, "--login", "ninja"]);
    expect(made).toEqual({
      id: expect.any(String),
      login: "ninja",
      created_at: expect.any(String),
      password_link: { url: expect.stringMatching(link), expires_at: expect.any(String) },
    });
    const { stdout, stderr } = await run(["user", "reset", "ninja", "--db", db, "--issuer", "https://id.example.com"]);
    expect(stdout).toMatch(/^https:\/\/id\.example\.com\/account\/password\?link=[A-Za-z0-9]{43}\n$/);
    expect(stderr).toMatch(/once, until \d{4}-/);
    const withoutIssuer = await run(["user", "reset", "--login", "ninja", "--db", db]);
    expect(withoutIssuer.stdout.trim()).toMatch(link);
    expect(withoutIssuer.stderr).toMatch(/server's address before it/);
  });

  it("set-password reads stdin, and says what it ended", async () => {
    const db = await databaseWith("ninja");
    const changed = await run(["user", "set-password", "ninja", "--db", db, "--password-stdin"], { input: password });
    expect(changed).toMatchObject({ code: 0, stdout: "" });
    expect(changed.stderr).toMatch(/is set.*have ended/);
    expect(await runJson(["user", "list", "--db", db])).toMatchObject([{ has_password: true }]);
  });

  it.each([
    ["a short password", ["user", "set-password", "ninja", "--password-stdin"], "short\n", 1, /8 characters/],
    ["an empty stdin", ["user", "set-password", "ninja", "--password-stdin"], "", 2, /Stdin was empty/],
    ["bytes that are no UTF-8", ["user", "set-password", "ninja", "--password-stdin"], latin1, 2, /UTF-8/],
    ["no terminal to ask on", ["user", "set-password", "ninja"], "", 2, /--password-stdin/],
    ["a password as an argument", ["user", "set-password", "ninja", "--password", password], "", 2, /unknown option/],
    ["nobody's login", ["user", "reset", "nobody"], "", 1, /no user/],
    ["no login", ["user", "reset"], "", 2, /login is missing/],
    ["two logins", ["user", "reset", "ninja", "--login", "samurai"], "", 2, /Two different values/],
    ["a login that is taken", ["user", "create", "--login", "NINJA"], "", 1, /taken/],
    ["a login with a space", ["user", "create", "--login", "a b"], "", 1, /login/],
  ])("refuses %s with a sentence", async (_, args, input, code, sentence) => {
    const db = await databaseWith("ninja");
    const ended = await run([...args, "--db", db], { input });
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stderr).not.toContain(password);
  });
});

describe("codegrant scopes list", () => {
  it("describes every scope in words", async () => {
    const scopes: readonly { name: string; description: string }[] = await runJson(["scopes", "list"]);
    const names = scopes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["user_read", "chat_login", "user:read:email"]));
    expect(names).not.toContain("openid");
    expect(scopes.every(({ description }) => description.includes(" "))).toBe(true);
    expect((await run(["scopes", "list", "--dialect", "rfc6749"])).stdout).toMatch(
      /^SCOPE +LETS AN APPLICATION\nprofile /,
    );
  });
});

describe("the command line", () => {
  it.each([
    ["nothing", []],
    ["an unknown command", ["grow"]],
    ["an unknown option", ["app", "list", "--db", "x.db", "--colour"]],
    ["a command without its database", ["app", "list"]],
    ["an empty database name", ["app", "list", "--db", ""]],
    ["an empty database name to serve", ["serve", "--port", "0", "--db", ""]],
    ["an empty key file name", ["serve", "--port", "0", "--db", "x.db", "--key-file", ""]],
    ["a port that is none", ["serve", "--db", "x.db", "--port", "http"]],
    ["a port out of range", ["serve", "--db", "x.db", "--port", "65536"]],
    ["a dialect nobody speaks", ["serve", "--db", "x.db", "--port", "0", "--dialect", "klingon"]],
    [
      "a type that is none",
      ["app", "create", "--db", "x.db", "--name", "P", "--redirect-uri", "http://localhost/", "--type", "secret"],
    ],
  ])("with %s ends with 2 and a hint", async (_, args) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/--help|Usage/);
  });

  it.each([[["--help"]], [["serve", "--help"]], [["app", "create", "--help"]], [["user", "create", "--help"]]])(
    "%s shows an example and ends with 0",
    async (args) => {
      const { code, stdout } = await run(args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n +codegrant /);
    },
  );

  it("says in a sentence that its output cannot be written, and ends with 1", async () => {
    const { code, stderr } = await run(["scopes", "list"], { stdout: unwritable() });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The command was run, but its output cannot be written \(\w+\).+\n$/);
  });

  it("tells by its exit code alone where stderr cannot be written", async () => {
    expect((await run(["grow"], { stderr: unwritable() })).code).toBe(2);
  });

  it("does not make a database where a name was mistyped", async () => {
    const db = database();
    const { code, stderr } = await run(["app", "list", "--db", db]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `There is no database at ${db}. Check the name after --db.\n`,
    });
    expect(existsSync(db)).toBe(false);
  });

  it("says with --after where a long list goes on", async () => {
    const db = await databaseWith("ann", "ben", "cem");
    const first = await run(["user", "list", "--db", db, "--limit", "2", "--json"]);
    expect(JSON.parse(first.stdout)).toMatchObject([{ login: "ann" }, { login: "ben" }]);
    const after = /--after (\d+)/.exec(first.stderr)?.[1] ?? "";
    expect(await runJson(["user", "list", "--db", db, "--after", after])).toMatchObject([{ login: "cem" }]);
  });
});
