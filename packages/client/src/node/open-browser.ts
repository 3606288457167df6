import { spawn } from "node:child_process";

/**
 * Opens an address in the system's browser. No shell is involved and the address is one argument, so nothing in it is
 * ever run; only http(s) addresses pass. False if no browser could be started, and then the person opens it.
 */
export async function openBrowser(address: string, run: RunProgram = runDetached): Promise<boolean> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) return false;
  const [program, ...before] = launchers[process.platform] ?? ["xdg-open"];
  // As it is, not as the URL parser writes it: the provider compares bytes. It begins with http, so it is no option.
  return /[\p{Cc}\s]/u.test(address) ? false : await run(program ?? "xdg-open", [...before, address]);
}

export type RunProgram = (program: string, parameters: readonly string[]) => Promise<boolean>;

/** `start` of Windows is a command of its shell, which would read `&` in an address; this one is a program. */
const launchers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** The launcher may stay, as browsers do: one second without an error counts as started. */
const graceMilliseconds = 1_000;

function runDetached(program: string, parameters: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, { stdio: "ignore", detached: true });
    const timer = setTimeout(() => resolve(true), graceMilliseconds);
    const settle = (isStarted: boolean): void => {
      clearTimeout(timer);
      resolve(isStarted);
    };
    child.once("error", () => settle(false));
    child.once("exit", (code) => settle(code === 0));
    child.unref();
  });
}
