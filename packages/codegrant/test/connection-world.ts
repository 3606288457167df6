import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createApplication, createUser } from "@codegrant/server";
import { type Configuration, type DialectName, type RunningServer, startServer } from "codegrant";
import { onTestFinished } from "vitest";
import { bin, temporaryFolder } from "./command.ts";
import { createUserAgent, type UserAgent, type Walked } from "./user-agent.ts";

/** Our own server on a SQLite file, two users, and one machine from whose terminal connections are made. */
export interface World {
  readonly server: RunningServer;
  readonly url: string;
  readonly folder: string;
  /** Everything that any command got as an argument or printed. */
  readonly heard: string[];
  register(type?: "confidential" | "public"): Promise<Registered>;
  /** Starts a command and does not wait. */
  start(args: readonly string[], options?: StartOptions): Running;
  run(args: readonly string[], options?: StartOptions): Promise<Ended>;
}

export interface Registered {
  readonly id: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Whole, and then the end; without it stdin stays open. */
  readonly input?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  stderr(): string;
  /** Once stderr matches; throws if the command ends before. */
  said(pattern: RegExp): Promise<string>;
  /** What the stand-in for a browser was opened with. */
  opened(): Promise<string>;
  type(line: string): void;
  readonly ended: Promise<Ended>;
}

export const ninja = { login: "ninja", password: "correct horse battery" };
export const bot = { login: "robot", password: "another long password" };

export async function createWorld(
  dialect: DialectName,
  configuration: Configuration = {},
  issuer?: string,
): Promise<World> {
  const folder = temporaryFolder();
  const db = path.join(folder, "platform.db");
  const server = await startServer({
    db,
    port: 0,
    dialect,
    configuration,
    issuer,
    log: () => undefined,
    warn: () => undefined,
  });
  onTestFinished(() => server.close());
  for (const user of [ninja, bot]) await createUser(server.platform, user);
  const heard: string[] = [];
  const start = (args: readonly string[], options?: StartOptions) => startCommand(folder, heard, args, options);
  return {
    server,
    url: server.url,
    folder,
    heard,
    start,
    run: (args, options) => start(args, { input: "", ...options }).ended,
    async register(type = "confidential") {
      const redirectUri = `http://127.0.0.1:${await freePort()}/callback`;
      const registration = { name: "Kestrel", redirectUris: [redirectUri], type };
      const { application, clientSecret = "" } = await createApplication(server.platform, registration);
      return { id: application.id, clientId: application.clientId, clientSecret, redirectUri };
    },
  };
}

/** The user answers at the address, and the browser goes where it is sent: the page it ends at. */
export async function answer(
  url: string,
  decision: "approve" | "decline",
  user: typeof ninja = ninja,
  agent: UserAgent = createUserAgent(),
): Promise<{ readonly walked: Walked; readonly page: string; readonly address: string }> {
  const walked = await agent.walk(url, { ...user, decision });
  if (walked.left === undefined) return { walked, page: "", address: "" };
  const landed = await fetch(walked.left);
  return { walked, page: await landed.text(), address: landed.url };
}

export const dialects = ["twitch", "rfc6749"] as const;
export type Dialect = (typeof dialects)[number];

/** How a server is named on the command line in this dialect. */
export function at({ url }: World, dialect: Dialect): readonly string[] {
  return [dialect, "--server", url];
}

export function loginOf(
  world: World,
  dialect: Dialect,
  { clientId, redirectUri }: Registered,
  ...more: readonly string[]
): readonly string[] {
  const scope = dialect === "twitch" ? "user:read:email" : "profile";
  const options = ["--client-id", clientId, "--redirect-uri", redirectUri, "--scope", scope];
  return ["login", ...at(world, dialect), ...options, ...more];
}

export function withSecret({ clientSecret }: Registered): StartOptions {
  return { env: { CODEGRANT_CLIENT_SECRET: clientSecret } };
}

/** A connection that a user has approved. */
export async function connected(
  world: World,
  dialect: Dialect,
  application: Registered,
  { account = "default", user = ninja }: { readonly account?: string; readonly user?: typeof ninja } = {},
): Promise<void> {
  const login = world.start(loginOf(world, dialect, application, "--account", account), withSecret(application));
  await answer(await login.opened(), "approve", user);
  const { code, stderr } = await login.ended;
  if (code !== 0) throw new Error(`login ended with ${code}: ${stderr}`);
}

let browsers = 0;

function startCommand(
  folder: string,
  heard: string[],
  args: readonly string[],
  { env, input }: StartOptions = {},
): Running {
  const openedFile = path.join(folder, `opened-${browsers++}`);
  const stand = fileURLToPath(new URL("fixtures/browser.mjs", import.meta.url));
  const home = { HOME: folder, XDG_STATE_HOME: path.join(folder, "state"), CODEGRANT_CLIENT_SECRET: "" };
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: "pipe",
    env: { ...process.env, ...home, BROWSER: `${process.execPath} ${stand} ${openedFile}`, NO_COLOR: "1", ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const closed = once(child, "close") as Promise<[number | null]>;
  const ended = closed.then(([code]) => {
    heard.push(args.join(" "), stdout(), stderr());
    return { code, stdout: stdout(), stderr: stderr() };
  });
  if (input !== undefined) child.stdin.end(input);
  const said = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(stderr())) {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${stderr()}`);
      await Promise.race([once(child.stderr, "data"), closed]);
    }
    return stderr();
  };
  return {
    child,
    stderr,
    said,
    async opened() {
      await said(/browser was opened|enter the code/);
      while (!existsSync(openedFile)) await new Promise((resolve) => setTimeout(resolve, 20));
      const address = readFileSync(openedFile, "utf8");
      rmSync(openedFile);
      return address;
    },
    type: (line) => void child.stdin.write(`${line}\n`),
    ended,
  };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
