import { spawn } from "node:child_process";
import type { Machine } from "@codegrant/client";
import { createMachine } from "@codegrant/client/node";

/**
 * This machine, with the browser that `BROWSER` names, as xdg-open has it: programs separated by colons, of which the
 * first that starts is taken. No shell reads them. Without it the system's, and none where no screen is.
 */
export function createTerminalMachine(env: NodeJS.ProcessEnv): Machine {
  const machine = createMachine();
  const browsers = (env["BROWSER"] ?? "").split(":").filter((one) => one.trim() !== "");
  if (browsers.length > 0) return { ...machine, openBrowser: (url) => startFirst(browsers, url) };
  return hasScreen(env) ? machine : { ...machine, openBrowser: async () => false };
}

/** Over SSH and in containers, xdg-open would start a browser for terminals, which nobody sees. */
function hasScreen(env: NodeJS.ProcessEnv): boolean {
  if (process.platform === "darwin" || process.platform === "win32") return true;
  return [env["DISPLAY"], env["WAYLAND_DISPLAY"]].some((screen) => screen !== undefined && screen !== "");
}

async function startFirst(browsers: readonly string[], url: string): Promise<boolean> {
  if (!/^https?:\/\/[^\p{Cc}\s]+$/u.test(url)) return false;
  for (const browser of browsers) {
    const [program = "", ...words] = browser.trim().split(/\s+/);
    const isPlaced = words.some((word) => word.includes("%s"));
    const parameters = words.map((word) => word.replaceAll("%s", () => url));
    if (await start(program, isPlaced ? parameters : [...words, url])) return true;
  }
  return false;
}

/** A browser may stay: a second without an error counts as started. */
function start(program: string, parameters: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { stdio: "ignore", detached: true });
    const timer = setTimeout(() => resolve(true), 1_000);
    const settle = (isStarted: boolean): void => {
      clearTimeout(timer);
      resolve(isStarted);
    };
    child.once("error", () => settle(false));
    child.once("exit", (code) => settle(code === 0));
    child.unref();
  });
}
