import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createUserAgent } from "../packages/codegrant/test/user-agent.ts";
import { root } from "./tree.ts";

/** docs/start.md as a newcomer follows it, on other ports and in a folder of its own. */
const page = readFileSync(path.join(root, "docs", "start.md"), "utf8");
const folder = makeFolder();
const user = { login: "ninja", password: "a long password", decision: "approve" } as const;
const values = new Map<string, string>();
const children: ChildProcess[] = [];

beforeAll(async () => {
  const [platform, application] = [await freePort(), await freePort()];
  values.set("localhost:8080", `localhost:${platform}`).set("--port 8080", `--port ${platform}`);
  values.set("127.0.0.1:3000", `127.0.0.1:${application}`).set("listen(3000", `listen(${application}`);
  values.set(
    "npx --no-install codegrant",
    `"${process.execPath}" "${path.join(root, "packages/codegrant/bin/codegrant.js")}"`,
  );
});
afterAll(() => {
  for (const child of children) if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("docs/start.md, followed to the end", () => {
  it("runs a platform, makes a user and registers an application", async () => {
    start(block("sh", "codegrant serve"));
    await answers(filled("http://localhost:8080/healthz"));
    await shell(block("sh", "user create"));
    const registered = await shell(block("sh", "app create"));
    for (const name of ["client_id", "client_secret"]) {
      values.set(name.toUpperCase(), new RegExp(`${name}\\s+(\\S+)`).exec(registered)?.[1] ?? "");
    }
    expect(values.get("CLIENT_SECRET")).toMatch(/^\w{20,}$/);
  });

  it("gets a code by the address, exchanges it with curl, and uses the token", async () => {
    const { left } = await createUserAgent().walk(filled(block("text", "/oauth2/authorize?").trim()), user);
    expect(left?.href).toMatch(shapeOf(block("text", "?code=CODE")));
    values.set("code=CODE", `code=${left?.searchParams.get("code")}`);
    const answer = JSON.parse(await shell(block("sh", "grant_type=authorization_code"))) as Record<string, string>;
    expect(Object.keys(answer).toSorted()).toEqual(Object.keys(JSON.parse(block("json", "access_token"))).toSorted());
    values.set("ACCESS_TOKEN", answer["access_token"] ?? "");
    expect(JSON.parse(await shell(block("sh", "/oauth2/validate")))).toMatchObject({ login: "ninja" });
  });

  it("does the same with the client, in a program that runs as it stands", async () => {
    writeFileSync(path.join(folder, "connect.mjs"), filled(block("ts", "createServer")));
    start(`"${process.execPath}" connect.mjs`);
    const home = filled("http://127.0.0.1:3000/");
    const begun = await answers(home);
    const { left } = await createUserAgent().walk(begun.headers.get("location") ?? "", user);
    expect(await (await fetch(left ?? home)).text()).toBe("Connected: user:read:email");
  });

  it("names no command that is not one", async () => {
    expect(await shell("npx --no-install codegrant scopes list")).toContain("user:read:email");
    expect(await shell("npm run --loglevel=notice")).toContain("scripts/pack.mjs");
  });
});

/** The block of this language that has the text in it. */
function block(language: string, text: string): string {
  const blocks = [...page.matchAll(/^```(?<language>\w+)\n(?<code>[\s\S]*?)^```/gm)];
  const found = blocks.find(({ groups }) => groups?.["language"] === language && groups["code"]?.includes(text));
  if (found === undefined) throw new Error(`docs/start.md has no ${language} with "${text}" in it.`);
  return found.groups?.["code"] ?? "";
}

function filled(text: string): string {
  return [...values].reduce((result, [word, value]) => result.replaceAll(word, () => value), text);
}

/** An address of the page, with anything for the code. */
function shapeOf(text: string): RegExp {
  const address = filled(text.trim()).replace(/[.?+]/g, String.raw`\$&`);
  return new RegExp(`^${address.replace("CODE", "[^&]+")}$`);
}

function start(command: string): ChildProcess {
  const child = spawn("sh", ["-c", filled(command)], { cwd: folder, detached: true, stdio: "ignore" });
  children.push(child);
  return child;
}

async function shell(command: string): Promise<string> {
  const child = spawn("sh", ["-c", filled(command)], { cwd: command === "npm run" ? root : folder, timeout: 15_000 });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${filled(command)} ended with ${String(code)}: ${errors}`);
  return output;
}

async function answers(url: string): Promise<Response> {
  for (let tries = 0; tries < 150; tries++) {
    const answer = await fetch(url, { redirect: "manual" }).catch(() => undefined);
    if (answer !== undefined) return answer;
    await sleep(100);
  }
  throw new Error(`Nothing answers at ${url}.`);
}

/** Inside the repository, so that programs find the packages as they do there. */
function makeFolder(): string {
  mkdirSync(path.join(root, ".cache"), { recursive: true });
  return mkdtempSync(path.join(root, ".cache", "start-"));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
