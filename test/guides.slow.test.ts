import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  connect,
  createMemoryStore,
  finishAuthorization,
  revealTokens,
  startAuthorization,
  twitch,
} from "@codegrant/client";
import { createTestProvider } from "@codegrant/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { run, runJson, serve, temporaryFolder } from "../packages/codegrant/test/command.ts";
import { root } from "./tree.ts";

/** What the guides have people type and save, done. */
describe("docs/guides/platform.md", () => {
  const guide = pageOf("platform.md");
  const commands = guide.commands.map((line) => line.split("codegrant ").at(-1) ?? "");

  it("has a configuration that the server takes, a user, and applications of both kinds", async () => {
    const folder = temporaryFolder();
    const at = (name: string): string => path.join(folder, name);
    writeFileSync(at("platform.json"), guide.block("json"));
    const words = (begins: string, line = commands.find((command) => command.startsWith(begins)) ?? ""): string[] => {
      const places: Record<string, string> = {
        "platform.db": at("platform.db"),
        "platform.json": at("platform.json"),
        "/etc/codegrant/platform.keys": at("platform.keys"),
      };
      return wordsOf(line).map((word) => places[word] ?? word);
    };

    const { url } = await serve(words("serve ").slice(3));
    expect(url).toBe("https://id.photos.example");
    const made = await run(words("user create"), { input: "a long password\n" });
    expect(made.stderr).toBe("");
    expect((await run(words("user reset"))).stdout).toContain("https://id.photos.example/");
    for (const line of commands.filter((command) => command.startsWith("app create"))) {
      const application = await runJson(words("", line));
      expect(application).toHaveProperty("client_id");
    }
    expect((await run(["app", "list", "--db", at("platform.db")])).stdout).toContain("Photo printer");
  });
});

describe("docs/guides/twitch-of-ones-own.md", () => {
  const guide = pageOf("twitch-of-ones-own.md");

  it("has a container that serves under the network's name", async () => {
    const [, list = "[]"] = /^CMD (\[[\s\S]*?\])$/m.exec(guide.block("dockerfile").replaceAll("\\\n", "")) ?? [];
    const [npx, codegrant, command, ...words] = JSON.parse(list) as string[];
    expect([npx, codegrant, command]).toEqual(["npx", "codegrant", "serve"]);
    const places: Record<string, string> = { "/data/twitch.db": path.join(temporaryFolder(), "twitch.db") };
    const options = words
      .map((word) => places[word] ?? word)
      .filter((word, index, all) => ![word, all[index - 1]].includes("--port"));
    const { stdout, stderr } = await serve(options);
    expect(stdout()).toContain("http://twitch:8080");
    expect(stderr()).toMatch(/http/);
  });
});

describe("docs/guides/taking-tokens-along.md", () => {
  it("has a program after which nobody is asked again", async () => {
    const provider = await createTestProvider("twitch");
    const scopes = ["chat:read"];
    const { redirectUri = "" } = provider.options;
    const begun = await startAuthorization(twitch, { ...provider.client, redirectUri, scopes });
    const callback = new URL((await provider.visit(begun.url)) ?? "");
    const old = await finishAuthorization(twitch, provider.client, begun.pending, callback, provider.options);
    if (old.status !== "approved") throw new Error(`The old program got no token: ${old.status}.`);

    const store = createMemoryStore();
    const code = pageOf("taking-tokens-along.md").block("ts").replace("CLIENT_ID", provider.client.clientId);
    const { takeAlong } = await moduleOf(code);
    await takeAlong(store, "ada", { ...revealTokens(old.tokens), expiresAt: 0 });

    const connection = connect(twitch, { ...provider.options, scopes, store }).account("ada");
    provider.user.answer = "leave";
    expect(await connection.login()).toMatchObject({ status: "approved", account: "ada" });
    expect((await connection.fetch("/helix/users")).status).toBe(200);
  });
});

/** The program as it stands, where its imports are found. */
async function moduleOf(code: string): Promise<{ takeAlong(...args: unknown[]): Promise<void> }> {
  const cache = path.join(root, ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(path.join(cache, "guide-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, "program.ts"), code);
  return (await import(path.join(folder, "program.ts"))) as Awaited<ReturnType<typeof moduleOf>>;
}

interface GuidePage {
  /** The lines of its `sh` blocks. */
  readonly commands: readonly string[];
  block(language: string): string;
}

function pageOf(name: string): GuidePage {
  const text = readFileSync(path.join(root, "docs", "guides", name), "utf8");
  const blocks = [...text.matchAll(/^```(?<language>\w+)\n(?<code>[\s\S]*?)^```/gm)].map(({ groups }) => groups ?? {});
  const of = (language: string): string[] =>
    blocks.filter((block) => block["language"] === language).map((block) => block["code"] ?? "");
  return {
    commands: of("sh").flatMap((code) => code.trim().split("\n")),
    block(language) {
      const [code] = of(language);
      if (code === undefined) throw new Error(`${name} has no block of ${language}.`);
      return code;
    },
  };
}

/** As a shell splits them, double quotes included. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
