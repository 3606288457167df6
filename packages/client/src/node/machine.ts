import type { Machine } from "../connect/machine.ts";
import { listenForCallback } from "./listen.ts";
import { openBrowser } from "./open-browser.ts";
import { identifyProcess, isProcessGone } from "./process-identity.ts";
import { formatPrompt } from "./prompt-words.ts";

/** This machine: its browser, its ports, its processes, and the terminal's standard error for what a person must see. */
export function createMachine(): Machine {
  return {
    process: identifyProcess(),
    isGone: isProcessGone,
    openBrowser: (url) => openBrowser(url),
    listen: listenForCallback,
    tell(prompt) {
      process.stderr.write(`${formatPrompt(prompt)}\n`);
    },
  };
}
