import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** The command as a person starts it, in a process of its own: its build, whatever the sources say meanwhile. */
export const bin = fileURLToPath(new URL("../bin/codegrant.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly input?: string | Buffer;
  readonly env?: NodeJS.ProcessEnv;
  /** Without root's right to read and write everything, so that the modes of files mean something. */
  readonly boundByModes?: boolean;
  /** Where its stdout and stderr go instead, as descriptors; what goes there is not collected. */
  readonly stdout?: number;
  readonly stderr?: number;
}

export async function run(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const child = spawnCommand(args, options);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  child.stdin?.end(options.input ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: stdout(), stderr: stderr() };
}

/** The JSON a command prints; it must have gone well. */
export async function runJson(args: readonly string[], options: CommandOptions = {}): Promise<never> {
  const { code, stdout, stderr } = await run([...args, "--json"], options);
  if (code !== 0) throw new Error(`codegrant ${args.join(" ")} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as never;
}

export interface Serving {
  readonly url: string;
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** A server on a free port, ready; it is gone after the test. */
export async function serve(args: readonly string[], options: CommandOptions = {}): Promise<Serving> {
  const child = spawnCommand(["serve", "--port", "0", ...args], options);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const ended = once(child, "close") as Promise<[number | null]>;
  onTestFinished(() => void child.kill("SIGKILL"));
  while (!stdout().includes("\n")) {
    const more = child.stdout ? once(child.stdout, "data") : Promise.reject(new Error("no stdout"));
    const [code] = (await Promise.race([more.then(() => [-1]), ended])) as [number | null];
    if (code !== -1) throw new Error(`serve ended with ${code}: ${stderr()}`);
  }
  const url = / at (\S+)/.exec(stdout())?.[1] ?? "";
  return {
    url,
    child,
    stdout,
    stderr,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

/** A descriptor that takes no writing, as that of a full disk. */
export function unwritable(): number {
  const descriptor = openSync(bin, "r");
  onTestFinished(() => closeSync(descriptor));
  return descriptor;
}

/** A descriptor that takes writing until `fill`; then whoever reads it has stopped reading. */
export function stalled(): { readonly descriptor: number; fill(): void } {
  const file = path.join(temporaryFolder(), "pipe");
  execFileSync("mkfifo", [file]);
  const descriptor = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(descriptor));
  return {
    descriptor,
    fill() {
      for (const size of [4096, 1]) writeUntilFull(descriptor, Buffer.alloc(size));
    },
  };
}

function writeUntilFull(descriptor: number, chunk: Buffer): void {
  try {
    for (;;) writeSync(descriptor, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
  }
}

/** A folder of the test's own; it is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "codegrant-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function spawnCommand(args: readonly string[], options: CommandOptions): ChildProcess {
  const { env, boundByModes = false, stdout = "pipe", stderr = "pipe" } = options;
  const command = [process.execPath, bin, ...args];
  const [program = "", ...rest] = boundByModes ? [...withoutOverride(), ...command] : command;
  return spawn(program, rest, { stdio: ["pipe", stdout, stderr], env: { ...process.env, NO_COLOR: "1", ...env } });
}

/** Root reads and writes whatever the modes say, unless it gives that right up. */
function withoutOverride(): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const rights = "-dac_override,-dac_read_search";
  return ["setpriv", `--inh-caps=${rights}`, `--bounding-set=${rights}`];
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
