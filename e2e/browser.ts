import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type LaunchOptions } from "@playwright/test";

/**
 * Launch options for a Chromium that exists on this machine, without downloading one: the one asked for by
 * BROWSER_PATH, else Playwright's own, else on Linux x64 the one inside the npm package, else one on PATH,
 * else Edge on Windows and Chrome elsewhere.
 */
export async function findBrowser(): Promise<LaunchOptions> {
  const asked = process.env["BROWSER_PATH"];
  if (asked) return { executablePath: asked, args };
  if (fs.existsSync(chromium.executablePath())) return { args };
  if (process.platform === "linux" && process.arch === "x64") return { executablePath: await unpackedChromium(), args };
  const installed = onPath(["chromium", "chromium-browser", "google-chrome"]);
  if (installed) return { executablePath: installed, args };
  return { channel: process.platform === "win32" ? "msedge" : "chrome", args };
}

// Chromium refuses to run as root inside its own sandbox. No other flag: security must be as in a real browser.
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

/** Unpacks the package's Chromium once, outside node_modules, which `npm ci` empties. */
async function unpackedChromium(): Promise<string> {
  const version = packageVersion();
  const folder = fileURLToPath(new URL(`../.cache/chromium-${version}`, import.meta.url));
  const executable = path.join(folder, "chromium");
  if (fs.existsSync(executable)) return executable;

  // Unpacked beside it and renamed when whole, so that no other process ever starts half a browser.
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const unfinished = fs.mkdtempSync(`${folder}-`);
  const { default: packed } = await import("@sparticuz/chromium");
  await withTemporaryFolder(unfinished, () => packed.executablePath());
  try {
    fs.renameSync(unfinished, folder);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    if (!fs.existsSync(executable)) throw error; // otherwise another process was quicker
  }
  return executable;
}

function packageVersion(): string {
  const manifest = new URL("../node_modules/@sparticuz/chromium/package.json", import.meta.url);
  const { version } = JSON.parse(fs.readFileSync(manifest, "utf8")) as { version: string };
  return version;
}

/** The package unpacks into the system's temporary folder, under a name it shares with every other user of it. */
async function withTemporaryFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) => fs.existsSync(file));
}
