import path from "node:path";
import { describe, expect, it } from "vitest";
import { run, runJson, temporaryFolder } from "./command.ts";

type Shown = Readonly<Record<string, unknown>>;

const database = (): string => path.join(temporaryFolder(), "platform.db");
const redirect = ["--redirect-uri", "https://a.example/cb"];

async function registered(db: string, ...args: readonly string[]): Promise<{ id: string; secret: string }> {
  const made: Shown = await runJson(["app", "create", "--db", db, "--name", "Photo printer", ...redirect, ...args]);
  return { id: String(made["client_id"]), secret: String(made["client_secret"]) };
}

const show = (db: string, id: string): Promise<Shown> => runJson(["app", "show", id, "--db", db]);

const everySwitch = ["--pkce", "required", "--refresh-rotation", "off", "--on-reuse", "refuse"]
  .concat(["--category", "Printing", "--scope", "chat:read chat:edit", "--scope", "user_read"])
  .concat(["--optional-scope", "chat:edit", "--trusted"])
  .concat(["--access-token-lifetime", "30m", "--refresh-token-lifetime", "7d"]);

describe("codegrant app create", () => {
  it("takes every switch, and show tells all of them", async () => {
    const db = database();
    const { id } = await registered(db, ...everySwitch);
    expect(await show(db, id)).toMatchObject({
      pkce: "required",
      refresh_rotation: "off",
      on_reuse: "refuse",
      category: "Printing",
      allowed_scopes: ["chat:read", "chat:edit", "user_read"],
      optional_scopes: ["chat:edit"],
      trusted: true,
      access_token_lifetime_seconds: 1_800,
      refresh_token_lifetime_seconds: 604_800,
      secrets: [{ created_at: expect.any(String) }],
    });
    const { stdout } = await run(["app", "show", id, "--db", db]);
    expect(stdout).toMatch(/^trusted +yes$/m);
    expect(stdout).toMatch(/^allowed_scopes +chat:read$/m);
  });

  it("makes a resource server without a redirect URI, and a public application with origins", async () => {
    const db = database();
    const api = ["--name", "Photo API", "--resource-server", "--resource", "https://api.example/"];
    expect(await runJson(["app", "create", "--db", db, ...api])).toMatchObject({
      resource_server: true,
      resources: ["https://api.example/"],
      redirect_uris: [],
    });
    const { id } = await registered(db, "--type", "public", "--origin", "https://a.example");
    const shown = await show(db, id);
    expect(shown).toMatchObject({ origins: ["https://a.example"] });
    expect(shown).not.toHaveProperty("secrets");
  });

  it.each([
    ["a trusted public one", ["--type", "public", "--trusted"], 1, /can be trusted/],
    ["a trusted one on loopback", ["--trusted", "--redirect-uri", "http://localhost/"], 1, /can be trusted/],
    ["a scope that nobody knows", ["--scope", "chat:reed"], 1, /codegrant scopes list/],
    ["an origin of a confidential one", ["--origin", "https://a.example"], 1, /public application/],
    ["a lifetime without meaning", ["--access-token-lifetime", "soon"], 2, /such as 90s, 30m, 4h or 7d/],
    ["a lifetime out of bounds", ["--access-token-lifetime", "300d"], 1, /60 days/],
  ])("refuses %s with a sentence", async (_, args, code, sentence) => {
    const ended = await run(["app", "create", "--db", database(), "--name", "Printer", ...redirect, ...args]);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toMatch(sentence);
  });
});

