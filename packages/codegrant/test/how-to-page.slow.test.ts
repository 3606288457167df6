import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createApplication, createUser, disconnect } from "@codegrant/server";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { createBrowser } from "../../../examples/sample/src/browser.ts";
import { playUser } from "../../../examples/sample/src/robot.ts";
import { readTags } from "../../server/test/pages/markup.ts";
import { type DialectName, type RunningServer, startServer } from "../src/index.ts";
import { createUserAgent } from "./user-agent.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const developer = { login: "grace", password: "correct horse battery" };
const person = { login: "ada", password: "correct horse battery" };

mkdirSync(path.join(root, ".cache"), { recursive: true });
/** Below the root, so that the kit is found as it is by whoever installed it. */
const folder = mkdtempSync(path.join(root, ".cache", "how-to-"));
const servers: RunningServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Shown {
  readonly server: RunningServer;
  readonly redirectUri: string;
  readonly clientSecret: string;
  /** The programs as a signed-in developer reads them, in the order of the page. */
  readonly programs: readonly string[];
  readonly refresh: string;
  /** So that the next program asks the person again. */
  forget(): Promise<unknown>;
}

/** A platform with a developer's application, and the how-to as that developer sees it. */
async function show(dialect: DialectName, type: "confidential" | "public"): Promise<Shown> {
  const db = path.join(folder, `${dialect}.db`);
  const server = await startServer({ db, port: 0, dialect, log: () => undefined, warn: () => undefined });
  servers.push(server);
  const { id: ownerId } = await createUser(server.platform, developer);
  const { id: personId } = await createUser(server.platform, person);
  const redirectUri = `http://localhost:${await freePort()}/call'back?it=1`;
  const { application, clientSecret = "" } = await createApplication(server.platform, {
    name: "Photo printer",
    redirectUris: [redirectUri],
    type,
    ownerId,
  });
  const html = await readSignedIn(`${server.url}/docs/authorization-code?sign_in=1`);
  const textOf = (id: string): string => {
    const tag = readTags(html).find(({ attributes }) => attributes.get("id") === id);
    if (tag === undefined) throw new Error(`There is no ${id}`);
    const inner = new RegExp(`<code id="${id}">([^<]*)</code>`).exec(html)?.[1] ?? "";
    return decode(inner);
  };
  const programs = [0, 1, 2, 3, 4].map((index) => textOf(`program-${index}`));
  const forget = () => disconnect(server.platform, personId, application.id);
  return { server, redirectUri, clientSecret, programs, refresh: textOf("refresh"), forget };
}

async function readSignedIn(url: string): Promise<string> {
  const browser = createBrowser();
  const page = await browser.open({ url, method: "GET" });
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
  const body = new URLSearchParams({ csrf, ...developer }).toString();
  return (await browser.open({ url, method: "POST", body })).text;
}

function decode(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name = "") =>
    code === undefined ? (named[name as string] ?? "") : String.fromCodePoint(Number(code)),
  );
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "localhost");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  return typeof address === "object" && address ? address.port : 0;
}

/** Both TypeScript programs compiled strictly, as a reader's editor sees them; their JavaScript is what runs. */
function compile(files: Readonly<Record<string, string>>): string {
  for (const [name, code] of Object.entries(files)) writeFileSync(path.join(folder, name), code);
  const compilerOptions = { outDir: "out", rootDir: ".", composite: false, declaration: false };
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, include: ["*.ts"] }),
  );
  writeFileSync(path.join(folder, "package.json"), '{"type":"module"}');
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  return spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).stdout;
}

/** Starts a program and waits until it listens where the browser will come back to. */
async function start(command: string, args: readonly string[], shown: Shown): Promise<ChildProcess> {
  const env = { ...process.env, CLIENT_SECRET: shown.clientSecret };
  const child = spawn(command, args, { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (said += String(text)));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
  });
  const { hostname: host, port } = new URL(shown.redirectUri);
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${said}`);
    const socket = connect({ host, port: Number(port) });
    const isOpen = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${command} does not listen: ${said}`);
}

/** The whole of a person's dealings with a program: no, a foreign answer, yes. */
async function useProgram({ redirectUri, forget }: Shown): Promise<string> {
  await forget();
  const startUrl = `${new URL(redirectUri).origin}/`;
  const declined = await playUser({ startUrl, ...person, decision: "decline" });
  expect(declined.text).toBe("You said no, and that is fine.");
  const browser = createBrowser();
  const foreign = await browser.open({ url: `${redirectUri}&code=x&state=${"f".repeat(43)}`, method: "GET" });
  expect(foreign.status).toBe(400);
  const approved = await playUser({ startUrl, ...person, decision: "approve", browser });
  expect(approved.status).toBe(200);
  return approved.text;
}

