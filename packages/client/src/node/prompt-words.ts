import type { LoginPrompt } from "../connect/connection.ts";

/** What a prompt says at a terminal. */
export function formatPrompt(prompt: LoginPrompt): string {
  if (prompt.kind === "redirect_uri") return `Register this redirect URI, exactly: ${prompt.redirectUri}`;
  if (prompt.kind === "open") {
    const before = prompt.isOpened ? "Your browser was opened. If it shows nothing, open" : "Open";
    return `${before} this address:\n  ${prompt.url}`;
  }
  if (prompt.kind === "device") return `Open ${prompt.url}\nand check or enter the code ${prompt.userCode}`;
  if (prompt.kind === "nothing_yet") {
    return `No answer has come yet. The likely causes:\n${prompt.causes.map((cause) => `  - ${cause}`).join("\n")}`;
  }
  if (prompt.kind === "stray")
    return `Something came that is no answer to this login (${prompt.error.code}). Waiting on.`;
  return "Another process is asking for this login already. Waiting for its answer.";
}
