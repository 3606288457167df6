import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Provider } from "../../src/index.ts";

const script = fileURLToPath(new URL("../children/bot.mjs", import.meta.url));

export interface Answer {
  readonly value?: string;
  readonly error?: string;
}

export interface Bot {
  /** Writes the line and waits for what comes back; the build is what runs there. */
  ask(line: string): Promise<Answer>;
  /** Addresses that its browser was sent to. */
  readonly opened: readonly string[];
  kill(): Promise<void>;
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "codegrant-fleet-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "tokens");
}

/** A process of its own, killed with the test at the latest. */
export function startBot(folder: string, provider: Provider): Bot {
  const child = spawn(process.execPath, [script, JSON.stringify({ folder, provider })], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => kill(child));
  const opened: string[] = [];
  const waiting: ((answer: Answer) => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const message = JSON.parse(line) as Answer & { readonly opened?: string };
    if (message.opened === undefined) waiting.shift()?.(message);
    else opened.push(message.opened);
  });
  return {
    opened,
    ask: (line) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        child.stdin.write(`${line}\n`);
      }),
    kill: () => kill(child),
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