const connected = /^Connected\. You allowed: \S+$/;

function isInstalled(command: string): boolean {
  const found = spawnSync(command, ["--version"]).error === undefined;
  if (!found) console.warn(`${command} is not installed here, so its program was NOT run.`);
  return found;
}

describe.each([
  ["twitch", "confidential"],
  ["rfc6749", "public"],
] as const)("/docs/authorization-code of a %s server, for a %s application", (dialect, type) => {
  let made: Promise<Shown> | undefined;
  const shown = (): Promise<Shown> => (made ??= show(dialect, type));

  it("shows TypeScript that compiles and runs, with our kit and without", async () => {
    const page = await shown();
    const files = { [`kit-${dialect}.ts`]: page.programs[1] ?? "", [`plain-${dialect}.ts`]: page.programs[2] ?? "" };
    expect(compile(files)).toBe("");
    for (const name of Object.keys(files)) {
      const child = await start(process.execPath, [path.join("out", name.replace(".ts", ".js"))], page);
      expect(await useProgram(page)).toMatch(connected);
      child.kill("SIGKILL");
      await once(child, "close");
    }
  }, 60_000);

  it("shows PHP that runs", async () => {
    if (!isInstalled("php")) return;
    const page = await shown();
    writeFileSync(path.join(folder, "connect.php"), page.programs[3] ?? "");
    await start("php", ["-S", new URL(page.redirectUri).host, "connect.php"], page);
    expect(await useProgram(page)).toMatch(connected);
  }, 60_000);

  it("shows Python that runs", async () => {
    if (!isInstalled("python3")) return;
    const page = await shown();
    writeFileSync(path.join(folder, "connect.py"), page.programs[4] ?? "");
    await start("python3", ["connect.py"], page);
    expect(await useProgram(page)).toMatch(connected);
  }, 60_000);

  it("shows a shell script with curl that runs, and says no where it should", async () => {
    const page = await shown();
    writeFileSync(path.join(folder, "connect.sh"), page.programs[0] ?? "");
    await page.forget();
    const agent = createUserAgent();
    const play = async (answer: (url: string) => Promise<string>) => {
      const env = { ...process.env, CLIENT_SECRET: page.clientSecret };
      const child = spawn("sh", [path.join(folder, "connect.sh")], { env, stdio: "pipe" });
      const ended = once(child, "close") as Promise<[number]>;
      let said = "";
      const first = new Promise<string>((resolve) => {
        child.stdout.on("data", (text) => {
          said += String(text);
          if (said.includes("\n")) resolve(said.split("\n", 1)[0] ?? "");
        });
      });
      child.stdin.end(`${await answer(await first)}\n`);
      const [code] = await ended;
      return { code, said };
    };
    const walk = (decision: "approve" | "decline") => async (url: string) =>
      (await agent.walk(url, { ...person, decision })).left?.href ?? "";

    expect((await play(async () => `${page.redirectUri}&code=x&state=other`)).code).toBe(1);
    const declined = await play(async (url) => walk("decline")(`${url}&prompt=consent&force_verify=true`));
    expect(declined).toMatchObject({ code: 2, said: expect.stringContaining("access_denied") });
    const approved = await play(walk("approve"));
    expect(approved.code).toBe(0);
    expect(approved.said).toMatch(/"access_token":"cga_/);
    if (dialect === "twitch") expect(approved.said).toContain('"login":"ada"');

    const refreshToken = /"refresh_token":"([^"]+)"/.exec(approved.said)?.[1] ?? "";
    const command = page.refresh.replace("REFRESH_TOKEN", refreshToken);
    const env = { ...process.env, CLIENT_SECRET: page.clientSecret };
    // Never at once and in turn: the server answers in this very process.
    const refreshed = await promisify(execFile)("sh", ["-c", command], { env, timeout: 10_000 });
    expect(JSON.parse(refreshed.stdout)).toMatchObject({ access_token: expect.stringMatching(/^cga_/) });
  }, 60_000);

  it("names addresses that are there, and the reader's own values", async () => {
    const page = await shown();
    const [script = ""] = page.programs;
    expect(script).toContain(`${page.server.url}/oauth2/authorize`);
    expect(script).toContain("call'\\''back?it=1");
    expect(script.includes("CLIENT_SECRET")).toBe(type === "confidential");
  });
});
