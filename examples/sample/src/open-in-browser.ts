/** Opens the page where a person would see it: on a terminal with a desktop. Says whether it tried. */
export async function openInBrowser(url: string): Promise<boolean> {
  if (!process.stdout.isTTY || !hasDesktop()) return false;
  try {
    const { default: open } = await import("open");
    const opener = await open(url);
    opener.once("error", () => undefined); // the address is on the screen all the same
    return true;
  } catch {
    return false;
  }
}

function hasDesktop(): boolean {
  if (process.env["CI"] || process.env["SSH_CONNECTION"]) return false;
  if (process.platform === "darwin" || process.platform === "win32") return true;
  return Boolean(process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]);
}