describe("codegrant app change", () => {
  it("changes what is named, takes back what is unset, and leaves the rest", async () => {
    const db = database();
    const { id } = await registered(db, "--pkce", "required", "--on-reuse", "refuse");
    const before = await show(db, id);
    const changed: Shown = await runJson([
      "app",
      "change",
      id,
      "--db",
      db,
      "--name",
      "Copier",
      "--refresh-rotation",
      "off",
      "--unset",
      "pkce",
    ]);
    const { pkce: _, ...rest } = before;
    expect(changed).toEqual({ ...rest, name: "Copier", refresh_rotation: "off" });
    expect(await show(db, id)).toEqual(changed);
    const uris = ["--redirect-uri", "https://b.example/cb", "--redirect-uri", "http://localhost/"];
    expect(await runJson(["app", "change", id, "--db", db, ...uris])).toMatchObject({
      redirect_uris: ["https://b.example/cb", "http://localhost/"],
    });
  });

  it.each([
    ["nothing to change", [], 2, /Say what to change/],
    ["a setting both given and unset", ["--pkce", "required", "--unset", "pkce"], 2, /contradict/],
    ["a setting that is none to unset", ["--unset", "colour"], 2, /one of: pkce, /],
    ["loopback for a trusted one", ["--redirect-uri", "http://localhost/"], 1, /can be trusted/],
  ])("refuses %s with a sentence and changes nothing", async (_, args, code, sentence) => {
    const db = database();
    const { id } = await registered(db, "--trusted");
    const before = await show(db, id);
    const ended = await run(["app", "change", id, "--db", db, ...args]);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toMatch(sentence);
    expect(await show(db, id)).toEqual(before);
  });

  it("by two at the same moment keeps both changes", async () => {
    const db = database();
    const { id } = await registered(db);
    const change = (...args: readonly string[]) => run(["app", "change", id, "--db", db, ...args]);
    const ended = await Promise.all([change("--pkce", "required"), change("--on-reuse", "refuse")]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(await show(db, id)).toMatchObject({ pkce: "required", on_reuse: "refuse" });
  });
});

describe("codegrant app rotate-secret", () => {
  it("shows another secret once and says until when the old one is good", async () => {
    const db = database();
    const { id, secret } = await registered(db);
    const rotated: Shown = await runJson(["app", "rotate-secret", id, "--db", db, "--overlap", "14"]);
    expect(rotated).toEqual({
      client_id: id,
      client_secret: expect.stringMatching(/^[A-Za-z0-9]{43}$/),
      old_secret_expires_at: expect.any(String),
    });
    expect(rotated["client_secret"]).not.toBe(secret);
    const shown = await show(db, id);
    expect(shown["secrets"]).toEqual([
      { created_at: expect.any(String) },
      { created_at: expect.any(String), expires_at: rotated["old_secret_expires_at"] },
    ]);
    expect(JSON.stringify(shown)).not.toContain(rotated["client_secret"]);
  });

  it("ends every earlier secret with --now", async () => {
    const db = database();
    const { id } = await registered(db);
    const { stdout, stderr } = await run(["app", "rotate-secret", id, "--db", db, "--now"]);
    expect(stdout).toMatch(/^client_id +\S+\nclient_secret +[A-Za-z0-9]{43}\n$/);
    expect(stderr).toMatch(/No earlier secret is good any more/);
    expect((await show(db, id))["secrets"]).toHaveLength(1);
  });

  it.each([
    ["31 days", ["--overlap", "31"], 2, /from 0 to 30/],
    ["both answers", ["--overlap", "3", "--now"], 2, /cannot be used with/],
  ])("refuses %s", async (_, args, code, sentence) => {
    const ended = await run(["app", "rotate-secret", "x", "--db", "x.db", ...args]);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(sentence);
  });

  it("is refused for a public application, which has none", async () => {
    const db = database();
    const { id } = await registered(db, "--type", "public");
    const { code, stderr } = await run(["app", "rotate-secret", id, "--db", db]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/public application has no secret/);
  });
});

describe("codegrant app disable and enable", () => {
  it("are each other's opposite and say what they mean for tokens", async () => {
    const db = database();
    const { id } = await registered(db);
    const disabled = await run(["app", "disable", id, "--db", db]);
    expect(disabled).toMatchObject({ code: 0, stdout: "" });
    expect(disabled.stderr).toMatch(/inactive until it is enabled/);
    expect(await show(db, id)).toMatchObject({ disabled: true });
    expect(await runJson(["app", "enable", id, "--db", db])).toEqual({ client_id: id, disabled: false });
    expect(await show(db, id)).toMatchObject({ disabled: false });
  });
});
